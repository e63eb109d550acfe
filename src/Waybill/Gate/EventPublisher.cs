using Waybill.Events;
using Waybill.Gate.Sessions;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker;

namespace Waybill.Gate;

/// <summary>
/// Publishes the feed to whoever subscribed it at this node. Where a session waits for its application the mark goes along, behind what is
/// safe in that session: after a restart events may come twice, none is missing. Others read over the API what they missed: each event carries its cursor.
/// </summary>
sealed partial class EventPublisher(EventLog log, EventFollowing events, EventFollowers followers, EventMark mark, MqttBroker broker, ILogger<EventPublisher> logger)
    : BackgroundService
{
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>Behind what was published; null while nobody follows.</summary>
    long? _cursor;

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        var hasBegun = false;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                hasBegun = hasBegun || await BeginAsync(ct);
                await PublishAsync(await followers.SomebodyAsync(ct), ct);
            }
            catch (CursorExpiredException expired)
            {
                _cursor = expired.Oldest;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogFailed(logger, e);
                await Task.Delay(s_pause, ct);
            }
        }
    }

    /// <summary>Goes on where the sessions that were kept had come to.</summary>
    async Task<bool> BeginAsync(CancellationToken ct)
    {
        var marked = await mark.ReadAsync(ct);
        if (followers.AnyOf(broker.HasSession))
            _cursor = marked;
        else
            await mark.WriteAsync(null, ct);
        return true;
    }

    async Task PublishAsync(long since, CancellationToken ct)
    {
        // what happened between the subscription and now included
        _cursor ??= await log.BeforeAsync(since, ct);
        await MarkAsync(ct);
        while (followers.AnyOf(broker.HasSession))
        {
            await foreach (var frames in events.FollowAsync(_cursor, EventFilter.Everything, ct))
            {
                foreach (var frame in frames)
                    Publish(frame);
                if (frames.Count > 0)
                    _cursor = frames[^1].Row.Id;
                await MarkAsync(ct);
                // heartbeats come here too, so the end is noticed
                if (!followers.AnyOf(broker.HasSession))
                    break;
            }
        }
        _cursor = null;
        await MarkAsync(ct);
    }

    async Task MarkAsync(CancellationToken ct)
    {
        if (followers.AnyStays && _cursor is not null)
            await broker.CommittedAsync(ct);
        await mark.WriteAsync(followers.AnyStays ? _cursor : null, ct);
    }

    void Publish(EventFrame frame)
    {
        if (frame.Device is { } device)
            broker.Publish(EventTopics.Of(device, frame.Row.Object), frame.Json.Span, MqttQos.AtLeastOnce);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Events could not be published over MQTT; it is tried again")]
    static partial void LogFailed(ILogger logger, Exception e);
}
