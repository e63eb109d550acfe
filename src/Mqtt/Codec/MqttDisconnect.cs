using System.Buffers;

namespace Waybill.Mqtt.Codec;

/// <summary>DISCONNECT (3.14) and AUTH (3.15): a reason and properties, both absent when there is nothing to say.</summary>
public readonly ref struct MqttDisconnect
{
    /// <summary><see cref="MqttPacketType.Disconnect"/> or <see cref="MqttPacketType.Auth"/>.</summary>
    public MqttPacketType Type { get; init; }

    /// <summary>Reason code of 5.0.</summary>
    public MqttReasonCode Reason { get; init; }

    /// <summary>Properties of 5.0.</summary>
    public MqttProperties Properties { get; init; }

    /// <summary>Reads a packet; <see cref="MqttReasonCode.Success"/> when it is well-formed.</summary>
    public static MqttReasonCode Read(scoped in MqttFrame frame, MqttVersion version, out MqttDisconnect packet)
    {
        var reader = new MqttReader(frame.Body);
        var reason = MqttReasonCode.Success;
        var properties = default(MqttProperties);
        if (version == MqttVersion.V50 && !reader.End)
        {
            reason = (MqttReasonCode)reader.Byte();
            if (!IsAllowed(frame.Type, reason)) reader.Fail(MqttReasonCode.MalformedPacket);
            if (!reader.End) properties = reader.Properties(version, (MqttPropertyPlace)(1 << (int)frame.Type));
        }
        packet = new() { Type = frame.Type, Reason = reason, Properties = properties };
        return reader.Finish();
    }

    /// <summary>Writes the packet in its shortest form.</summary>
    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        var plain = version != MqttVersion.V50 || (Reason == MqttReasonCode.Success && Properties.Bytes.IsEmpty);
        var body = plain ? 0 : Properties.Bytes.IsEmpty ? 1 : 1 + MqttWriter.PropertiesLength(version, Properties);
        var writer = new MqttWriter(output.GetSpan(5 + body));
        writer.Header(Type, 0, body);
        if (!plain) writer.Byte((byte)Reason);
        if (body > 1) writer.Properties(version, Properties);
        output.Advance(writer.Position);
    }

    // Table 3.14.2.1 and 3.15.2.1
    static bool IsAllowed(MqttPacketType type, MqttReasonCode reason) => type == MqttPacketType.Auth
        ? reason is MqttReasonCode.Success or MqttReasonCode.ContinueAuthentication or MqttReasonCode.Reauthenticate
        : (byte)reason is 0x00 or 0x04 or >= 0x80 and <= 0x83 or 0x87 or 0x89 or 0x8B or >= 0x8D and <= 0x90 or >= 0x93 and <= 0xA2;
}
