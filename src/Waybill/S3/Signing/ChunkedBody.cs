using System.IO.Pipelines;

namespace Waybill.S3.Signing;

/// <summary>
/// The bytes inside an <c>aws-chunked</c> body. Reading fails with <see cref="RefusedException"/> where the framing, a signature, the
/// length or the checksum is wrong, before the end is told: who stores at the end stores nothing.
/// </summary>
/// <remarks>Hot: bytes are copied once, from the request's pipe to this one's. It reads on only when its reader has looked at everything,
/// so it holds one batch of the request more than its reader does.</remarks>
sealed class ChunkedBody(PipeReader request, ChunkDecoder decoder) : PipeReader
{
    readonly Pipe decoded = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: 0,
        minimumSegmentSize: 64 << 10,
        useSynchronizationContext: false));

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ReadResult read;
        while (!decoded.Reader.TryRead(out read))
            await DecodeAsync(await request.ReadAsync(cancellationToken), cancellationToken);
        return read;
    }

    public override bool TryRead(out ReadResult result) => decoded.Reader.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => decoded.Reader.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => decoded.Reader.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => request.CancelPendingRead();

    /// <summary>The request's own pipe stays its owner's.</summary>
    public override void Complete(Exception? exception = null)
    {
        decoded.Writer.Complete();
        decoded.Reader.Complete(exception);
        decoder.Dispose();
    }

    async ValueTask DecodeAsync(ReadResult read, CancellationToken ct)
    {
        if (read.IsCanceled)
            throw new OperationCanceledException("Reading the body was cancelled.");
        var consumed = decoder.Decode(read.Buffer, decoded.Writer);
        request.AdvanceTo(consumed, read.Buffer.End);
        if (decoder.Refusal is null && read.IsCompleted)
            decoder.End();
        if (decoder.Refusal is { } refusal)
            throw refusal.Exception();
        await decoded.Writer.FlushAsync(ct);
        if (read.IsCompleted)
            await decoded.Writer.CompleteAsync();
    }
}
