using System.Buffers;

namespace Waybill.Mqtt.Codec;

// Hot. Topic, payload and properties point into the buffer the packet was read from (or the caller's when writing) and are valid no longer
// than it. Reading and writing allocate nothing. Watched by CodecBenchmark and BrokerBenchmark.

/// <summary>PUBLISH (3.3).</summary>
public readonly ref struct MqttPublish
{
    const int OneSpan = 2048;

    /// <summary>Topic name, UTF-8. Empty only in 5.0 together with a topic alias.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Quality of service.</summary>
    public MqttQos Qos { get; init; }

    /// <summary>RETAIN flag.</summary>
    public bool Retain { get; init; }

    /// <summary>DUP flag: an earlier attempt may have arrived.</summary>
    public bool Dup { get; init; }

    /// <summary>Packet id, 1 to 65535; 0 at QoS 0.</summary>
    public ushort PacketId { get; init; }

    /// <summary>Properties of 5.0.</summary>
    public MqttProperties Properties { get; init; }

    /// <summary>Reads a packet; <see cref="MqttReasonCode.Success"/> when it is well-formed.</summary>
    public static MqttReasonCode Read(scoped in MqttFrame frame, MqttVersion version, out MqttPublish packet)
    {
        packet = default;
        var reader = new MqttReader(frame.Body);
        var topic = reader.Binary();
        var qos = (MqttQos)(frame.Flags >> 1 & 3);
        var id = qos == MqttQos.AtMostOnce ? (ushort)0 : reader.PacketId();
        var properties = reader.Properties(version, MqttPropertyPlace.InPublish);
        if (reader.Error != MqttReasonCode.Success) return reader.Error;
        if (topic.IsEmpty)
        {
            if (version != MqttVersion.V50) return MqttReasonCode.MalformedPacket;
            if (!properties.TryGet(MqttPropertyId.TopicAlias, out _)) return MqttReasonCode.ProtocolError;
        }
        else if (!MqttTopic.IsName(topic))
        {
            return MqttTopic.HasWildcard(topic) ? MqttReasonCode.TopicNameInvalid : MqttReasonCode.MalformedPacket;
        }
        packet = new()
        {
            Topic = topic,
            Payload = reader.TakeRest(),
            Qos = qos,
            Retain = (frame.Flags & 1) != 0,
            Dup = (frame.Flags & 8) != 0,
            PacketId = id,
            Properties = properties,
        };
        return MqttReasonCode.Success;
    }

    /// <summary>Bytes the whole packet takes.</summary>
    public int Size(MqttVersion version)
    {
        var body = HeadLength(version) + Payload.Length;
        return 1 + MqttWriter.VarIntLength(body) + body;
    }

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        var head = HeadLength(version);
        var whole = 5 + head + Payload.Length;
        // A large payload goes in pieces, so that the pipe keeps to its own pooled segments
        var writer = new MqttWriter(output.GetSpan(whole <= OneSpan ? whole : 5 + head));
        var flags = (Dup ? 8 : 0) | (int)Qos << 1 | (Retain ? 1 : 0);
        writer.Header(MqttPacketType.Publish, (byte)flags, head + Payload.Length);
        writer.Binary(Topic);
        if (Qos != MqttQos.AtMostOnce) writer.UInt16(PacketId);
        writer.Properties(version, Properties);
        if (whole <= OneSpan) writer.Raw(Payload);
        output.Advance(writer.Position);
        if (whole > OneSpan) output.Write(Payload);
    }

    int HeadLength(MqttVersion version) =>
        2 + Topic.Length + (Qos == MqttQos.AtMostOnce ? 0 : 2) + MqttWriter.PropertiesLength(version, Properties);
}
