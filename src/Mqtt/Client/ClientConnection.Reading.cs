using System.Buffers;
using System.Text;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Client;

/// <summary>What the server sends.</summary>
sealed partial class ClientConnection
{
    int _quota;
    MqttQos _maximumQos = MqttQos.ExactlyOnce;
    bool _mayRetain = true;
    uint _keepAliveSeconds;
    bool _isPresent;

    async Task ConnectAsync(CancellationToken ct)
    {
        _state.Connect.Write(_output);
        _output.Flush();
        while (true)
        {
            var result = await _input.ReadAsync(ct);
            var status = ReadAnswer(result.Buffer, out var consumed);
            _input.AdvanceTo(consumed, status == MqttReadStatus.NeedMore ? result.Buffer.End : consumed);
            if (status == MqttReadStatus.Ok) break;
            if (result.IsCompleted) throw MqttException.ConnectionLost();
        }
        _isOpen = true;
        _state.Connected(this, _quota, _isPresent);
        if (_keepAliveSeconds == 0) return;
        // Twice within the keep-alive, so that one late timer does not end the session
        var period = TimeSpan.FromSeconds(_keepAliveSeconds / 2.0);
        _pinging = _options.Clock.CreateTimer(static connection => ((ClientConnection)connection!).Ping(), this, period, period);
    }

    MqttReadStatus ReadAnswer(in ReadOnlySequence<byte> buffer, out SequencePosition consumed)
    {
        var frames = new MqttFrameReader(buffer);
        try
        {
            var status = frames.TryRead(Version, _largestPacket, out var frame);
            consumed = frames.Consumed;
            if (status == MqttReadStatus.NeedMore) return status;
            var error = status == MqttReadStatus.Malformed ? frames.Error
                : frame.Type != MqttPacketType.ConnAck ? MqttReasonCode.ProtocolError : MqttReasonCode.Success;
            var answer = default(MqttConnAck);
            if (error == MqttReasonCode.Success) error = MqttConnAck.Read(frame, Version, out answer);
            if (error != MqttReasonCode.Success) throw new MqttException(error, "The server's answer to CONNECT is not MQTT.");
            if (answer.Reason != MqttReasonCode.Success)
                throw new MqttException(answer.Reason, $"The server refused the connection: {answer.Reason}.");
            // [MQTT-3.2.2-4]
            if (answer.SessionPresent && _state.Connect.CleanStart) throw new MqttException(MqttReasonCode.ProtocolError, "The server goes on with a session that there is not.");
            // 3.1 does not tell; what is sent again to a server without the session does no harm
            _isPresent = answer.SessionPresent || (Version == MqttVersion.V31 && !_state.Connect.CleanStart);
            Accept(answer.Properties);
            return status;
        }
        finally
        {
            frames.Dispose();
        }
    }

    void Accept(MqttProperties properties)
    {
        ClientId = properties.TryGet(MqttPropertyId.AssignedClientIdentifier, out var assigned)
            ? Encoding.UTF8.GetString(assigned.Bytes) : _options.Connect.ClientId;
        _maximumPacketSize = properties.Number(MqttPropertyId.MaximumPacketSize, uint.MaxValue);
        _maximumQos = (MqttQos)properties.Number(MqttPropertyId.MaximumQos, 2);
        _mayRetain = properties.Number(MqttPropertyId.RetainAvailable, 1) == 1;
        _quota = (int)properties.Number(MqttPropertyId.ReceiveMaximum, ushort.MaxValue);
        // [MQTT-3.1.2-21]
        _keepAliveSeconds = properties.Number(MqttPropertyId.ServerKeepAlive, _options.Connect.KeepAliveSeconds);
        ResponseInformation = properties.TryGet(MqttPropertyId.ResponseInformation, out var information) ? Encoding.UTF8.GetString(information.Bytes) : null;
        var aliases = (int)Math.Min(_options.MaximumTopicAliases, properties.Number(MqttPropertyId.TopicAliasMaximum, 0));
        if (aliases > 0) _aliasesOut = new(aliases);
        var own = _state.Connect.Properties;
        if (own.Number(MqttPropertyId.TopicAliasMaximum, 0) is var offered and > 0) _aliasesIn = new((int)offered);
        // Before 5.0 the packet ids are the limit
        _receiveMaximum = (int)own.Number(MqttPropertyId.ReceiveMaximum, ushort.MaxValue);
    }

