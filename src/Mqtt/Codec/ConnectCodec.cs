using System.Buffers;
using System.Text;

namespace Waybill.Mqtt.Codec;

/// <summary>Bytes of CONNECT (3.1).</summary>
static class ConnectCodec
{
    const int CleanFlag = 0x02, WillFlag = 0x04, WillRetainFlag = 0x20, PasswordFlag = 0x40, UserNameFlag = 0x80;

    public static MqttReasonCode Read(scoped in MqttFrame frame, out MqttConnect? packet)
    {
        packet = null;
        var reader = new MqttReader(frame.Body);
        var name = reader.Binary();
        var level = reader.Byte();
        if (reader.Error != MqttReasonCode.Success) return reader.Error;
        var version = VersionOf(name, level);
        if (version == MqttVersion.Unknown)
            return name.SequenceEqual("MQTT"u8) || name.SequenceEqual("MQIsdp"u8)
                ? MqttReasonCode.UnsupportedProtocolVersion : MqttReasonCode.ProtocolError;

        var flags = reader.Byte();
        if (!FlagsAreValid(flags, version)) reader.Fail(MqttReasonCode.MalformedPacket);
        var keepAlive = reader.UInt16();
        var properties = reader.Properties(version, MqttPropertyPlace.InConnect);
        var clientId = reader.Utf8Text();
        var will = (flags & WillFlag) == 0 ? null : ReadWill(ref reader, flags, version);
        // 3.1 lets the remaining length overrule both flags
        var older = version == MqttVersion.V31;
        var hasUser = (flags & UserNameFlag) != 0 && !(older && reader.End);
        var userName = hasUser ? reader.Utf8Text() : default;
        var hasPassword = (flags & PasswordFlag) != 0 && !(older && reader.End);
        var password = hasPassword ? reader.Binary() : default;
        var error = reader.Finish();
        if (error != MqttReasonCode.Success) return error;

        packet = new()
        {
            Version = version,
            ClientId = Encoding.UTF8.GetString(clientId),
            UserName = hasUser ? Encoding.UTF8.GetString(userName) : null,
            Password = hasPassword ? password.ToArray() : (ReadOnlyMemory<byte>?)null,
            KeepAliveSeconds = keepAlive,
            CleanStart = (flags & CleanFlag) != 0,
            Will = will,
            PropertyBytes = properties.Bytes.ToArray(),
        };
        return MqttReasonCode.Success;
    }

    static MqttVersion VersionOf(ReadOnlySpan<byte> name, byte level) => level switch
    {
        3 when name.SequenceEqual("MQIsdp"u8) => MqttVersion.V31,
        4 when name.SequenceEqual("MQTT"u8) => MqttVersion.V311,
        5 when name.SequenceEqual("MQTT"u8) => MqttVersion.V50,
        _ => MqttVersion.Unknown,
    };

    static bool FlagsAreValid(byte flags, MqttVersion version)
    {
        var willQos = flags >> 3 & 3;
        if (willQos == 3) return false;                                                              // [MQTT-3.1.2-12]
        if (version == MqttVersion.V31) return true;                                                 // its unused bits are undefined
        if ((flags & 1) != 0) return false;                                                          // [MQTT-3.1.2-3]
        if ((flags & WillFlag) == 0 && (willQos != 0 || (flags & WillRetainFlag) != 0)) return false; // [MQTT-3.1.2-11, -13]
        return version == MqttVersion.V50 || (flags & (UserNameFlag | PasswordFlag)) != PasswordFlag; // [MQTT-3.1.2-22] of 3.1.1
    }

    static MqttWill? ReadWill(ref MqttReader reader, byte flags, MqttVersion version)
    {
        var properties = reader.Properties(version, MqttPropertyPlace.Will);
        var topic = reader.Binary();
        var payload = reader.Binary();
        if (reader.Error != MqttReasonCode.Success) return null;
        if (!MqttTopic.IsName(topic))
        {
            reader.Fail(MqttTopic.HasWildcard(topic) ? MqttReasonCode.TopicNameInvalid : MqttReasonCode.MalformedPacket);
            return null;
        }
        var withDelay = properties.TryGet(MqttPropertyId.WillDelayInterval, out var delay);
        return new(Encoding.UTF8.GetString(topic), payload.ToArray())
        {
            Qos = (MqttQos)(flags >> 3 & 3),
            Retain = (flags & WillRetainFlag) != 0,
            DelaySeconds = delay.Number,
            PropertyBytes = withDelay ? WithoutDelay(properties) : properties.Bytes.ToArray(),
        };
    }

    static byte[] WithoutDelay(MqttProperties properties)
    {
        // Id and four bytes; found by walking, so that a value that looks like it is left alone
        var bytes = properties.Bytes;
        for (var at = 0; at < bytes.Length;)
        {
            var walk = new MqttProperties.Enumerator(bytes[at..]);
            walk.MoveNext();
            if (walk.Current.Id == MqttPropertyId.WillDelayInterval) return [.. bytes[..at], .. bytes[(at + 5)..]];
            at = bytes.Length - walk.Left;
        }
        return bytes.ToArray();
    }

    public static void Write(MqttConnect packet, IBufferWriter<byte> output)
    {
        var version = packet.Version;
        var name = version == MqttVersion.V31 ? "MQIsdp"u8 : "MQTT"u8;
        var will = packet.Will;
        var willProperties = will is null || version != MqttVersion.V50 ? new() : WillProperties(will);
        var body = 2 + name.Length + 4 + MqttWriter.PropertiesLength(version, packet.Properties) + MqttWriter.TextLength(packet.ClientId)
            + (will is null ? 0 : MqttWriter.PropertiesLength(version, willProperties.Properties) + MqttWriter.TextLength(will.Topic) + 2 + will.Payload.Length)
            + (packet.UserName is null ? 0 : MqttWriter.TextLength(packet.UserName))
            + (packet.Password is { } secret ? 2 + secret.Length : 0);

        var writer = new MqttWriter(output.GetSpan(5 + body));
        writer.Header(MqttPacketType.Connect, 0, body);
        writer.Binary(name);
        writer.Byte((byte)version);
        writer.Byte(Flags(packet));
        writer.UInt16(packet.KeepAliveSeconds);
        writer.Properties(version, packet.Properties);
        writer.Text(packet.ClientId);
        if (will is not null)
        {
            writer.Properties(version, willProperties.Properties);
            writer.Text(will.Topic);
            writer.Binary(will.Payload.Span);
        }
        if (packet.UserName is not null) writer.Text(packet.UserName);
        if (packet.Password is { } password) writer.Binary(password.Span);
        output.Advance(writer.Position);
    }

    static MqttPropertyBuffer WillProperties(MqttWill will)
    {
        var properties = new MqttPropertyBuffer();
        if (will.DelaySeconds != 0) properties.Add(MqttPropertyId.WillDelayInterval, will.DelaySeconds);
        return properties.Add(will.Properties);
    }

    static byte Flags(MqttConnect packet) => (byte)(
        (packet.CleanStart ? CleanFlag : 0)
        | (packet.Will is { } will ? WillFlag | (int)will.Qos << 3 | (will.Retain ? WillRetainFlag : 0) : 0)
        | (packet.Password is null ? 0 : PasswordFlag)
        | (packet.UserName is null ? 0 : UserNameFlag));
}
