using Waybill.Events;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker;

namespace Waybill.Gate;

/// <summary>
/// Publishes the feed to whoever subscribed it at this node. Events that an application misses while it is away it reads over
/// the API: each carries its cursor.
/// </summary>
sealed partial class EventPublisher(EventLog log, EventFollowing events, EventFollowers followers, MqttBroker broker, ILogger<EventPublisher> logger) : BackgroundService
{
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>Behind what was published; null while nobody follows.</summary>
    long? _cursor;

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var since = await followers.SomebodyAsync(ct);
            try
            {
                await PublishAsync(since, ct);
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

    async Task PublishAsync(long since, CancellationToken ct)
    {
        // what happened between the subscription and now included
        _cursor ??= await log.BeforeAsync(since, ct);
        while (followers.AnyOf(broker.HasSession))
        {
            await foreach (var frames in events.FollowAsync(_cursor, EventFilter.Everything, ct))
            {
                foreach (var frame in frames)
                    Publish(frame);
                if (frames.Count > 0)
                    _cursor = frames[^1].Row.Id;
                // heartbeats come here too, so the end is noticed
                if (!followers.AnyOf(broker.HasSession))
                    break;
            }
        }
        _cursor = null;
    }

    void Publish(EventFrame frame)
    {
        if (frame.Device is { } device)
            broker.Publish(EventTopics.Of(device, frame.Row.Object), frame.Json.Span, MqttQos.AtLeastOnce);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Events could not be published over MQTT; it is tried again")]
    static partial void LogFailed(ILogger logger, Exception e);
}
