using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Waybill.Api.Listening;

/// <summary>Chooses the thread that goes on when bytes have come: a fetch by a device stays on the thread that polls the sockets, since all it
/// takes is already in memory, and anything else hops to the thread pool, where it may wait for what it likes.</summary>
/// <remarks>Hot. The hop is a quarter of what a 50 KiB range costs. Watched by <c>bench/bytes.sh</c>.</remarks>
sealed class HoppingReader(PipeReader inner) : PipeReader
{
    static ReadOnlySpan<byte> Fetch => "GET /o/"u8;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = inner.ReadAsync(cancellationToken);
        return read.IsCompleted ? read : GoOnAsync(read);
    }

    public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    static async ValueTask<ReadResult> GoOnAsync(ValueTask<ReadResult> read)
    {
        var result = await read;
        if (!result.Buffer.FirstSpan.StartsWith(Fetch))
            await Task.Yield();
        return result;
    }
}
