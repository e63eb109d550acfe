using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

[StructLayout(LayoutKind.Auto)]
readonly record struct Subscriber(MqttSession Session, MqttSubscriptionOptions Options);

/// <summary>The sessions that subscribed one filter. Read without a lock; changed under the index's.</summary>
sealed class SubscriberSet
{
    const int Few = 16;

    volatile Subscriber[] _few = [];
    volatile ConcurrentDictionary<MqttSession, MqttSubscriptionOptions>? _many;

    public bool IsEmpty => _many?.IsEmpty ?? _few.Length == 0;

    public void Set(Subscriber subscriber)
    {
        if (_many is null && _few.Length == Few) Grow();
        if (_many is not null) _many[subscriber.Session] = subscriber.Options;
        else _few = [.. _few.Where(s => s.Session != subscriber.Session), subscriber];
    }

    public void Replace(MqttSession old, MqttSession now)
    {
        if (_many is { } many)
        {
            if (!many.TryGetValue(old, out var options)) return;
            many[now] = options;
            many.TryRemove(old, out _);
        }
        else
        {
            _few = [.. _few.Select(s => s.Session == old ? s with { Session = now } : s)];
        }
    }

    public void Remove(MqttSession session)
    {
        if (_many is not null) _many.TryRemove(session, out _);
        else _few = _few.Length == 1 && _few[0].Session == session ? [] : [.. _few.Where(s => s.Session != session)];
    }

    public void CopyTo(List<Subscriber> matches)
    {
        if (_many is { } many)
            foreach (var (session, options) in many) matches.Add(new(session, options));
        else
            matches.AddRange(_few.AsSpan());
    }

    void Grow()
    {
        var many = new ConcurrentDictionary<MqttSession, MqttSubscriptionOptions>(1, Few * 2);
        foreach (var subscriber in _few) many[subscriber.Session] = subscriber.Options;
        _many = many;
        _few = [];
    }
}
