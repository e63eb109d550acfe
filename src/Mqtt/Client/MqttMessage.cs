using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Client;

/// <summary>A message that arrived. It owns its bytes.</summary>
public sealed record MqttMessage(string Topic, ReadOnlyMemory<byte> Payload)
{
    /// <summary>QoS with which it was sent to this client.</summary>
    public MqttQos Qos { get; init; }

    /// <summary>RETAIN flag.</summary>
    public bool Retain { get; init; }

    /// <summary>DUP flag: it may have arrived before.</summary>
    public bool Dup { get; init; }

    /// <summary>Encoded properties of 5.0.</summary>
    public ReadOnlyMemory<byte> PropertyBytes { get; init; }

    /// <summary>Those properties.</summary>
    public MqttProperties Properties => new(PropertyBytes.Span);
}

/// <summary>
/// Takes messages one after the other in the order of their arrival; a QoS 1 message is acknowledged when the task completes. It may
/// publish and await that. An exception ends the client and is what <see cref="MqttClient.Closed"/> ends with.
/// </summary>
public delegate ValueTask MqttMessageHandler(MqttClient client, MqttMessage message, CancellationToken ct);
