using System.Buffers;
using System.Runtime.InteropServices;

namespace Waybill.Mqtt.Codec;

/// <summary>SUBACK (3.9) and UNSUBACK (3.11).</summary>
public readonly ref struct MqttSubAck
{
    /// <summary>Which of the two.</summary>
    public MqttPacketType Type { get; init; }

    /// <summary>Packet id, 1 to 65535.</summary>
    public ushort PacketId { get; init; }

    /// <summary>Properties of 5.0.</summary>
    public MqttProperties Properties { get; init; }

    /// <summary>One code per filter in the order asked; none in an UNSUBACK before 5.0.</summary>
    public ReadOnlySpan<MqttReasonCode> Reasons { get; init; }

    /// <summary>Reads a packet; <see cref="MqttReasonCode.Success"/> when it is well-formed.</summary>
    public static MqttReasonCode Read(scoped in MqttFrame frame, MqttVersion version, out MqttSubAck packet)
    {
        var reader = new MqttReader(frame.Body);
        var id = reader.PacketId();
        var properties = reader.Properties(version, (MqttPropertyPlace)(1 << (int)frame.Type));
        var hasReasons = frame.Type == MqttPacketType.SubAck || version == MqttVersion.V50;
        var reasons = hasReasons ? MemoryMarshal.Cast<byte, MqttReasonCode>(reader.TakeRest()) : default;
        if (hasReasons && reasons.IsEmpty) reader.Fail(MqttReasonCode.MalformedPacket);
        foreach (var reason in reasons)
            if (!IsAllowed(frame.Type, version, reason)) reader.Fail(MqttReasonCode.MalformedPacket);
        packet = new() { Type = frame.Type, PacketId = id, Properties = properties, Reasons = reasons };
        return reader.Finish();
    }

    /// <summary>Writes the packet. Before 5.0 every refusal is 0x80 [MQTT-3.9.3-2 of 3.1.1].</summary>
    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        var hasReasons = Type == MqttPacketType.SubAck || version == MqttVersion.V50;
        var body = 2 + MqttWriter.PropertiesLength(version, Properties) + (hasReasons ? Reasons.Length : 0);
        var writer = new MqttWriter(output.GetSpan(5 + body));
        writer.Header(Type, 0, body);
        writer.UInt16(PacketId);
        writer.Properties(version, Properties);
        if (hasReasons)
            foreach (var reason in Reasons)
                writer.Byte((byte)(version == MqttVersion.V50 || (byte)reason < 0x80 ? reason : MqttReasonCode.UnspecifiedError));
        output.Advance(writer.Position);
    }

    static bool IsAllowed(MqttPacketType type, MqttVersion version, MqttReasonCode reason) => (byte)reason switch
    {
        0x00 => true,
        0x01 or 0x02 => type == MqttPacketType.SubAck,
        0x11 => type == MqttPacketType.UnsubAck,
        0x80 => true,
        _ => version == MqttVersion.V50 && reason switch
        {
            MqttReasonCode.ImplementationSpecificError or MqttReasonCode.NotAuthorized or MqttReasonCode.TopicFilterInvalid
                or MqttReasonCode.PacketIdentifierInUse => true,
            MqttReasonCode.QuotaExceeded or MqttReasonCode.SharedSubscriptionsNotSupported
                or MqttReasonCode.SubscriptionIdentifiersNotSupported or MqttReasonCode.WildcardSubscriptionsNotSupported =>
                type == MqttPacketType.SubAck,
            _ => false,
        },
    };
}
