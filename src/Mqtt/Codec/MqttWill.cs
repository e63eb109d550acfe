namespace Waybill.Mqtt.Codec;

/// <summary>The message a server publishes when a connection breaks (3.1.2.5).</summary>
public sealed record MqttWill(string Topic, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Quality of service.</summary>
    public MqttQos Qos { get; init; }

    /// <summary>RETAIN flag.</summary>
    public bool Retain { get; init; }

    /// <summary>Seconds to wait before publishing (5.0).</summary>
    public uint DelaySeconds { get; init; }

    /// <summary>Encoded properties of 5.0 that go with the message, without the delay.</summary>
    public ReadOnlyMemory<byte> PropertyBytes { get; init; }

    /// <summary>Those properties.</summary>
    public MqttProperties Properties => new(PropertyBytes.Span);

    /// <summary>For a log: without the payload.</summary>
    public override string ToString() => $"{nameof(MqttWill)} {Topic} ({Payload.Length} bytes)";
}
