using System.Buffers;
using System.IO.Pipelines;

namespace Waybill.Mqtt;

// Hot. Packets are written straight into the transport's pipe under this object's own lock; only while a flush waits for a slow peer do
// they go to a side buffer, because a pipe must not be written during a pending flush. The side buffer is this object's, grows when needed
// and is dropped when it was large. Nothing allocates while the peer keeps up. Watched by BrokerBenchmark.

/// <summary>The sending side of a connection, shared by all threads. Callers hold <c>lock (output)</c> around a whole packet.</summary>
sealed class PacketOutput(PipeWriter pipe) : IBufferWriter<byte>
{
    const int KeptSideBuffer = 4096;

    ArrayBufferWriter<byte>? _side;
    Task _flushing = Task.CompletedTask;
    bool _flushPending;
    bool _closed;

    /// <summary>Bytes written and not yet handed to the transport.</summary>
    public int QueuedBytes { get; private set; }

    /// <summary>Bytes written in all.</summary>
    public long WrittenBytes { get; private set; }

    /// <summary>Completes when no flush is pending any more.</summary>
    public Task Flushing => _flushing;

    public Memory<byte> GetMemory(int sizeHint = 0) => _flushPending ? Side.GetMemory(sizeHint) : pipe.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _flushPending ? Side.GetSpan(sizeHint) : pipe.GetSpan(sizeHint);

    public void Advance(int count)
    {
        QueuedBytes += count;
        WrittenBytes += count;
        if (_flushPending) Side.Advance(count);
        else pipe.Advance(count);
    }

    /// <summary>Hands everything written so far to the transport without ever blocking; one flush is pending at a time and takes along what came meanwhile.</summary>
    public void Flush()
    {
        lock (this)
        {
            if (_closed || _flushPending || QueuedBytes == 0) return;
            QueuedBytes = 0;
            var flush = pipe.FlushAsync();
            if (flush.IsCompletedSuccessfully)
            {
                _ = flush.Result;
                return;
            }
            _flushPending = true;
            _flushing = FinishFlushAsync(flush);
        }
    }

    /// <summary>Ends writing. A pending flush is canceled, so that the transport's owner can let go of the pipe.</summary>
    public void Close()
    {
        lock (this)
        {
            _closed = true;
            if (_flushPending) pipe.CancelPendingFlush();
        }
    }

    async Task FinishFlushAsync(ValueTask<FlushResult> flush)
    {
        while (true)
        {
            try
            {
                await flush;
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
            {
                // The transport is gone; its reading side ends with the same news
                _closed = true;
            }
            lock (this)
            {
                if (_closed || _side is not { WrittenCount: > 0 } side)
                {
                    _flushPending = false;
                    return;
                }
                pipe.Write(side.WrittenSpan);
                QueuedBytes = 0;
                if (side.Capacity > KeptSideBuffer) _side = null;
                else side.ResetWrittenCount();
                flush = pipe.FlushAsync();
            }
        }
    }

    ArrayBufferWriter<byte> Side => _side ??= new(1024);
}
