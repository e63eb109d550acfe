namespace Waybill.Mqtt.Codec;

/// <summary>MQTT control packet types (2.1.2).</summary>
public enum MqttPacketType : byte
{
    /// <summary>Client asks for a connection.</summary>
    Connect = 1,
    /// <summary>Server's answer to CONNECT.</summary>
    ConnAck = 2,
    /// <summary>A message.</summary>
    Publish = 3,
    /// <summary>QoS 1 acknowledgement.</summary>
    PubAck = 4,
    /// <summary>QoS 2, first answer.</summary>
    PubRec = 5,
    /// <summary>QoS 2, release.</summary>
    PubRel = 6,
    /// <summary>QoS 2, last answer.</summary>
    PubComp = 7,
    /// <summary>Client subscribes.</summary>
    Subscribe = 8,
    /// <summary>Server's answer to SUBSCRIBE.</summary>
    SubAck = 9,
    /// <summary>Client unsubscribes.</summary>
    Unsubscribe = 10,
    /// <summary>Server's answer to UNSUBSCRIBE.</summary>
    UnsubAck = 11,
    /// <summary>Client is alive.</summary>
    PingReq = 12,
    /// <summary>Server's answer to PINGREQ.</summary>
    PingResp = 13,
    /// <summary>Orderly end; in 5.0 from either side.</summary>
    Disconnect = 14,
    /// <summary>Enhanced authentication, 5.0 only.</summary>
    Auth = 15,
}
