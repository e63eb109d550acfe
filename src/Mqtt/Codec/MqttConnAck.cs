using System.Buffers;

namespace Waybill.Mqtt.Codec;

/// <summary>CONNACK (3.2).</summary>
public readonly ref struct MqttConnAck
{
    /// <summary>Whether the server kept a session of this client.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>Reason code. Return codes of 3.1 and 3.1.1 are translated both ways.</summary>
    public MqttReasonCode Reason { get; init; }

    /// <summary>Properties of 5.0.</summary>
    public MqttProperties Properties { get; init; }

    /// <summary>Reads a packet; <see cref="MqttReasonCode.Success"/> when it is well-formed.</summary>
    public static MqttReasonCode Read(scoped in MqttFrame frame, MqttVersion version, out MqttConnAck packet)
    {
        var reader = new MqttReader(frame.Body);
        var flags = reader.Byte();
        var code = reader.Byte();
        var reason = version == MqttVersion.V50 ? (MqttReasonCode)code : FromReturnCode(code);
        var properties = reader.Properties(version, MqttPropertyPlace.InConnAck);
        // 3.1 leaves the first byte undefined
        var present = version != MqttVersion.V31 && (flags & 1) != 0;
        if (version != MqttVersion.V31 && (flags & ~1) != 0) reader.Fail(MqttReasonCode.MalformedPacket);
        if (version == MqttVersion.V50 ? code != 0 && (code < 0x80 || !Enum.IsDefined(reason)) : code > 5)
            reader.Fail(MqttReasonCode.MalformedPacket);
        // [MQTT-3.2.2-6]
        if (present && code != 0) reader.Fail(MqttReasonCode.ProtocolError);
        packet = new() { SessionPresent = present, Reason = reason, Properties = properties };
        return reader.Finish();
    }

    /// <summary>Bytes of the whole packet.</summary>
    internal int Size(MqttVersion version)
    {
        var body = 2 + MqttWriter.PropertiesLength(version, Properties);
        return 1 + MqttWriter.VarIntLength(body) + body;
    }

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        var body = 2 + MqttWriter.PropertiesLength(version, Properties);
        var writer = new MqttWriter(output.GetSpan(5 + body));
        writer.Header(MqttPacketType.ConnAck, 0, body);
        writer.Byte((byte)(SessionPresent && version != MqttVersion.V31 ? 1 : 0));
        writer.Byte(version == MqttVersion.V50 ? (byte)Reason : ToReturnCode(Reason));
        writer.Properties(version, Properties);
        output.Advance(writer.Position);
    }

    static byte ToReturnCode(MqttReasonCode reason) => reason switch
    {
        MqttReasonCode.Success => 0,
        MqttReasonCode.UnsupportedProtocolVersion => 1,
        MqttReasonCode.ClientIdentifierNotValid => 2,
        MqttReasonCode.BadUserNameOrPassword => 4,
        MqttReasonCode.NotAuthorized or MqttReasonCode.Banned or MqttReasonCode.BadAuthenticationMethod => 5,
        _ => 3,
    };

    static MqttReasonCode FromReturnCode(byte code) => code switch
    {
        0 => MqttReasonCode.Success,
        1 => MqttReasonCode.UnsupportedProtocolVersion,
        2 => MqttReasonCode.ClientIdentifierNotValid,
        4 => MqttReasonCode.BadUserNameOrPassword,
        5 => MqttReasonCode.NotAuthorized,
        _ => MqttReasonCode.ServerUnavailable,
    };
}
