namespace Waybill.Mqtt.Broker;

/// <summary>What the application decides about a publish.</summary>
public enum MqttPublishVerdict
{
    /// <summary>The broker routes it to the subscribers, then acknowledges it.</summary>
    Route,
    /// <summary>
    /// The application keeps it and later calls <see cref="MqttSession.Acknowledge"/> (QoS 1 and 2) or <see cref="MqttSession.Release"/> (QoS 0),
    /// exactly once, from any thread.
    /// </summary>
    Held,
    /// <summary>Not routed; acknowledged, in 5.0 with "not authorized".</summary>
    Refused,
}
