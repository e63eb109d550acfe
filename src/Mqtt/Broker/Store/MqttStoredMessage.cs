namespace Waybill.Mqtt.Broker.Store;

/// <summary>A message as it is kept. Its bytes are not changed any more.</summary>
public sealed record MqttStoredMessage(string Topic, ReadOnlyMemory<byte> Payload)
{
    /// <summary>QoS with which it is to be sent.</summary>
    public MqttQos Qos { get; init; }

    /// <summary>RETAIN flag with which it is to be sent.</summary>
    public bool Retain { get; init; }

    /// <summary>Encoded properties of 5.0.</summary>
    public ReadOnlyMemory<byte> PropertyBytes { get; init; }

    /// <summary>Unix milliseconds after which it is not sent any more, or null.</summary>
    public long? ExpiresAt { get; init; }
}
