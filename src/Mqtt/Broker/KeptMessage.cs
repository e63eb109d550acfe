using System.Buffers.Binary;
using System.Text;
using Waybill.Mqtt.Broker.Store;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>A copy of a message that must outlive the buffer it came in: one array holds topic, payload and properties.</summary>
sealed class KeptMessage
{
    /// <summary>The time of a message that does not expire.</summary>
    public const long Never = long.MaxValue;

    /// <summary>Bytes of the object itself.</summary>
    const int Own = 64;

    readonly byte[] _bytes;
    readonly int _topic;
    readonly int _payload;
    readonly int _expiry;

    public KeptMessage(in MqttPublish message, long now)
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
        for (var walk = message.Properties.GetEnumerator(); walk.MoveNext();)
        {
            if (walk.Current.Id != MqttPropertyId.MessageExpiryInterval) continue;
            _expiry = _bytes.Length - walk.Left - sizeof(uint);
            ExpiresAt = now + walk.Current.Number * 1000L;
        }
    }

    /// <summary>Place among the messages of its session; the packet id follows from it.</summary>
    public long Number { get; set; }

    /// <summary>Whether it ends with the connection it waits for.</summary>
    public bool IsOfConnection { get; init; }

    /// <summary>The client whose retained message it is; null when nobody knows.</summary>
    public string? From { get; init; }

    public MqttQos Qos { get; }

    public bool Retain { get; }

    /// <summary>Milliseconds of the broker's clock.</summary>
    public long ExpiresAt { get; init; } = Never;

    /// <summary>What it costs to keep, roughly.</summary>
    public int Size => _bytes.Length + Own;

    public ReadOnlySpan<byte> Topic => _bytes.AsSpan(0, _topic);

    /// <summary>The <see cref="Size"/> that a message will have.</summary>
    public static int SizeOf(in MqttPublish message) => message.Topic.Length + message.Payload.Length + message.Properties.Bytes.Length + Own;

    /// <summary>A message as a store kept it.</summary>
    public static KeptMessage Of(MqttStoredMessage stored, long number, MqttBroker broker) => new(new()
    {
        Topic = Encoding.UTF8.GetBytes(stored.Topic),
        Payload = stored.Payload.Span,
        Qos = stored.Qos,
        Retain = stored.Retain,
        Properties = new(stored.PropertyBytes.Span),
    }, 0)
    {
        Number = number,
        ExpiresAt = broker.FromUnix(stored.ExpiresAt),
    };

    /// <summary>The message for a store; its bytes but for the expiry interval stay as they are.</summary>
    public MqttStoredMessage ToStored(MqttBroker broker) => new(Encoding.UTF8.GetString(Topic), _bytes.AsMemory(_topic, _payload))
    {
        Qos = Qos,
        Retain = Retain,
        PropertyBytes = _bytes.AsMemory(_topic + _payload),
        ExpiresAt = broker.ToUnix(ExpiresAt),
    };

    /// <summary>Whether it may no longer be sent [MQTT-3.3.2-5].</summary>
    public bool IsExpired(long now) => now >= ExpiresAt;

    /// <summary>The message as it is to be sent now, with what is left of its expiry interval [MQTT-3.3.2-6]. For one thread at a time.</summary>
    public MqttPublish ToPublish(long now, ushort packetId = 0, bool dup = false)
    {
        if (_expiry > 0) BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(_expiry), (uint)Math.Max(0, (ExpiresAt - now + 999) / 1000));
        return new()
        {
            Topic = Topic,
            Payload = _bytes.AsSpan(_topic, _payload),
            Properties = new(_bytes.AsSpan(_topic + _payload)),
            Qos = Qos,
            Retain = Retain,
            PacketId = packetId,
            Dup = dup,
        };
    }
}
