using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;

namespace Waybill.Objects;

/// <summary>One body in batches as it arrives, held to its announced size. A batch stays valid until it is no
/// longer kept. A connection that breaks is a cancellation, not a failure of ours.</summary>
sealed class BodyReader(PipeReader body, Intake intake)
{
    public const int SmallBatch = 64 << 10;

    const int LargeBatch = 256 << 10;
    const int LargestBatch = 512 << 10;

    // Only who fills batches this fast may hold large ones, so that thousands of slow devices hold little.
    static readonly TimeSpan Prompt = TimeSpan.FromMilliseconds(20);

    int batchSize = SmallBatch;
    long kept;
    long received;
    ReadOnlySequence<byte>? reading;

    /// <summary>The next bytes; none when the body has ended as announced.</summary>
    public async ValueTask<ReadOnlySequence<byte>> ReadAsync(CancellationToken ct)
    {
        var asked = Stopwatch.GetTimestamp();
        var read = await ReadPipeAsync((int)kept + batchSize, ct);
        batchSize = Stopwatch.GetElapsedTime(asked) < Prompt ? LargeBatch : SmallBatch;
        reading = read.Buffer;
        var batch = read.Buffer.Slice(kept);
        received += Math.Min(batch.Length, LargestBatch);
        Check(ended: read.IsCompleted && batch.Length <= LargestBatch);
        return batch.Length <= LargestBatch ? batch : batch.Slice(0, LargestBatch);
    }

    /// <summary>Gives back all but the last bytes that are still in use, this batch among them. Their room counts as free from now on, so the
    /// sender is not held up while they are worked on.</summary>
    public void Keep(ReadOnlySequence<byte> batch, long inUse)
    {
        var handedOut = kept + batch.Length;
        body.AdvanceTo(reading!.Value.GetPosition(handedOut - inUse), batch.End);
        kept = inUse;
        reading = null;
    }

    /// <summary>Gives back everything.</summary>
    public void Release()
    {
        if (reading is { } rest)
            body.AdvanceTo(rest.End);
        reading = null;
    }

    async ValueTask<ReadResult> ReadPipeAsync(int minimum, CancellationToken ct)
    {
        try
        {
            var read = await body.ReadAtLeastAsync(minimum, ct);
            return read.IsCanceled ? throw new OperationCanceledException("Reading the body was cancelled.") : read;
        }
        catch (IOException e)
        {
            throw new OperationCanceledException("The connection broke within the body.", e, ct);
        }
    }

    void Check(bool ended)
    {
        if (received > intake.MaximumSize)
            throw new RefusedException("too_large", $"The body is longer than the allowed {intake.MaximumSize} bytes.");
        if (intake.ExpectedSize is { } size && (received > size || ended && received < size))
            throw new RefusedException("size_mismatch", $"The body is not the announced {size} bytes.");
    }
}
