namespace Waybill.Mqtt;

/// <summary>MQTT 5.0 reason codes (2.4). Older versions see them mapped to their return codes.</summary>
public enum MqttReasonCode : byte
{
    /// <summary>Success; also "normal disconnection" and "granted QoS 0".</summary>
    Success = 0x00,
    /// <summary>SUBACK: granted QoS 1.</summary>
    GrantedQos1 = 0x01,
    /// <summary>SUBACK: granted QoS 2.</summary>
    GrantedQos2 = 0x02,
    /// <summary>DISCONNECT: close, but publish the will.</summary>
    DisconnectWithWill = 0x04,
    /// <summary>Accepted, but nobody subscribes the topic.</summary>
    NoMatchingSubscribers = 0x10,
    /// <summary>UNSUBACK: there was no such subscription.</summary>
    NoSubscriptionExisted = 0x11,
    /// <summary>AUTH: go on with another step.</summary>
    ContinueAuthentication = 0x18,
    /// <summary>AUTH: begin again.</summary>
    Reauthenticate = 0x19,
    /// <summary>A reason the sender does not tell; also a connection that broke.</summary>
    UnspecifiedError = 0x80,
    /// <summary>The bytes are not a packet of this version.</summary>
    MalformedPacket = 0x81,
    /// <summary>A packet that is not allowed here or contradicts itself.</summary>
    ProtocolError = 0x82,
    /// <summary>Valid, but not accepted by this server.</summary>
    ImplementationSpecificError = 0x83,
    /// <summary>CONNECT of an unknown protocol version.</summary>
    UnsupportedProtocolVersion = 0x84,
    /// <summary>The client id is not allowed.</summary>
    ClientIdentifierNotValid = 0x85,
    /// <summary>The user name or password is wrong.</summary>
    BadUserNameOrPassword = 0x86,
    /// <summary>Not allowed for this client.</summary>
    NotAuthorized = 0x87,
    /// <summary>The server is not available.</summary>
    ServerUnavailable = 0x88,
    /// <summary>The server is busy.</summary>
    ServerBusy = 0x89,
    /// <summary>The client is barred.</summary>
    Banned = 0x8A,
    /// <summary>The server stops.</summary>
    ServerShuttingDown = 0x8B,
    /// <summary>The authentication method is not supported.</summary>
    BadAuthenticationMethod = 0x8C,
    /// <summary>Nothing was heard for 1.5 times the keep-alive.</summary>
    KeepAliveTimeout = 0x8D,
    /// <summary>Another connection came with the same client id.</summary>
    SessionTakenOver = 0x8E,
    /// <summary>The topic filter is not accepted.</summary>
    TopicFilterInvalid = 0x8F,
    /// <summary>The topic name is not accepted.</summary>
    TopicNameInvalid = 0x90,
    /// <summary>The packet id is in use.</summary>
    PacketIdentifierInUse = 0x91,
    /// <summary>The packet id is not known.</summary>
    PacketIdentifierNotFound = 0x92,
    /// <summary>More unacknowledged publishes than the receive maximum.</summary>
    ReceiveMaximumExceeded = 0x93,
    /// <summary>The topic alias is 0 or above the maximum.</summary>
    TopicAliasInvalid = 0x94,
    /// <summary>The packet is larger than the maximum packet size.</summary>
    PacketTooLarge = 0x95,
    /// <summary>Too many messages in a time.</summary>
    MessageRateTooHigh = 0x96,
    /// <summary>A limit of the implementation or administration was passed.</summary>
    QuotaExceeded = 0x97,
    /// <summary>Closed by an administrator.</summary>
    AdministrativeAction = 0x98,
    /// <summary>The payload is not what its format indicator says.</summary>
    PayloadFormatInvalid = 0x99,
    /// <summary>Retained messages are not supported.</summary>
    RetainNotSupported = 0x9A,
    /// <summary>The QoS is above the announced maximum.</summary>
    QosNotSupported = 0x9B,
    /// <summary>Use another server for now.</summary>
    UseAnotherServer = 0x9C,
    /// <summary>Use another server from now on.</summary>
    ServerMoved = 0x9D,
    /// <summary>Shared subscriptions are not supported.</summary>
    SharedSubscriptionsNotSupported = 0x9E,
    /// <summary>Too many connections in a time.</summary>
    ConnectionRateExceeded = 0x9F,
    /// <summary>The longest allowed connect time passed.</summary>
    MaximumConnectTime = 0xA0,
    /// <summary>Subscription identifiers are not supported.</summary>
    SubscriptionIdentifiersNotSupported = 0xA1,
    /// <summary>Wildcard subscriptions are not supported.</summary>
    WildcardSubscriptionsNotSupported = 0xA2,
}
