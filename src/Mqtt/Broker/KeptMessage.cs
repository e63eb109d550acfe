using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>A copy of a message that must outlive the buffer it came in: one array holds topic, payload and properties.</summary>
sealed class KeptMessage
{
    readonly byte[] _bytes;
    readonly int _topic;
    readonly int _payload;

    public KeptMessage(in MqttPublish message)
    {
        _topic = message.Topic.Length;
        _payload = message.Payload.Length;
        var properties = message.Properties.Bytes;
        _bytes = GC.AllocateUninitializedArray<byte>(_topic + _payload + properties.Length);
        message.Topic.CopyTo(_bytes);
        message.Payload.CopyTo(_bytes.AsSpan(_topic));
        properties.CopyTo(_bytes.AsSpan(_topic + _payload));
        Qos = message.Qos;
        Retain = message.Retain;
    }

    public MqttQos Qos { get; }

    public bool Retain { get; }

    /// <summary>What it costs to keep, roughly.</summary>
    public int Size => _bytes.Length + 64;

    public MqttPublish ToPublish(ushort packetId = 0, bool dup = false) => new()
    {
        Topic = _bytes.AsSpan(0, _topic),
        Payload = _bytes.AsSpan(_topic, _payload),
        Properties = new(_bytes.AsSpan(_topic + _payload)),
        Qos = Qos,
        Retain = Retain,
        PacketId = packetId,
        Dup = dup,
    };
}
