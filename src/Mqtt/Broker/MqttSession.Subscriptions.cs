using System.Text;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>What a session subscribed.</summary>
public sealed partial class MqttSession
{
    volatile Subscription[] _subscriptions = [];

    internal readonly record struct Subscription(byte[] Filter, MqttSubscriptionOptions Options, int Identifier)
    {
        const int NodeSize = 384;

        /// <summary>What it costs to keep and to find, roughly.</summary>
        public int Size => Filter.Length + (MqttTopic.HasWildcard(Filter) ? NodeSize * (Filter.AsSpan().Count((byte)'/') + 2) : NodeSize);
    }

    /// <summary>Enters subscriptions and writes SUBACK in one step, so that no message overtakes it and none is missed after it; false when closed.</summary>
    internal bool Subscribe(TopicIndex index, in MqttSubscribe packet, Span<MqttReasonCode> reasons)
    {
        lock (_output)
        {
            if (_state != State.Open || !HasRoom(MqttReasonCode.QuotaExceeded)) return false;
            var at = 0;
            var before = _subscriptions;
            var bytes = before.Sum(static s => (long)s.Size);
            var identifier = (int)packet.Properties.Number(MqttPropertyId.SubscriptionIdentifier, 0);
            foreach (var asked in packet)
            {
                ref var reason = ref reasons[at++];
                if ((byte)reason >= 0x80) continue;
                var subscription = new Subscription(asked.Filter.ToArray(), asked.Options with { Qos = (MqttQos)reason }, identifier);
                var others = Without(asked.Filter);
                var added = others.Length == _subscriptions.Length ? subscription.Size : 0;
                // Nor more in one packet, though they be the same
                if (Math.Max(others.Length + 1, at) > _broker.Options.MaximumSubscriptions || bytes + added > _broker.Options.MaximumSubscriptionBytes)
                {
                    reason = MqttReasonCode.QuotaExceeded;
                    continue;
                }
                bytes += added;
                _subscriptions = [.. others, subscription];
                index.Subscribe(subscription.Filter, new(this, subscription.Options, identifier));
                _record?.Subscribed(subscription.Filter, subscription.Options, identifier);
            }
            _traffic.PacketsOut++;
            var answer = new MqttSubAck { Type = MqttPacketType.SubAck, PacketId = packet.PacketId, Reasons = reasons };
            answer.Write(_output, Version);
            if (_trace is not null) Tell(answer);
            SendRetained(packet, reasons, before, identifier);
            return true;
        }
    }

    internal void Unsubscribe(TopicIndex index, in MqttUnsubscribe packet, Span<MqttReasonCode> reasons)
    {
        lock (_output)
        {
            if (_state != State.Open || !HasRoom(MqttReasonCode.QuotaExceeded)) return;
            var at = 0;
            foreach (var filter in packet)
            {
                var others = Without(filter);
                reasons[at++] = others.Length == _subscriptions.Length ? MqttReasonCode.NoSubscriptionExisted : MqttReasonCode.Success;
                _subscriptions = others;
                index.Unsubscribe(filter, this);
                _record?.Unsubscribed(filter);
            }
            _traffic.PacketsOut++;
            var answer = new MqttSubAck { Type = MqttPacketType.UnsubAck, PacketId = packet.PacketId, Reasons = reasons };
            answer.Write(_output, Version);
            if (_trace is not null) Tell(answer);
        }
    }

    /// <summary>The retained messages of new subscriptions, as their retain handling asks [MQTT-3.3.1-9, MQTT-3.3.1-10, MQTT-3.3.1-11].</summary>
    void SendRetained(in MqttSubscribe packet, ReadOnlySpan<MqttReasonCode> reasons, Subscription[] before, int identifier)
    {
        var at = 0;
        foreach (var asked in packet)
        {
            var granted = reasons[at++];
            var handling = asked.Options.RetainHandling;
            // What is left of them does not fit
            if (!HasRoom(null)) return;
            // Shared subscriptions get none (4.8.2)
            if ((byte)granted >= 0x80 || handling == MqttRetainHandling.DoNotSend || MqttTopic.IsShared(asked.Filter)) continue;
            if (handling == MqttRetainHandling.SendIfNew && IndexOf(before, asked.Filter) >= 0) continue;
            var kept = MqttBroker.IsOwn(asked.Filter) ? _broker.Told : _broker.Retained;
            kept.ForEach(asked.Filter, _broker.Now, (Session: this, Qos: (MqttQos)granted, identifier),
                static (message, to) => to.Session.SendRetained(message, to.Qos, to.identifier));
        }
    }

    /// <summary>What does not fit the session's queue is left out: a wide filter must not end the session.</summary>
    void SendRetained(KeptMessage message, MqttQos granted, int identifier)
    {
        if (!HasRoom(null)) return;
        var publish = message.ToPublish(_broker.Now);
        var sent = new MqttPublish
        {
            Topic = publish.Topic,
            Payload = publish.Payload,
            Properties = identifier == 0 ? publish.Properties
                : new PropertyScratch().Begin(publish.Properties).Add(MqttPropertyId.SubscriptionIdentifier, identifier).Properties,
            Qos = granted < message.Qos ? granted : message.Qos,
            Retain = true,
        };
        if (MaximumPacketSize == int.MaxValue || sent.Size(Version) <= MaximumPacketSize) WriteLocked(sent, keep: true);
    }

    /// <summary>
    /// Asks <see cref="MqttApplication.MaySubscribe"/> again for every subscription; those that are refused by now end. For an application
    /// that has taken rights away. The client is not told: there is no packet for it.
    /// </summary>
    public void ReviewSubscriptions()
    {
        foreach (var subscription in _subscriptions)
            if ((byte)SubscriptionPolicy.Judge(_broker.Application, this, subscription.Filter, subscription.Options) >= 0x80)
                Forget(subscription.Filter);
    }

    /// <summary>Forgets subscriptions and messages at the session's end.</summary>
    internal void ForgetEverything()
    {
        lock (_output) ForgetLocked();
    }

    void ForgetLocked()
    {
        foreach (var subscription in _subscriptions) _broker.Index.Unsubscribe(subscription.Filter, this);
        _subscriptions = [];
        ForgetRecord();
        _window?.Clear();
        _window = null;
        // A message that is on its way here finds that nothing stays
        _continuity?.ExpirySeconds = 0;
    }

    void Forget(byte[] filter)
    {
        lock (_output)
        {
            _subscriptions = Without(filter);
            _broker.Index.Unsubscribe(filter, this);
            _record?.Unsubscribed(filter);
        }
    }

    /// <summary>Tells the application of the subscriptions that came with the session.</summary>
    internal void TellSubscriptions()
    {
        foreach (var (filter, options, _) in _subscriptions)
            _broker.Application.Subscribed(this, Encoding.UTF8.GetString(filter), options.Qos);
    }

    Subscription[] Without(ReadOnlySpan<byte> filter)
    {
        var now = _subscriptions;
        var at = IndexOf(now, filter);
        return at < 0 ? now : [.. now[..at], .. now[(at + 1)..]];
    }

    static int IndexOf(Subscription[] subscriptions, ReadOnlySpan<byte> filter)
    {
        for (var at = 0; at < subscriptions.Length; at++)
            if (filter.SequenceEqual(subscriptions[at].Filter)) return at;
        return -1;
    }
}
