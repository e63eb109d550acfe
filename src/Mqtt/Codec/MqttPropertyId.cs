namespace Waybill.Mqtt.Codec;

/// <summary>MQTT 5.0 properties (2.2.2.2).</summary>
public enum MqttPropertyId : byte
{
    /// <summary>Byte, 0 or 1.</summary>
    PayloadFormatIndicator = 1,
    /// <summary>Four bytes, seconds.</summary>
    MessageExpiryInterval = 2,
    /// <summary>UTF-8.</summary>
    ContentType = 3,
    /// <summary>UTF-8, a topic name.</summary>
    ResponseTopic = 8,
    /// <summary>Binary.</summary>
    CorrelationData = 9,
    /// <summary>Variable byte integer, not 0.</summary>
    SubscriptionIdentifier = 11,
    /// <summary>Four bytes, seconds.</summary>
    SessionExpiryInterval = 17,
    /// <summary>UTF-8.</summary>
    AssignedClientIdentifier = 18,
    /// <summary>Two bytes, seconds.</summary>
    ServerKeepAlive = 19,
    /// <summary>UTF-8.</summary>
    AuthenticationMethod = 21,
    /// <summary>Binary.</summary>
    AuthenticationData = 22,
    /// <summary>Byte, 0 or 1.</summary>
    RequestProblemInformation = 23,
    /// <summary>Four bytes, seconds.</summary>
    WillDelayInterval = 24,
    /// <summary>Byte, 0 or 1.</summary>
    RequestResponseInformation = 25,
    /// <summary>UTF-8.</summary>
    ResponseInformation = 26,
    /// <summary>UTF-8.</summary>
    ServerReference = 28,
    /// <summary>UTF-8.</summary>
    ReasonString = 31,
    /// <summary>Two bytes, not 0.</summary>
    ReceiveMaximum = 33,
    /// <summary>Two bytes.</summary>
    TopicAliasMaximum = 34,
    /// <summary>Two bytes, not 0.</summary>
    TopicAlias = 35,
    /// <summary>Byte, 0 or 1.</summary>
    MaximumQos = 36,
    /// <summary>Byte, 0 or 1.</summary>
    RetainAvailable = 37,
    /// <summary>A pair of UTF-8 strings, may repeat.</summary>
    UserProperty = 38,
    /// <summary>Four bytes, not 0.</summary>
    MaximumPacketSize = 39,
    /// <summary>Byte, 0 or 1.</summary>
    WildcardSubscriptionAvailable = 40,
    /// <summary>Byte, 0 or 1.</summary>
    SubscriptionIdentifierAvailable = 41,
    /// <summary>Byte, 0 or 1.</summary>
    SharedSubscriptionAvailable = 42,
}
