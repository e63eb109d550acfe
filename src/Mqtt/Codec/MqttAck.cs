using System.Buffers;

namespace Waybill.Mqtt.Codec;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP (3.4 to 3.7).</summary>
public readonly ref struct MqttAck
{
    /// <summary>Which of the four.</summary>
    public MqttPacketType Type { get; init; }

    /// <summary>Packet id, 1 to 65535.</summary>
    public ushort PacketId { get; init; }

    /// <summary>Reason code of 5.0.</summary>
    public MqttReasonCode Reason { get; init; }

    /// <summary>Properties of 5.0.</summary>
    public MqttProperties Properties { get; init; }

    /// <summary>Reads a packet; <see cref="MqttReasonCode.Success"/> when it is well-formed.</summary>
    public static MqttReasonCode Read(scoped in MqttFrame frame, MqttVersion version, out MqttAck packet)
    {
        var reader = new MqttReader(frame.Body);
        var id = reader.PacketId();
        var reason = MqttReasonCode.Success;
        var properties = default(MqttProperties);
        if (version == MqttVersion.V50 && !reader.End)
        {
            reason = (MqttReasonCode)reader.Byte();
            if (!IsAllowed(frame.Type, reason)) reader.Fail(MqttReasonCode.MalformedPacket);
            if (!reader.End) properties = reader.Properties(version, (MqttPropertyPlace)(1 << (int)frame.Type));
        }
        packet = new() { Type = frame.Type, PacketId = id, Reason = reason, Properties = properties };
        return reader.Finish();
    }

    /// <summary>Writes the packet in its shortest form.</summary>
    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        var plain = version != MqttVersion.V50 || (Reason == MqttReasonCode.Success && Properties.Bytes.IsEmpty);
        var body = plain ? 2 : Properties.Bytes.IsEmpty ? 3 : 3 + MqttWriter.PropertiesLength(version, Properties);
        var writer = new MqttWriter(output.GetSpan(5 + body));
        writer.Header(Type, (byte)(Type == MqttPacketType.PubRel ? 2 : 0), body);
        writer.UInt16(PacketId);
        if (!plain) writer.Byte((byte)Reason);
        if (body > 3) writer.Properties(version, Properties);
        output.Advance(writer.Position);
    }

    static bool IsAllowed(MqttPacketType type, MqttReasonCode reason) => type switch
    {
        MqttPacketType.PubAck or MqttPacketType.PubRec => reason is MqttReasonCode.Success or MqttReasonCode.NoMatchingSubscribers
            or MqttReasonCode.UnspecifiedError or MqttReasonCode.ImplementationSpecificError or MqttReasonCode.NotAuthorized
            or MqttReasonCode.TopicNameInvalid or MqttReasonCode.PacketIdentifierInUse or MqttReasonCode.QuotaExceeded
            or MqttReasonCode.PayloadFormatInvalid,
        _ => reason is MqttReasonCode.Success or MqttReasonCode.PacketIdentifierNotFound,
    };
}
