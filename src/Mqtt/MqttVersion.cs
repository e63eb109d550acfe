namespace Waybill.Mqtt;

/// <summary>A protocol version; the value is the protocol level of CONNECT (3.1.2.2). The default value means "not yet known".</summary>
public enum MqttVersion : byte
{
    /// <summary>No CONNECT was read yet.</summary>
    Unknown = 0,
    /// <summary>MQTT 3.1, protocol name <c>MQIsdp</c>.</summary>
    V31 = 3,
    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,
    /// <summary>MQTT 5.0.</summary>
    V50 = 5,
}
