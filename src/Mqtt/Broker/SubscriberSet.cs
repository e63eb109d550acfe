using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>Who subscribed: a session, or a group of them of which one gets the message.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct Subscriber(MqttSession? Session, MqttSubscriptionOptions Options, int Identifier = 0, ShareGroup? Group = null);

/// <summary>
/// The sessions and groups that subscribed one filter. Read without a lock, changed under the index's: whoever reads while a session takes
/// another's place finds exactly one of the two.
/// </summary>
sealed class SubscriberSet
{
    const int Few = 16;

    volatile Subscriber[] _few = [];
    volatile ConcurrentDictionary<string, Subscriber>? _many;
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
        if (_many is not null) _many[subscriber.Session!.ClientId] = subscriber;
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
            if (IsAmong(many, old, out var subscriber)) many[now.ClientId] = subscriber with { Session = now };
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
        if (_many is { } many)
        {
            if (IsAmong(many, session, out _)) many.TryRemove(session.ClientId, out _);
            return;
        }
        _few = _few.Length == 1 && _few[0].Session == session ? [] : [.. _few.Where(s => s.Session != session)];
    }

    public void CopyTo(List<Subscriber> matches)
    {
        // In this order: few are emptied after they have become many
        var few = _few;
        if (_many is { } many)
            foreach (var (_, subscriber) in many) matches.Add(subscriber);
        else
            matches.AddRange(few.AsSpan());
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
        var many = new ConcurrentDictionary<string, Subscriber>(1, Few * 2, StringComparer.Ordinal);
        foreach (var subscriber in _few) many[subscriber.Session!.ClientId] = subscriber;
        _many = many;
        _few = [];
    }

    static bool IsAmong(ConcurrentDictionary<string, Subscriber> many, MqttSession session, out Subscriber subscriber) =>
        many.TryGetValue(session.ClientId, out subscriber) && subscriber.Session == session;
}
