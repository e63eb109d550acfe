using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>Who subscribed: a session, or a group of them of which one gets the message.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct Subscriber(MqttSession? Session, MqttSubscriptionOptions Options, int Identifier = 0, ShareGroup? Group = null);

/// <summary>The sessions and groups that subscribed one filter. Read without a lock; changed under the index's.</summary>
sealed class SubscriberSet
{
    const int Few = 16;

    volatile Subscriber[] _few = [];
    volatile ConcurrentDictionary<MqttSession, Subscriber>? _many;
    volatile ShareGroup[] _groups = [];

    public bool IsEmpty => (_many?.IsEmpty ?? _few.Length == 0) && _groups.Length == 0;

    public void Set(Subscriber subscriber, ReadOnlySpan<byte> share)
    {
        if (!share.IsEmpty)
        {
            GroupOf(share).Set(subscriber);
            return;
        }
        if (_many is null && _few.Length == Few) Grow();
        if (_many is not null) _many[subscriber.Session!] = subscriber;
        else _few = [.. _few.Where(s => s.Session != subscriber.Session), subscriber];
    }

    public void Replace(MqttSession old, MqttSession now, ReadOnlySpan<byte> share)
    {
        if (!share.IsEmpty)
        {
            GroupOf(share).Replace(old, now);
        }
        else if (_many is { } many)
        {
            if (!many.TryGetValue(old, out var subscriber)) return;
            many[now] = subscriber with { Session = now };
            many.TryRemove(old, out _);
        }
        else
        {
            _few = [.. _few.Select(s => s.Session == old ? s with { Session = now } : s)];
        }
    }

    public void Remove(MqttSession session, ReadOnlySpan<byte> share)
    {
        if (!share.IsEmpty)
        {
            var group = GroupOf(share);
            group.Remove(session);
            if (group.IsEmpty) _groups = [.. _groups.Where(g => g != group)];
            return;
        }
        if (_many is not null) _many.TryRemove(session, out _);
        else _few = _few.Length == 1 && _few[0].Session == session ? [] : [.. _few.Where(s => s.Session != session)];
    }

    public void CopyTo(List<Subscriber> matches)
    {
        if (_many is { } many)
            foreach (var (_, subscriber) in many) matches.Add(subscriber);
        else
            matches.AddRange(_few.AsSpan());
        foreach (var group in _groups) matches.Add(new(null, default, 0, group));
    }

    ShareGroup GroupOf(ReadOnlySpan<byte> share)
    {
        foreach (var group in _groups)
            if (group.Name.SequenceEqual(share)) return group;
        var made = new ShareGroup(share.ToArray());
        _groups = [.. _groups, made];
        return made;
    }

    void Grow()
    {
        var many = new ConcurrentDictionary<MqttSession, Subscriber>(1, Few * 2);
        foreach (var subscriber in _few) many[subscriber.Session!] = subscriber;
        _many = many;
        _few = [];
    }
}
