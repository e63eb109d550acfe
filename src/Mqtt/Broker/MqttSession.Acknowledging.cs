using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>Acknowledgements in both directions (4.3).</summary>
public sealed partial class MqttSession
{
    InboundIds? _inbound;

    /// <summary>
    /// Acknowledges a held QoS 1 or 2 publish (PUBACK, PUBREC) and frees its place. Nothing is flushed. <paramref name="reason"/> is told
    /// in 5.0 only, <paramref name="why"/> too unless the client does not want it [MQTT-3.1.2-29].
    /// </summary>
    public void Acknowledge(ushort packetId, MqttReasonCode reason = MqttReasonCode.Success, string? why = null)
    {
        lock (_output)
        {
            FreePlace();
            if (packetId == 0) return;
            var qos = _inbound?.StageOf(packetId) == InboundIds.Stage.Pending ? MqttQos.ExactlyOnce : MqttQos.AtLeastOnce;
            AnswerLocked(qos, packetId, reason, why);
        }
    }

    /// <summary>Frees the place of a held QoS 0 publish.</summary>
    public void Release()
    {
        lock (_output) FreePlace();
    }

    /// <summary>
    /// Enters a QoS 2 message. False when it is not to be handled: a repetition, which is answered as before if it was [MQTT-4.3.3-10],
    /// or one more than the Receive Maximum of 5.0, which ends the session [MQTT-3.3.4-9].
    /// </summary>
    internal bool BeginExactlyOnce(ushort packetId)
    {
        lock (_output)
        {
            _inbound ??= new();
            switch (_inbound.StageOf(packetId))
            {
                case InboundIds.Stage.Received:
                    WriteAck(MqttPacketType.PubRec, packetId, MqttReasonCode.Success);
                    return false;
                case InboundIds.Stage.Pending:
                    return false;
            }
            if (Version != MqttVersion.V50 || _inbound.Count < _broker.Options.HeldWindow)
            {
                _inbound.Begin(packetId);
                return true;
            }
        }
        Disconnect(MqttReasonCode.ReceiveMaximumExceeded);
        return false;
    }

    /// <summary>Answers a publish the broker itself settled.</summary>
    internal void Answer(MqttQos qos, ushort packetId, MqttReasonCode reason)
    {
        if (qos == MqttQos.AtMostOnce) return;
        lock (_output) AnswerLocked(qos, packetId, reason);
    }

    void AnswerLocked(MqttQos qos, ushort packetId, MqttReasonCode reason, string? why = null)
    {
        if (qos == MqttQos.AtLeastOnce)
        {
            WriteAck(MqttPacketType.PubAck, packetId, reason, why);
            return;
        }
        // With an error code the id is free again [MQTT-4.3.3-9]; before 5.0 there is none and PUBREL follows
        if (Version == MqttVersion.V50 && (byte)reason >= 0x80) _inbound!.Forget(packetId);
        else
        {
            _inbound!.Receive(packetId);
            _record?.Took(packetId);
        }
        WriteAck(MqttPacketType.PubRec, packetId, reason, why);
    }

    /// <summary>PUBREL: the id may be used again [MQTT-4.3.3-11, MQTT-4.3.3-12].</summary>
    internal MqttReasonCode Released(ushort packetId)
    {
        lock (_output)
        {
            var stage = _inbound?.StageOf(packetId) ?? InboundIds.Stage.None;
            if (stage == InboundIds.Stage.Pending) return MqttReasonCode.ProtocolError;
            _inbound?.Forget(packetId);
            if (stage != InboundIds.Stage.None) _record?.Freed(packetId);
            WriteAck(MqttPacketType.PubComp, packetId,
                stage == InboundIds.Stage.None ? MqttReasonCode.PacketIdentifierNotFound : MqttReasonCode.Success);
            return MqttReasonCode.Success;
        }
    }

    /// <summary>PUBACK, or PUBCOMP.</summary>
    internal void Finished(ushort packetId, OutboundWindow.Step step)
    {
        lock (_output)
            if (_state == State.Open) _window?.Finished(packetId, step, _output);
    }

    /// <summary>PUBREC is answered with PUBREL [MQTT-4.3.3-4]; an error code in it ends the message.</summary>
    internal void Received(ushort packetId, MqttReasonCode reason)
    {
        lock (_output)
        {
            if (_state != State.Open) return;
            if ((byte)reason >= 0x80)
                _window?.Finished(packetId, OutboundWindow.Step.PubRec, _output);
            else
                WriteAck(MqttPacketType.PubRel, packetId,
                    _window?.Received(packetId) == true ? MqttReasonCode.Success : MqttReasonCode.PacketIdentifierNotFound);
        }
    }

    void WriteAck(MqttPacketType type, ushort packetId, MqttReasonCode reason, string? why = null)
    {
        if (_state != State.Open || !HasRoom(MqttReasonCode.QuotaExceeded)) return;
        _traffic.PacketsOut++;
        var properties = why is null || _isTerse || Version != MqttVersion.V50 ? default : ReasonText.Of(why, MaximumPacketSize);
        new MqttAck { Type = type, PacketId = packetId, Reason = reason, Properties = properties }.Write(_output, Version);
        if (_trace is not null) Tell(type, packetId, reason, isWritten: true);
    }
}
