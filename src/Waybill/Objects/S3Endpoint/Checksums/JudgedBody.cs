using Waybill.Protocols;

namespace Waybill.Objects.S3Endpoint.Checksums;

/// <summary>A body that is held to what its request said of it, whether in a header, in a trailer or in its signature.</summary>
sealed class JudgedBody(AnnouncedChecksum? announced, S3Payload payload) : IDisposable
{
    readonly RunningChecksum? running = announced is { Kind: not ChecksumKind.Sha256 } ? new(announced.Kind) : null;

    /// <summary>The checksum of what was received; null when none was asked for.</summary>
    public StoredChecksum? Result { get; private set; }

    public BodyCheck Check => new(running is null ? null : running.Append, Judge);

    public void Dispose() => running?.Dispose();

    /// <exception cref="RefusedException"><c>BadDigest</c> or <c>XAmzContentSHA256Mismatch</c>.</exception>
    void Judge(Sha256Digest sha256, Md5Digest md5)
    {
        if (payload.Sha256 is { } signed && signed != sha256)
            throw new RefusedException("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.");
        if (announced is null)
            return;
        var value = Convert.ToBase64String(running?.Finish() ?? sha256.ToBytes());
        var expected = announced.Value ?? payload.Trailer(announced.Kind.Header());
        if (expected is not null && expected != value)
            throw new RefusedException("BadDigest", $"The {announced.Kind.Name()} you specified did not match the calculated checksum.");
        Result = new(announced.Kind, value);
    }
}
