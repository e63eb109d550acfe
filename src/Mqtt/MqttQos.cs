namespace Waybill.Mqtt;

/// <summary>Quality of service (4.3).</summary>
public enum MqttQos : byte
{
    /// <summary>QoS 0: sent once, never acknowledged.</summary>
    AtMostOnce = 0,
    /// <summary>QoS 1: repeated until acknowledged by PUBACK.</summary>
    AtLeastOnce = 1,
    /// <summary>QoS 2: delivered once by PUBREC, PUBREL, PUBCOMP.</summary>
    ExactlyOnce = 2,
}