    MqttReasonCode Read(in ReadOnlySequence<byte> buffer, MessageInbox inbox, out SequencePosition consumed)
    {
        var frames = new MqttFrameReader(buffer);
        try
        {
            while (true)
            {
                consumed = frames.Consumed;
                var status = frames.TryRead(Version, _largestPacket, out var frame);
                if (status == MqttReadStatus.NeedMore) return MqttReasonCode.Success;
                if (status == MqttReadStatus.Malformed) return frames.Error;
                var reason = Act(frame, inbox);
                if (reason != MqttReasonCode.Success) return reason;
            }
        }
        finally
        {
            frames.Dispose();
        }
    }

    MqttReasonCode Act(in MqttFrame frame, MessageInbox inbox)
    {
        switch (frame.Type)
        {
            case MqttPacketType.Publish:
                return Take(frame, inbox);
            case MqttPacketType.PubAck or MqttPacketType.PubRec or MqttPacketType.PubRel or MqttPacketType.PubComp:
                var error = MqttAck.Read(frame, Version, out var ack);
                if (error != MqttReasonCode.Success) return error;
                if (ack.Type == MqttPacketType.PubRel) _state.Inbound.Released(this, ack.PacketId);
                else _state.Outbox.Acknowledged(this, ack);
                return error;
            case MqttPacketType.SubAck or MqttPacketType.UnsubAck:
                error = MqttSubAck.Read(frame, Version, out var answer);
                if (error == MqttReasonCode.Success) Complete(answer.PacketId, answer.Reasons.IsEmpty ? default : answer.Reasons[0]);
                return error;
            case MqttPacketType.PingResp:
                Volatile.Write(ref _pingsOut, 0);
                return MqttPing.Read(frame);
            case MqttPacketType.Disconnect when Version == MqttVersion.V50:
                error = MqttDisconnect.Read(frame, Version, out var goodbye);
                _serverSaidGoodbye = error == MqttReasonCode.Success;
                return error != MqttReasonCode.Success ? error
                    : goodbye.Reason == MqttReasonCode.Success ? MqttReasonCode.UnspecifiedError : goodbye.Reason;
            default:
                return MqttReasonCode.ProtocolError;
        }
    }

    MqttReasonCode Take(in MqttFrame frame, MessageInbox inbox)
    {
        var error = MqttPublish.Read(frame, Version, out var packet);
        if (error != MqttReasonCode.Success) return error;
        if (packet.Properties.TryGet(MqttPropertyId.TopicAlias, out var alias))
        {
            error = _aliasesIn?.Resolve(ref packet, alias.Number) ?? MqttReasonCode.TopicAliasInvalid;
            if (error != MqttReasonCode.Success) return error;
        }
        var session = 0;
        if (packet.Qos == MqttQos.ExactlyOnce)
        {
            if (_state.Inbound.Begin(this, packet.PacketId) is not { } entered) return error;
            session = entered;
        }
        if (packet.Qos != MqttQos.AtMostOnce && !CountUnacknowledged()) return MqttReasonCode.ReceiveMaximumExceeded;
        var message = new MqttMessage(Encoding.UTF8.GetString(packet.Topic), packet.Payload.ToArray())
        {
            Qos = packet.Qos,
            Retain = packet.Retain,
            Dup = packet.Dup,
            PropertyBytes = packet.Properties.Bytes.ToArray(),
            From = this,
            PacketId = packet.PacketId,
            Session = session,
        };
        if (_state.Requests.Take(message)) Acknowledge(message, MqttReasonCode.Success);
        else inbox.Add(message);
        return MqttReasonCode.Success;
    }

    /// <summary>PUBACK on the connection the message came on, PUBREC on the one the session has.</summary>
    public void Acknowledge(MqttMessage message, MqttReasonCode reason)
    {
        if (message.Qos == MqttQos.AtLeastOnce) Answer(MqttPacketType.PubAck, message.PacketId, reason);
        else if (message.Qos == MqttQos.ExactlyOnce) _state.Inbound.Handled(message.PacketId, message.Session, reason);
    }

    /// <summary>Throws when the server said that it does not take such messages [MQTT-3.2.2-11, MQTT-3.2.2-14].</summary>
    public void Check(MqttMessage message)
    {
        if (message.Qos > _maximumQos) throw new MqttException(MqttReasonCode.QosNotSupported, $"The server takes QoS {(int)_maximumQos} at most.");
        if (message.Retain && !_mayRetain) throw new MqttException(MqttReasonCode.RetainNotSupported, "The server retains no messages.");
    }

    /// <summary>Whether the server may have sent one more [MQTT-3.3.4-9].</summary>
    bool CountUnacknowledged()
    {
        lock (_output) return ++_unacknowledged <= _receiveMaximum;
    }

    void Complete(ushort id, MqttReasonCode reason)
    {
        lock (_output) _replies.Complete(id, reason);
    }
}
