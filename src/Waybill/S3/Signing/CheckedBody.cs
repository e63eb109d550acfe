using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Waybill.Objects;

namespace Waybill.S3.Signing;

/// <summary>A body that must have the hash that was signed. Reading fails with <see cref="RefusedException"/> instead of telling the end.</summary>
/// <remarks>Hot: bytes are hashed where they lie, each once, when they are first shown.</remarks>
sealed class CheckedBody(PipeReader request, Sha256Digest expected) : PipeReader
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    ReadOnlySequence<byte> shown;
    long hashed;
    bool ended;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        Look(await request.ReadAsync(cancellationToken));

    public override bool TryRead(out ReadResult result)
    {
        var read = request.TryRead(out result);
        if (read)
            Look(result);
        return read;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        hashed -= shown.Slice(0, consumed).Length;
        shown = default;
        request.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => request.CancelPendingRead();

    /// <summary>The request's own pipe stays its owner's.</summary>
    public override void Complete(Exception? exception = null) => hash.Dispose();

    ReadResult Look(ReadResult read)
    {
        shown = read.Buffer;
        foreach (var segment in shown.Slice(hashed))
            hash.AppendData(segment.Span);
        hashed = shown.Length;
        if (!read.IsCompleted || ended)
            return read;
        ended = true;
        Span<byte> digest = stackalloc byte[Sha256Digest.Length];
        hash.GetHashAndReset(digest);
        return Sha256Digest.FromBytes(digest) == expected
            ? read
            : throw new Refusal("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.").Exception();
    }
}
