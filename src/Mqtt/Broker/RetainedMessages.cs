using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>
/// The last retained message of each topic, in memory and bounded: when it is full, or a client has its share, topics that are new are not
/// kept. A tree of topic levels, so that a subscription costs what it matches. All under one lock, which is taken after a session's and
/// never before.
/// </summary>
sealed class RetainedMessages(MqttBroker broker, int maximum, long maximumBytes, int maximumPerClient)
{
    /// <summary>Bytes that a level of the tree takes, roughly.</summary>
    public const int NodeSize = 256;

    /// <summary>Topics of more levels are not kept; the tree is walked on the stack.</summary>
    const int MaximumLevels = 128;

    readonly Node _root = new();
    readonly Lock _change = new();
    readonly Dictionary<string, int> _countByClient = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    /// <summary>Of the messages and of the tree.</summary>
    public long Bytes { get; private set; }

    /// <summary>Keeps a message, or with an empty payload forgets the one before it [MQTT-3.3.1-5, MQTT-3.3.1-6, MQTT-3.3.1-7].</summary>
    public void Set(in MqttPublish message, bool withProperties, long now, string? from)
    {
        if (message.Topic.Count((byte)'/') >= MaximumLevels) return;
        lock (_change)
        {
            if (message.Payload.IsEmpty)
            {
                Remove(_root, message.Topic);
                return;
            }
            var copy = new MqttPublish
            {
                Topic = message.Topic,
                Payload = message.Payload,
                Qos = message.Qos,
                Retain = true,
                Properties = withProperties ? message.Properties : default,
            };
            var kept = new KeptMessage(copy, now) { From = from };
            if (!HasRoom(kept)) return;
            broker.Keep(kept);
            Put(kept);
        }
    }

    /// <summary>Puts back what was kept.</summary>
    public void Restore(KeptMessage kept)
    {
        lock (_change) Put(kept);
    }

    /// <summary>Shows every message whose topic a filter matches; the action must not wait.</summary>
    public void ForEach<TArgument>(ReadOnlySpan<byte> filter, long now, TArgument argument, Action<KeptMessage, TArgument> action)
    {
        if (Count == 0) return;
        var walk = new Walk<TArgument>(now, argument, action);
        // Leading wildcards do not match topics that begin with $ [MQTT-4.7.2-1]
        lock (_change) Match(_root, filter, isRoot: true, walk);
    }

    /// <summary>Lets go of what has expired.</summary>
    public void Expire(long now)
    {
        if (Count == 0) return;
        lock (_change) Expire(_root, now);
    }

    static void Match<TArgument>(Node node, ReadOnlySpan<byte> rest, bool isRoot, in Walk<TArgument> walk)
    {
        var level = MqttTopic.TakeLevel(ref rest, out var last);
        if (level is [(byte)'#'])
        {
            // "a/#" matches "a" too (4.7.1.2)
            walk.Show(node);
            foreach (var (name, child) in node.Children)
                if (!isRoot || name is not [(byte)'$', ..]) Match(child, "#"u8, false, walk);
        }
        else if (level is [(byte)'+'])
        {
            foreach (var (name, child) in node.Children)
                if (!isRoot || name is not [(byte)'$', ..]) Arrive(child, rest, last, walk);
        }
        else if (node.Find(level) is { } child)
        {
            Arrive(child, rest, last, walk);
        }
    }

    static void Arrive<TArgument>(Node node, ReadOnlySpan<byte> rest, bool last, in Walk<TArgument> walk)
    {
        if (last) walk.Show(node);
        else Match(node, rest, false, walk);
    }

    bool HasRoom(KeptMessage kept)
    {
        var known = Find(kept.Topic, out var missing);
        if (known is null && Count >= maximum) return false;
        if (kept.From is { } client && known?.From != client && _countByClient.GetValueOrDefault(client) >= maximumPerClient) return false;
        return Bytes - (known?.Size ?? 0) + kept.Size + (missing * NodeSize) <= maximumBytes;
    }

    /// <summary>The message of a topic, and how many of its levels the tree does not have.</summary>
    KeptMessage? Find(ReadOnlySpan<byte> topic, out int missing)
    {
        for (var node = _root; ;)
        {
            var left = topic;
            node = node.Find(MqttTopic.TakeLevel(ref topic, out var last));
            missing = node is null ? left.Count((byte)'/') + 1 : 0;
            if (last || node is null) return node?.Message;
        }
    }

    void Put(KeptMessage kept)
    {
        var node = Grow(kept.Topic);
        Leave(node);
        node.Message = kept;
        Count++;
        Bytes += kept.Size;
        if (kept.From is { } client) _countByClient[client] = _countByClient.GetValueOrDefault(client) + 1;
    }

    Node Grow(ReadOnlySpan<byte> topic)
    {
        for (var node = _root; ;)
        {
            var level = MqttTopic.TakeLevel(ref topic, out var last);
            if (node.Find(level) is { } child)
            {
                node = child;
            }
            else
            {
                node = node.Grow(level);
                Bytes += NodeSize;
            }
            if (last) return node;
        }
    }

    void Remove(Node node, ReadOnlySpan<byte> rest)
    {
        var level = MqttTopic.TakeLevel(ref rest, out var last);
        if (node.Find(level) is not { } child) return;
        if (last) Forget(child);
        else Remove(child, rest);
        if (child.IsEmpty) Prune(node, level.ToArray());
    }

    void Expire(Node node, long now)
    {
        if (node.Message?.IsExpired(now) == true) Forget(node);
        foreach (var (name, child) in node.Children)
        {
            Expire(child, now);
            if (child.IsEmpty) Prune(node, name);
        }
    }

    void Prune(Node node, byte[] name)
    {
        node.Children.Remove(name);
        Bytes -= NodeSize;
    }

    void Forget(Node node)
    {
        if (node.Message is { } message) broker.ForgetRetained(message.Topic);
        Leave(node);
    }

    void Leave(Node node)
    {
        if (node.Message is not { } message) return;
        Count--;
        Bytes -= message.Size;
        node.Message = null;
        if (message.From is not { } client) return;
        var left = _countByClient[client] - 1;
        if (left == 0) _countByClient.Remove(client);
        else _countByClient[client] = left;
    }

    readonly record struct Walk<TArgument>(long Now, TArgument Argument, Action<KeptMessage, TArgument> Action)
    {
        public void Show(Node node)
        {
            if (node.Message is { } message && !message.IsExpired(Now)) Action(message, Argument);
        }
    }

    sealed class Node
    {
        static readonly Dictionary<byte[], Node> None = new(Utf8Key.Comparer);

        public KeptMessage? Message { get; set; }

        public Dictionary<byte[], Node> Children { get; private set; } = None;

        public bool IsEmpty => Message is null && Children.Count == 0;

        public Node? Find(ReadOnlySpan<byte> level) =>
            Children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out var child) ? child : null;

        public Node Grow(ReadOnlySpan<byte> level)
        {
            if (ReferenceEquals(Children, None)) Children = new(1, Utf8Key.Comparer);
            return Children[level.ToArray()] = new();
        }
    }
}
