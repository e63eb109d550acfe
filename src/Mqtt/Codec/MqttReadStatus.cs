namespace Waybill.Mqtt.Codec;

/// <summary>What reading a packet from a stream came to.</summary>
public enum MqttReadStatus
{
    /// <summary>The bytes so far are the beginning of a packet.</summary>
    NeedMore,
    /// <summary>A whole packet is there.</summary>
    Ok,
    /// <summary>The bytes cannot become an acceptable packet; the connection must end with the reason told.</summary>
    Malformed,
}
