using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>Reason Strings (3.1.2.11.7): why, for whoever reads the client's log.</summary>
static class ReasonText
{
    /// <summary>Bytes of a packet that carries nothing else: header, reason, property id and two lengths.</summary>
    const int Around = 16;

    /// <summary>The property, or nothing when there is nothing to say or the client would not take it [MQTT-3.14.2-3].</summary>
    public static MqttProperties Of(string? why, int maximumPacketSize) =>
        why is null || maximumPacketSize < int.MaxValue && MqttWriter.TextLength(why) + Around > maximumPacketSize
            ? default : new MqttPropertyBuffer().Add(MqttPropertyId.ReasonString, why).Properties;

    /// <summary>What the broker itself has to say.</summary>
    public static string? Of(MqttReasonCode reason) => reason switch
    {
        MqttReasonCode.MalformedPacket => "The bytes are not an MQTT packet.",
        MqttReasonCode.ProtocolError => "The packet is not allowed here or contradicts itself.",
        MqttReasonCode.KeepAliveTimeout => "Nothing came for one and a half times the keep-alive.",
        MqttReasonCode.SessionTakenOver => "Another connection came with the same client id.",
        MqttReasonCode.ReceiveMaximumExceeded => "More messages are in flight than the Receive Maximum of the server.",
        MqttReasonCode.TopicAliasInvalid => "The topic alias is 0 or above the Topic Alias Maximum of the server.",
        MqttReasonCode.PacketTooLarge => "The packet is larger than the server takes.",
        MqttReasonCode.MessageRateTooHigh => "The client publishes faster than it may.",
        MqttReasonCode.QuotaExceeded => "Too much waits for this client.",
        MqttReasonCode.RetainNotSupported => "The server keeps no retained messages.",
        MqttReasonCode.TopicNameInvalid => "A topic name has no wildcards.",
        _ => null,
    };
}
