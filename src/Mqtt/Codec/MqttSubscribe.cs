using System.Buffers;

namespace Waybill.Mqtt.Codec;

/// <summary>What to do with retained messages at SUBSCRIBE (3.8.3.1).</summary>
public enum MqttRetainHandling : byte
{
    /// <summary>Send them.</summary>
    Send = 0,
    /// <summary>Send them if the subscription is new.</summary>
    SendIfNew = 1,
    /// <summary>Do not send them.</summary>
    DoNotSend = 2,
}

/// <summary>The options byte of a subscription (3.8.3.1). Older versions have only the QoS.</summary>
public readonly record struct MqttSubscriptionOptions(MqttQos Qos)
{
    /// <summary>Do not send the client its own messages.</summary>
    public bool NoLocal { get; init; }

    /// <summary>Keep the RETAIN flag of forwarded messages.</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>What to do with retained messages.</summary>
    public MqttRetainHandling RetainHandling { get; init; }

    internal byte Encode(MqttVersion version) => version != MqttVersion.V50
        ? (byte)Qos
        : (byte)((int)Qos | (NoLocal ? 4 : 0) | (RetainAsPublished ? 8 : 0) | (int)RetainHandling << 4);

    internal static MqttSubscriptionOptions Decode(byte options) => new((MqttQos)(options & 3))
    {
        NoLocal = (options & 4) != 0,
        RetainAsPublished = (options & 8) != 0,
        RetainHandling = (MqttRetainHandling)(options >> 4 & 3),
    };
}

/// <summary>SUBSCRIBE (3.8).</summary>
public readonly ref struct MqttSubscribe
{
    readonly ReadOnlySpan<byte> _filters;

    MqttSubscribe(ushort packetId, MqttProperties properties, ReadOnlySpan<byte> filters)
    {
        PacketId = packetId;
        Properties = properties;
        _filters = filters;
    }

    /// <summary>Packet id, 1 to 65535.</summary>
    public ushort PacketId { get; }

    /// <summary>Properties of 5.0.</summary>
    public MqttProperties Properties { get; }

    /// <summary>Walks the filters with their options.</summary>
    public Enumerator GetEnumerator() => new(_filters);

    /// <summary>Reads a packet; <see cref="MqttReasonCode.Success"/> when it and all its filters are well-formed.</summary>
    public static MqttReasonCode Read(scoped in MqttFrame frame, MqttVersion version, out MqttSubscribe packet)
    {
        var reader = new MqttReader(frame.Body);
        var id = reader.PacketId();
        var properties = reader.Properties(version, MqttPropertyPlace.InSubscribe);
        var filters = reader.TakeRest();
        packet = new(id, properties, filters);
        // [MQTT-3.8.3-2]
        if (filters.IsEmpty) reader.Fail(MqttReasonCode.ProtocolError);
        var check = new MqttReader(filters);
        while (!check.End) CheckFilter(ref check, version);
        return reader.Error != MqttReasonCode.Success ? reader.Error : check.Error;
    }

    static void CheckFilter(ref MqttReader reader, MqttVersion version)
    {
        var filter = reader.Binary();
        if (!MqttTopic.IsFilter(filter)) reader.Fail(MqttReasonCode.MalformedPacket);
        var options = reader.Byte();
        // [MQTT-3.8.3-5]; QoS 3 and retain handling 3 are protocol errors
        if ((options & (version == MqttVersion.V50 ? 0xC0 : 0xFC)) != 0) reader.Fail(MqttReasonCode.MalformedPacket);
        if ((options & 3) == 3 || (options & 0x30) == 0x30) reader.Fail(MqttReasonCode.ProtocolError);
        // [MQTT-3.8.3-4]
        if ((options & 4) != 0 && MqttTopic.IsShared(filter)) reader.Fail(MqttReasonCode.ProtocolError);
    }

    /// <summary>Writes a packet.</summary>
    public static void Write(IBufferWriter<byte> output, MqttVersion version, ushort packetId,
        ReadOnlySpan<(string Filter, MqttSubscriptionOptions Options)> filters, MqttProperties properties = default)
    {
        var body = 2 + MqttWriter.PropertiesLength(version, properties);
        foreach (var (filter, _) in filters) body += MqttWriter.TextLength(filter) + 1;
        var writer = new MqttWriter(output.GetSpan(5 + body));
        writer.Header(MqttPacketType.Subscribe, 2, body);
        writer.UInt16(packetId);
        writer.Properties(version, properties);
        foreach (var (filter, options) in filters)
        {
            writer.Text(filter);
            writer.Byte(options.Encode(version));
        }
        output.Advance(writer.Position);
    }

    /// <summary>Walks the filters.</summary>
    public ref struct Enumerator
    {
        MqttReader _reader;

        internal Enumerator(ReadOnlySpan<byte> filters) => _reader = new(filters);

        /// <summary>Topic filter, UTF-8.</summary>
        public ReadOnlySpan<byte> Filter { get; private set; }

        /// <summary>Its options.</summary>
        public MqttSubscriptionOptions Options { get; private set; }

        /// <summary>This position itself, for <c>foreach</c>.</summary>
        public readonly Enumerator Current => this;

        /// <summary>Goes to the next filter.</summary>
        public bool MoveNext()
        {
            if (_reader.End) return false;
            Filter = _reader.Binary();
            Options = MqttSubscriptionOptions.Decode(_reader.Byte());
            return _reader.Error == MqttReasonCode.Success;
        }
    }
}
