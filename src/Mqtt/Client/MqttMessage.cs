using System.Text;
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

    /// <summary>For a log: without the payload.</summary>
    public override string ToString() => $"{nameof(MqttMessage)} {Topic} ({Payload.Length} bytes)";

    /// <summary>Where a response to this request is to go (5.0), or null.</summary>
    public string? ResponseTopic => Properties.TryGet(MqttPropertyId.ResponseTopic, out var topic) ? Encoding.UTF8.GetString(topic.Bytes) : null;

    /// <summary>
    /// Acknowledges a message with <see cref="MqttClientOptions.ManualAcknowledgement"/>: PUBACK or PUBREC, in 5.0 with a reason. A QoS 1
    /// message of a connection that is gone cannot be acknowledged any more and comes again.
    /// </summary>
    public void Acknowledge(MqttReasonCode reason = MqttReasonCode.Success)
    {
        if (From is null) throw new InvalidOperationException("The message was not received.");
        From.Acknowledge(this, reason);
    }

    internal ClientConnection? From { get; init; }

    internal ushort PacketId { get; init; }

    /// <summary>The session in which it came, as the client counts them.</summary>
    internal int Session { get; init; }
}

/// <summary>
/// Takes messages one after the other in the order of their arrival; a QoS 1 or 2 message is acknowledged when the
/// task completes, or by <see cref="MqttMessage.Acknowledge"/> with <see cref="MqttClientOptions.ManualAcknowledgement"/>. It may
/// publish and await that. An exception ends the client and is what <see cref="MqttClient.Closed"/> ends with.
/// </summary>
public delegate ValueTask MqttMessageHandler(MqttClient client, MqttMessage message, CancellationToken ct);
