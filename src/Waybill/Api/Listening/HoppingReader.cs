using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Waybill.Api.Listening;

/// <summary>Chooses the thread that goes on when bytes have come: a fetch by a device stays on the thread that polls the sockets, since all it
/// takes is already in memory, and anything else hops to the thread pool, where it may wait for what it likes (decision 8).</summary>
/// <remarks>Hot. The hop is a quarter of what a 50 KiB range costs. Watched by <c>bench/bytes.sh</c>.</remarks>
sealed class HoppingReader(PipeReader inner) : PipeReader
{
    SequencePosition? _taken;

    static ReadOnlySpan<byte> Fetch => "GET /o/"u8;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        GiveBack();
        return TakeAsync(inner.ReadAsync(cancellationToken));
    }

    public override bool TryRead(out ReadResult result)
    {
        GiveBack();
        var any = inner.TryRead(out result);
        if (any)
            _taken = result.Buffer.Start;
        return any;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _taken = null;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    async ValueTask<ReadResult> TakeAsync(ValueTask<ReadResult> read)
    {
        var polled = !read.IsCompleted;
        var result = await read;
        _taken = result.Buffer.Start;
        if (polled && !result.Buffer.FirstSpan.StartsWith(Fetch))
            await Task.Yield();
        return result;
    }

    // The web server reads on after a body that broke off without giving back what it had read of it.
    void GiveBack()
    {
        if (_taken is { } start)
            AdvanceTo(start);
    }
}
