using System.Buffers;

namespace Waybill.Mqtt.Codec;

/// <summary>UNSUBSCRIBE (3.10).</summary>
public readonly ref struct MqttUnsubscribe
{
    readonly ReadOnlySpan<byte> _filters;

    MqttUnsubscribe(ushort packetId, MqttProperties properties, ReadOnlySpan<byte> filters)
    {
        PacketId = packetId;
        Properties = properties;
        _filters = filters;
    }

    /// <summary>Packet id, 1 to 65535.</summary>
    public ushort PacketId { get; }

    /// <summary>Properties of 5.0.</summary>
    public MqttProperties Properties { get; }

    /// <summary>Walks the filters, UTF-8.</summary>
    public Enumerator GetEnumerator() => new(_filters);

    /// <summary>Reads a packet; <see cref="MqttReasonCode.Success"/> when it and all its filters are well-formed.</summary>
    public static MqttReasonCode Read(scoped in MqttFrame frame, MqttVersion version, out MqttUnsubscribe packet)
    {
        var reader = new MqttReader(frame.Body);
        var id = reader.PacketId();
        var properties = reader.Properties(version, MqttPropertyPlace.InUnsubscribe);
        var filters = reader.TakeRest();
        packet = new(id, properties, filters);
        // [MQTT-3.10.3-2]
        if (filters.IsEmpty) reader.Fail(MqttReasonCode.ProtocolError);
        var check = new MqttReader(filters);
        while (!check.End)
            if (!MqttTopic.IsFilter(check.Binary())) check.Fail(MqttReasonCode.MalformedPacket);
        return reader.Error != MqttReasonCode.Success ? reader.Error : check.Error;
    }

    /// <summary>Writes a packet.</summary>
    public static void Write(IBufferWriter<byte> output, MqttVersion version, ushort packetId,
        ReadOnlySpan<string> filters, MqttProperties properties = default)
    {
        var body = 2 + MqttWriter.PropertiesLength(version, properties);
        foreach (var filter in filters) body += MqttWriter.TextLength(filter);
        var writer = new MqttWriter(output.GetSpan(5 + body));
        writer.Header(MqttPacketType.Unsubscribe, 2, body);
        writer.UInt16(packetId);
        writer.Properties(version, properties);
        foreach (var filter in filters) writer.Text(filter);
        output.Advance(writer.Position);
    }

    /// <summary>Walks the filters.</summary>
    public ref struct Enumerator
    {
        MqttReader _reader;

        internal Enumerator(ReadOnlySpan<byte> filters) => _reader = new(filters);

        /// <summary>Topic filter, UTF-8.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Goes to the next filter.</summary>
        public bool MoveNext()
        {
            if (_reader.End) return false;
            Current = _reader.Binary();
            return _reader.Error == MqttReasonCode.Success;
        }
    }
}
