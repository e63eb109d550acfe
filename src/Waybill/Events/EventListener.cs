using System.Threading.Channels;

namespace Waybill.Events;

/// <summary>Somebody who follows the feed. The feed offers, one reader takes; who takes too slowly hears no more.</summary>
sealed class EventListener(EventFilter filter, int buffer)
{
    readonly Channel<EventFrame> _frames = Channel.CreateBounded<EventFrame>(new BoundedChannelOptions(buffer) { SingleReader = true, SingleWriter = true });
    readonly TaskCompletionSource<long> _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile bool _gone;

    public EventFilter Filter => filter;

    /// <summary>The cursor behind which frames come here.</summary>
    public Task<long> Admitted => _admitted.Task;

    public ChannelReader<EventFrame> Frames => _frames.Reader;

    /// <summary>The reader has left.</summary>
    public bool IsGone => _gone;

    public void Admit(long from) => _admitted.TrySetResult(from);

    /// <summary>False when there is no room: the reader is too slow.</summary>
    public bool Offer(EventFrame frame) => _frames.Writer.TryWrite(frame);

    /// <summary>No more frames.</summary>
    public void End() => _frames.Writer.TryComplete();

    public void Leave()
    {
        _gone = true;
        End();
    }
}
