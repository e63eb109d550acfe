using System.Buffers;
using System.Text;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Client;

/// <summary>What the server sends.</summary>
sealed partial class ClientConnection
{
    async Task ConnectAsync(CancellationToken ct)
    {
        _options.Connect.Write(_output);
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
        if (_options.Connect.KeepAliveSeconds == 0) return;
        // Twice within the keep-alive, so that one late timer does not end the session
        var period = TimeSpan.FromSeconds(_options.Connect.KeepAliveSeconds / 2.0);
        _pinging = _options.Clock.CreateTimer(static connection => ((ClientConnection)connection!).Ping(), this, period, period);
    }

    MqttReadStatus ReadAnswer(in ReadOnlySequence<byte> buffer, out SequencePosition consumed)
    {
        var frames = new MqttFrameReader(buffer);
        try
        {
            var status = frames.TryRead(Version, _options.MaximumPacketSize, out var frame);
            consumed = frames.Consumed;
            if (status == MqttReadStatus.NeedMore) return status;
            var error = status == MqttReadStatus.Malformed ? frames.Error
                : frame.Type != MqttPacketType.ConnAck ? MqttReasonCode.ProtocolError : MqttReasonCode.Success;
            var answer = default(MqttConnAck);
            if (error == MqttReasonCode.Success) error = MqttConnAck.Read(frame, Version, out answer);
            if (error != MqttReasonCode.Success) throw new MqttException(error, "The server's answer to CONNECT is not MQTT.");
            if (answer.Reason != MqttReasonCode.Success)
                throw new MqttException(answer.Reason, $"The server refused the connection: {answer.Reason}.");
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
        var quota = (int)properties.Number(MqttPropertyId.ReceiveMaximum, ushort.MaxValue);
        if (quota < ushort.MaxValue) _quota = new(quota, quota);
    }

    MqttReasonCode Read(in ReadOnlySequence<byte> buffer, MessageInbox inbox, out SequencePosition consumed, out Task? room)
    {
        room = null;
        var frames = new MqttFrameReader(buffer);
        try
        {
            while (true)
            {
                consumed = frames.Consumed;
                var status = frames.TryRead(Version, _options.MaximumPacketSize, out var frame);
                if (status == MqttReadStatus.NeedMore) return MqttReasonCode.Success;
                if (status == MqttReadStatus.Malformed) return frames.Error;
                var reason = Act(frame, inbox, out room);
                if (reason != MqttReasonCode.Success) return reason;
                if (room is null) continue;
                consumed = frames.Consumed;
                return MqttReasonCode.Success;
            }
        }
        finally
        {
            frames.Dispose();
        }
    }

    MqttReasonCode Act(in MqttFrame frame, MessageInbox inbox, out Task? room)
    {
        room = null;
        switch (frame.Type)
        {
            case MqttPacketType.Publish:
                return Take(frame, inbox, out room);
            case MqttPacketType.PubAck:
                var error = MqttAck.Read(frame, Version, out var ack);
                if (error == MqttReasonCode.Success) Complete(ack.PacketId, ack.Reason);
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
                return error != MqttReasonCode.Success ? error
                    : goodbye.Reason == MqttReasonCode.Success ? MqttReasonCode.UnspecifiedError : goodbye.Reason;
            default:
                return MqttReasonCode.ProtocolError;
        }
    }

    MqttReasonCode Take(in MqttFrame frame, MessageInbox inbox, out Task? room)
    {
        room = null;
        var error = MqttPublish.Read(frame, Version, out var packet);
        if (error != MqttReasonCode.Success) return error;
        // The client subscribes at QoS 0 and 1 and offers no topic alias
        if (packet.Qos == MqttQos.ExactlyOnce) return MqttReasonCode.ProtocolError;
        if (packet.Topic.IsEmpty) return MqttReasonCode.TopicAliasInvalid;
        var message = new MqttMessage(Encoding.UTF8.GetString(packet.Topic), packet.Payload.ToArray())
        {
            Qos = packet.Qos,
            Retain = packet.Retain,
            Dup = packet.Dup,
            PropertyBytes = packet.Properties.Bytes.ToArray(),
        };
        var added = inbox.AddAsync(message, this, packet.PacketId);
        if (!added.IsCompleted) room = added;
        return MqttReasonCode.Success;
    }

    void Complete(ushort id, MqttReasonCode reason)
    {
        lock (_output) _replies.Complete(id, reason);
    }
}
