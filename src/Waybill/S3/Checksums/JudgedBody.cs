using System.Buffers;
using Waybill.Objects;
using Waybill.Protocols;
using Waybill.S3.Signing;

namespace Waybill.S3.Checksums;

/// <summary>A body that is held to what its request said of it: a checksum in a header, the hash that was signed. What came in a
/// trailer was checked by who read the body.</summary>
sealed class JudgedBody(AnnouncedChecksum? announced, S3Payload payload) : IDisposable
{
    readonly BodyChecksum? running = payload.TrailingKind is null && announced is { Kind: not ChecksumKind.Sha256 } ? new(announced.Kind) : null;

    /// <summary>The checksum of what was received; null when none was asked for.</summary>
    public StoredChecksum? Result { get; private set; }

    public BodyCheck Check => new(running is null ? null : Append, Judge);

    public void Dispose() => running?.Dispose();

    void Append(ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
            running!.Append(segment.Span);
    }

    /// <exception cref="RefusedException"><c>BadDigest</c> or <c>XAmzContentSHA256Mismatch</c>.</exception>
    void Judge(Sha256Digest sha256, Md5Digest md5)
    {
        if (payload.Sha256 is { } signed && signed != sha256)
            throw new RefusedException("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.");
        if (payload.TrailingKind is { } trailing)
            Result = payload.TrailingChecksum() is { } known ? new(trailing, known) : null;
        else if (announced is not null)
            Result = new(announced.Kind, running?.Finish() ?? Convert.ToBase64String(sha256.ToBytes()));
        if (announced?.Value is { } expected && expected != Result?.Value)
            throw new RefusedException("BadDigest", $"The {announced.Kind.Name()} you specified did not match the calculated checksum.");
    }
}
