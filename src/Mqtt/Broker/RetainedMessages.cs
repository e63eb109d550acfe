using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>
/// The last retained message of each topic, in memory and bounded: when it is full, topics that are new are not kept. A tree of topic
/// levels, so that a subscription costs what it matches. All under one lock, which is taken after a session's and never before.
/// </summary>
sealed class RetainedMessages(MqttBroker broker, int maximum, long maximumBytes)
{
    /// <summary>Topics of more levels are not kept; the tree is walked on the stack.</summary>
    const int MaximumLevels = 128;

    readonly Node _root = new();
    readonly Lock _change = new();

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Keeps a message, or with an empty payload forgets the one before it [MQTT-3.3.1-5, MQTT-3.3.1-6, MQTT-3.3.1-7].</summary>
    public void Set(in MqttPublish message, bool withProperties, long now)
    {
        if (message.Topic.Count((byte)'/') >= MaximumLevels) return;
        lock (_change)
        {
            if (message.Payload.IsEmpty)
            {
                Remove(_root, message.Topic);
                return;
            }
            var size = message.Topic.Length + message.Payload.Length + message.Properties.Bytes.Length;
            var known = Find(message.Topic);
            var isNew = known is null;
            if ((isNew && Count >= maximum)
                || Bytes - (known?.Size ?? 0) + size > maximumBytes) return;
            var kept = new KeptMessage(new()
            {
                Topic = message.Topic,
                Payload = message.Payload,
                Qos = message.Qos,
                Retain = true,
                Properties = withProperties ? message.Properties : default,
            }, now);
            broker.Keep(kept);
            Grow(message.Topic).Message = kept;
            Count += isNew ? 1 : 0;
            Bytes += kept.Size - (known?.Size ?? 0);
        }
    }

    /// <summary>Puts back what was kept.</summary>
    public void Restore(KeptMessage kept)
    {
        lock (_change)
        {
            Grow(kept.Topic).Message = kept;
            Count++;
            Bytes += kept.Size;
        }
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

    KeptMessage? Find(ReadOnlySpan<byte> topic)
    {
        for (var node = _root; ;)
        {
            node = node.Find(MqttTopic.TakeLevel(ref topic, out var last));
            if (last || node is null) return node?.Message;
        }
    }

    Node Grow(ReadOnlySpan<byte> topic)
    {
        for (var node = _root; ;)
        {
            node = node.Grow(MqttTopic.TakeLevel(ref topic, out var last));
            if (last) return node;
        }
    }

    void Remove(Node node, ReadOnlySpan<byte> rest)
    {
        var level = MqttTopic.TakeLevel(ref rest, out var last);
        if (node.Find(level) is not { } child) return;
        if (last) Forget(child);
        else Remove(child, rest);
        if (child.IsEmpty) node.Children.Remove(level.ToArray());
    }

    void Expire(Node node, long now)
    {
        if (node.Message?.IsExpired(now) == true) Forget(node);
        foreach (var (name, child) in node.Children)
        {
            Expire(child, now);
            if (child.IsEmpty) node.Children.Remove(name);
        }
    }

    void Forget(Node node)
    {
        if (node.Message is not { } message) return;
        Count--;
        Bytes -= message.Size;
        broker.ForgetRetained(message.Topic);
        node.Message = null;
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
            if (Find(level) is { } child) return child;
            if (ReferenceEquals(Children, None)) Children = new(1, Utf8Key.Comparer);
            return Children[level.ToArray()] = new();
        }
    }
}
