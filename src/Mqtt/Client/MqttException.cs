namespace Waybill.Mqtt.Client;

/// <summary>The server refused something, or the connection was lost before it answered (<see cref="MqttReasonCode.UnspecifiedError"/>).</summary>
public sealed class MqttException(MqttReasonCode reason, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The server's reason; return codes before 5.0 are translated.</summary>
    public MqttReasonCode Reason { get; } = reason;

    internal static MqttException ConnectionLost(Exception? inner = null) =>
        new(MqttReasonCode.UnspecifiedError, "The MQTT connection was lost.", inner);
}
