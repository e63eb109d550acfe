using System.Threading.Channels;

namespace Waybill.Events;

/// <summary>
/// Reads what was committed once, whoever follows it, and hands it to all who do. Sleeps while nobody listens. The audience and
/// the position belong to the loop; who comes and who goes waits for its next turn.
/// </summary>
sealed partial class EventFeed(EventLog log, EventFrames frames, EventSettings settings, TimeProvider clock, ILogger<EventFeed> logger) : BackgroundService
{
    const int PageSize = 1000;
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    readonly Channel<EventListener> _arriving = Channel.CreateUnbounded<EventListener>();
    readonly Channel<EventListener> _leaving = Channel.CreateUnbounded<EventListener>();
    readonly EventAudience _audience = new();
    long _position;
    long _beat;

    /// <summary>Comes back when everything behind <see cref="EventListener.Admitted"/> is being handed to the listener.</summary>
    public async Task<EventListener> ListenAsync(EventFilter filter, CancellationToken ct)
    {
        var listener = new EventListener(filter, settings.Buffer);
        _arriving.Writer.TryWrite(listener);
        log.Wake();
        try
        {
            await listener.Admitted.WaitAsync(ct);
            return listener;
        }
        catch
        {
            Leave(listener);
            throw;
        }
    }

    public void Leave(EventListener listener)
    {
        listener.Leave();
        _leaving.Writer.TryWrite(listener);
    }

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        await using var timer = clock.CreateTimer(_ => log.Wake(), null, Look, Look);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await TurnAsync(ct);
            }
            catch (CursorExpiredException)
            {
                // so far behind that events are gone: everybody learns it by his own cursor
                EndAll();
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogFailed(logger, e);
                await Task.Delay(s_pause, clock, ct);
            }
        }
    }

    /// <summary>How often the loop looks without having been woken.</summary>
    TimeSpan Look => log.Poll < settings.Heartbeat ? log.Poll : settings.Heartbeat;

    async Task TurnAsync(CancellationToken ct)
    {
        while (_leaving.Reader.TryRead(out var gone))
            _audience.Remove(gone);
        if (_audience.Count == 0)
            await _arriving.Reader.WaitToReadAsync(ct);
        var more = log.MoreAsync();
        await AdmitAsync(ct);
        var page = await log.ReadAsync(_position, EventFilter.Everything, PageSize, ct);
        await HandOutAsync(page.Rows, ct);
        _position = page.Next;
        Beat();
        if (page.IsLast)
            await more.WaitAsync(ct);
    }

    async Task AdmitAsync(CancellationToken ct)
    {
        if (_audience.Count == 0)
            (_position, _beat) = (await log.HeadAsync(ct), clock.GetTimestamp());
        while (_arriving.Reader.TryRead(out var listener))
        {
            if (listener.IsGone)
                continue;
            _audience.Add(listener);
            listener.Admit(_position);
        }
    }

    async Task HandOutAsync(IReadOnlyList<EventRow> rows, CancellationToken ct)
    {
        var wanted = await frames.WantedAsync(rows, _audience, ct);
        foreach (var frame in await frames.OfAsync(wanted, ct))
            HandOut(frame, [.. _audience.Of(frame.Device!).Where(l => l.Filter.Wants(frame.Row))]);
    }

    void Beat()
    {
        if (clock.GetElapsedTime(_beat) < settings.Heartbeat)
            return;
        _beat = clock.GetTimestamp();
        HandOut(EventFrame.Heartbeat(_position), [.. _audience.All]);
    }

    void HandOut(EventFrame frame, IReadOnlyList<EventListener> listeners)
    {
        foreach (var listener in listeners)
        {
            if (listener.Offer(frame))
                continue;
            listener.End();
            _audience.Remove(listener);
        }
    }

    void EndAll()
    {
        foreach (var listener in _audience.All.ToList())
        {
            listener.End();
            _audience.Remove(listener);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The events could not be read; those who follow them wait and it is tried again")]
    static partial void LogFailed(ILogger logger, Exception e);
}
