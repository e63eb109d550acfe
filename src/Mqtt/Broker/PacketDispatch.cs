using System.Buffers;
using System.Text;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

// Hot, see ReadLoop. Subscribing allocates what it keeps; nothing else does.

/// <summary>Acts on the packets of one open session.</summary>
sealed class PacketDispatch(MqttBroker broker, MqttSession session)
{
    readonly PublishRate? _rate = broker.Options.MaximumPublishRate > 0 ? new(broker.Options.MaximumPublishRate) : null;
    InboundAliases? _aliases;

    /// <summary>Why dispatching stopped.</summary>
    public enum Stop { NeedMore, WindowFull, JournalFull, TooFast, Deciding }

    /// <summary>Milliseconds until the next publish may come, after <see cref="Stop.TooFast"/>.</summary>
    public int Pause { get; private set; }

    /// <summary>The application's answer to the first publish in the buffer.</summary>
    public ValueTask<MqttPublishVerdict> Deciding { get; private set; }

    /// <summary>Acts on the whole packets of the buffer, cuts them off, and flushes every session that was written to.</summary>
    public Stop Run(ref ReadOnlySequence<byte> buffer)
    {
        var stop = Stop.NeedMore;
        var frames = new MqttFrameReader(buffer);
        var consumed = buffer.Start;
        var (packets, publishes) = (0, 0);
        try
        {
            while (session.IsOpen)
            {
                if (session.WindowIsFull)
                {
                    stop = Stop.WindowFull;
                    break;
                }
                if (broker.Journal is { IsFull: true })
                {
                    stop = Stop.JournalFull;
                    break;
                }
                var status = frames.TryRead(session.Version, broker.Options.MaximumPacketSize, out var frame);
                if (status == MqttReadStatus.Malformed) session.Disconnect(frames.Error);
                if (status != MqttReadStatus.Ok) break;
                if (frame.Type == MqttPacketType.Publish && _rate is not null && (Pause = _rate.Take(broker.Now)) > 0)
                {
                    stop = Stop.TooFast;
                    break;
                }
                packets++;
                if (frame.Type == MqttPacketType.Publish) publishes++;
                if (frame.Type == MqttPacketType.Publish && !Publish(frame))
                {
                    stop = Stop.Deciding;
                    break;
                }
                if (frame.Type != MqttPacketType.Publish) Act(frame);
                consumed = frames.Consumed;
            }
        }
        finally
        {
            frames.Dispose();
        }
        Count(buffer.Slice(0, consumed).Length, packets, publishes);
        buffer = buffer.Slice(consumed);
        session.Flush();
        MessageRouter.FlushTouched();
        return stop;
    }

    /// <summary>Goes on with the publish that was waiting for the application.</summary>
    public void Decided(ref ReadOnlySequence<byte> buffer, MqttPublishVerdict verdict)
    {
        var frames = new MqttFrameReader(buffer);
        try
        {
            frames.TryRead(session.Version, broker.Options.MaximumPacketSize, out var frame);
            TryRead(frame, out var publish);
            Settle(publish, verdict);
            session.Traffic.BytesIn += buffer.Slice(0, frames.Consumed).Length;
            buffer = buffer.Slice(frames.Consumed);
        }
        finally
        {
            frames.Dispose();
        }
    }

    void Count(long bytes, int packets, int publishes)
    {
        var traffic = session.Traffic;
        traffic.BytesIn += bytes;
        traffic.PacketsIn += packets;
        traffic.PublishesIn += publishes;
    }

    bool Publish(in MqttFrame frame)
    {
        var error = TryRead(frame, out var publish);
        if (error != MqttReasonCode.Success)
        {
            session.Disconnect(error);
            return true;
        }
        if (session.Trace is not null) session.Tell(publish, isWritten: false);
        if (publish.Qos == MqttQos.ExactlyOnce && !session.BeginExactlyOnce(publish.PacketId)) return true;
        if (MqttBroker.IsOwn(publish.Topic))
        {
            // The broker's own
            session.Answer(publish.Qos, publish.PacketId, MqttReasonCode.NotAuthorized);
            return true;
        }
        // Before the application sees it, which may acknowledge it from another thread before it answers here
        session.TakePlace();
        var verdict = broker.Application.PublishAsync(session, publish);
        if (verdict.IsCompletedSuccessfully)
        {
            Settle(publish, verdict.Result);
            return true;
        }
        Deciding = verdict;
        return false;
    }

