using Waybill.Mqtt.Broker;

namespace Waybill.Gate;

/// <summary>The sessions that subscribed events. While there is none, nobody reads the feed for MQTT.</summary>
sealed class EventFollowers(TimeProvider clock)
{
    readonly Lock _gate = new();
    readonly HashSet<MqttSession> _sessions = [];
    TaskCompletionSource<long> _first = NewSignal();

    public bool Any
    {
        get
        {
            lock (_gate)
                return _sessions.Count > 0;
        }
    }

    /// <summary>When the first of those that are here came, in Unix milliseconds: its SUBACK had not left yet.</summary>
    public Task<long> SomebodyAsync(CancellationToken ct)
    {
        lock (_gate)
            return _first.Task.WaitAsync(ct);
    }

    public void Add(MqttSession session)
    {
        lock (_gate)
        {
            if (_sessions.Add(session) && _sessions.Count == 1)
                _first.TrySetResult(clock.GetUtcNow().ToUnixTimeMilliseconds());
        }
    }

    public void Remove(MqttSession session)
    {
        lock (_gate)
        {
            if (_sessions.Remove(session) && _sessions.Count == 0)
                _first = NewSignal();
        }
    }

    static TaskCompletionSource<long> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
