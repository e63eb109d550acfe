using System.Collections.Concurrent;

namespace Waybill.Mqtt.Broker;

// Hot. Matching takes no lock and allocates nothing: one hash lookup for the filters without wildcards, then a walk of the trie that holds
// only the filters with wildcards. The cost follows the matches, not the sessions. Keys are the filters' own arrays. Watched by
// BrokerBenchmark.

/// <summary>Which sessions subscribed what.</summary>
sealed class TopicIndex
{
    readonly ConcurrentDictionary<byte[], SubscriberSet> _exact = new(1, 31, Utf8Key.Comparer);
    readonly ConcurrentDictionary<byte[], SubscriberSet>.AlternateLookup<ReadOnlySpan<byte>> _exactByTopic;
    readonly Node _root = new();
    readonly Lock _change = new();

    public TopicIndex() => _exactByTopic = _exact.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Whether nothing at all is kept.</summary>
    public bool IsEmpty => _exact.IsEmpty && _root.IsEmpty;

    public void Subscribe(byte[] filter, Subscriber subscriber)
    {
        var share = MqttTopic.ShareOf(filter, out var rest);
        lock (_change)
        {
            if (MqttTopic.HasWildcard(rest)) _root.SetOf(rest).Set(subscriber, share);
            else _exact.GetOrAdd(share.IsEmpty ? filter : rest.ToArray(), static _ => new()).Set(subscriber, share);
        }
    }

    /// <summary>Puts another session in the place of one; whoever matches meanwhile finds the one or the other.</summary>
    public void Replace(byte[] filter, MqttSession old, MqttSession now)
    {
        var share = MqttTopic.ShareOf(filter, out var rest);
        lock (_change)
        {
            if (MqttTopic.HasWildcard(rest)) _root.SetOf(rest).Replace(old, now, share);
            else if (_exactByTopic.TryGetValue(rest, out var set)) set.Replace(old, now, share);
        }
    }

    public void Unsubscribe(ReadOnlySpan<byte> filter, MqttSession session)
    {
        var share = MqttTopic.ShareOf(filter, out var rest);
        lock (_change)
        {
            if (MqttTopic.HasWildcard(rest))
            {
                _root.Remove(rest, session, share);
            }
            else if (_exactByTopic.TryGetValue(rest, out var set))
            {
                set.Remove(session, share);
                if (set.IsEmpty) _exactByTopic.TryRemove(rest, out _);
            }
        }
    }

    /// <summary>Adds the matching subscribers and tells how many filters they came from; with more than one a session may stand twice.</summary>
    public int Match(ReadOnlySpan<byte> topic, List<Subscriber> matches)
    {
        var sets = 0;
        if (_exactByTopic.TryGetValue(topic, out var set)) Take(set, matches, ref sets);
        // Leading wildcards do not match topics that begin with $ [MQTT-4.7.2-1]
        _root.Match(topic, topic[0] != (byte)'$', matches, ref sets);
        return sets;
    }

    static void Take(SubscriberSet? set, List<Subscriber> matches, ref int sets)
    {
        if (set is null) return;
        set.CopyTo(matches);
        sets++;
    }

    /// <summary>One level of the filters with wildcards.</summary>
    sealed class Node
    {
        SubscriberSet? _here;
        SubscriberSet? _below;
        Node? _any;
        ConcurrentDictionary<byte[], Node>? _children;

        public bool IsEmpty => _here is null && _below is null && _any is null && (_children?.IsEmpty ?? true);

        public SubscriberSet SetOf(ReadOnlySpan<byte> rest)
        {
            if (rest is [(byte)'#']) return _below ??= new();
            var level = MqttTopic.TakeLevel(ref rest, out var last);
            var next = level is [(byte)'+'] ? _any ??= new() : Child(level);
            return last ? next._here ??= new() : next.SetOf(rest);
        }

        public void Remove(ReadOnlySpan<byte> rest, MqttSession session, ReadOnlySpan<byte> share)
        {
            if (rest is [(byte)'#'])
            {
                _below = Without(_below, session, share);
                return;
            }
            var level = MqttTopic.TakeLevel(ref rest, out var last);
            var isAny = level is [(byte)'+'];
            var next = _any;
            if (!isAny && (_children is null || !Find(level, out next))) return;
            if (next is null) return;
            if (last) next._here = Without(next._here, session, share);
            else next.Remove(rest, session, share);
            if (!next.IsEmpty) return;
            if (isAny) _any = null;
            else _children!.GetAlternateLookup<ReadOnlySpan<byte>>().TryRemove(level, out _);
        }

        public void Match(ReadOnlySpan<byte> rest, bool wildcards, List<Subscriber> matches, ref int sets)
        {
            if (wildcards) Take(_below, matches, ref sets);
            var level = MqttTopic.TakeLevel(ref rest, out var last);
            if (wildcards && _any is { } any) any.Arrive(rest, last, matches, ref sets);
            if (_children is not null && Find(level, out var child)) child!.Arrive(rest, last, matches, ref sets);
        }

        void Arrive(ReadOnlySpan<byte> rest, bool last, List<Subscriber> matches, ref int sets)
        {
            if (!last)
            {
                Match(rest, true, matches, ref sets);
                return;
            }
            Take(_here, matches, ref sets);
            // "a/#" matches "a" too (4.7.1.2)
            Take(_below, matches, ref sets);
        }

        bool Find(ReadOnlySpan<byte> level, out Node? child) =>
            _children!.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out child);

        Node Child(ReadOnlySpan<byte> level)
        {
            _children ??= new(1, 3, Utf8Key.Comparer);
            return Find(level, out var child) ? child! : _children[level.ToArray()] = new();
        }

        static SubscriberSet? Without(SubscriberSet? set, MqttSession session, ReadOnlySpan<byte> share)
        {
            set?.Remove(session, share);
            return set is { IsEmpty: false } ? set : null;
        }
    }
}