    /// <summary>Reads a publish; it has its topic, whatever alias stood for it.</summary>
    MqttReasonCode TryRead(in MqttFrame frame, out MqttPublish publish)
    {
        var error = MqttPublish.Read(frame, session.Version, out publish);
        if (error != MqttReasonCode.Success || session.Version != MqttVersion.V50) return error;
        // Announced in CONNACK [MQTT-3.2.2-14]; identifiers come from servers only [MQTT-3.3.4-6]
        if (publish.Retain && broker.Options.MaximumRetainedMessages == 0) return MqttReasonCode.RetainNotSupported;
        if (publish.Properties.Bytes.IsEmpty) return MqttReasonCode.Success;
        if (publish.Properties.TryGet(MqttPropertyId.SubscriptionIdentifier, out _)) return MqttReasonCode.ProtocolError;
        return publish.Properties.TryGet(MqttPropertyId.TopicAlias, out var alias)
            ? (_aliases ??= new(broker.Options.MaximumTopicAliases)).Resolve(ref publish, alias.Number) : MqttReasonCode.Success;
    }

    void Settle(in MqttPublish publish, MqttPublishVerdict verdict)
    {
        if (verdict == MqttPublishVerdict.Held) return;
        session.GiveBackPlace();
        var reason = MqttReasonCode.NotAuthorized;
        if (verdict == MqttPublishVerdict.Route)
            reason = broker.Router.Route(publish, session.Version, session) == 0 ? MqttReasonCode.NoMatchingSubscribers : MqttReasonCode.Success;
        session.Answer(publish.Qos, publish.PacketId, reason);
    }

    void Act(in MqttFrame frame)
    {
        var error = frame.Type switch
        {
            MqttPacketType.PubAck or MqttPacketType.PubRec or MqttPacketType.PubRel or MqttPacketType.PubComp => Acknowledged(frame),
            MqttPacketType.Subscribe => Subscribe(frame),
            MqttPacketType.Unsubscribe => Unsubscribe(frame),
            MqttPacketType.PingReq => Ping(frame),
            MqttPacketType.Disconnect => Disconnected(frame),
            // A second CONNECT [MQTT-3.1.0-2], a server's packets, authentication that was not begun
            _ => MqttReasonCode.ProtocolError,
        };
        if (error != MqttReasonCode.Success) session.Disconnect(error);
    }

    MqttReasonCode Acknowledged(in MqttFrame frame)
    {
        var error = MqttAck.Read(frame, session.Version, out var ack);
        if (error != MqttReasonCode.Success) return error;
        if (session.Trace is not null) session.Tell(ack.Type, ack.PacketId, ack.Reason, isWritten: false);
        switch (ack.Type)
        {
            case MqttPacketType.PubRel: return session.Released(ack.PacketId);
            case MqttPacketType.PubRec: session.Received(ack.PacketId, ack.Reason); break;
            case MqttPacketType.PubComp: session.Finished(ack.PacketId, OutboundWindow.Step.PubComp); break;
            default: session.Finished(ack.PacketId, OutboundWindow.Step.PubAck); break;
        }
        return MqttReasonCode.Success;
    }

    MqttReasonCode Ping(in MqttFrame frame)
    {
        var error = MqttPing.Read(frame);
        if (error != MqttReasonCode.Success) return error;
        if (session.Trace is not null) session.Tell(MqttPacketType.PingReq, 0, error, isWritten: false);
        session.Reply(MqttPacketType.PingResp);
        return error;
    }

    MqttReasonCode Disconnected(in MqttFrame frame)
    {
        var error = MqttDisconnect.Read(frame, session.Version, out var packet);
        if (error != MqttReasonCode.Success) return error;
        if (session.Trace is not null) session.Tell(MqttPacketType.Disconnect, 0, packet.Reason, isWritten: false);
        if (packet.Properties.TryGet(MqttPropertyId.SessionExpiryInterval, out var expiry) && !session.TryChangeExpiry(expiry.Number))
            return MqttReasonCode.ProtocolError;
        session.CloseByClient(packet.Reason);
        return error;
    }

    MqttReasonCode Subscribe(in MqttFrame frame)
    {
        var error = MqttSubscribe.Read(frame, session.Version, out var packet);
        if (error != MqttReasonCode.Success) return error;
        if (session.Trace is not null) session.Tell(packet);
        var count = 0;
        foreach (var _ in packet) count++;
        var reasons = new MqttReasonCode[count];
        count = 0;
        foreach (var asked in packet) reasons[count++] = SubscriptionPolicy.Judge(broker.Application, session, asked.Filter, asked.Options);
        if (!session.Subscribe(broker.Index, packet, reasons)) return MqttReasonCode.Success;
        count = 0;
        foreach (var asked in packet)
        {
            var granted = reasons[count++];
            if ((byte)granted < 0x80) broker.Application.Subscribed(session, Encoding.UTF8.GetString(asked.Filter), (MqttQos)granted);
        }
        return MqttReasonCode.Success;
    }

    MqttReasonCode Unsubscribe(in MqttFrame frame)
    {
        var error = MqttUnsubscribe.Read(frame, session.Version, out var packet);
        if (error != MqttReasonCode.Success) return error;
        if (session.Trace is not null) session.Tell(packet);
        var count = 0;
        foreach (var _ in packet) count++;
        session.Unsubscribe(broker.Index, packet, new MqttReasonCode[count]);
        return MqttReasonCode.Success;
    }
}
