namespace Waybill.Mqtt.Broker;

/// <summary>What becomes of a CONNECT whose client id has a session, and of that session.</summary>
public enum MqttTakeover
{
    /// <summary>It is somebody else's: CONNECT is refused with "client identifier not valid", and the session goes on undisturbed.</summary>
    Refuse,

    /// <summary>It ends, with all it kept.</summary>
    Replace,

    /// <summary>The same client is back [MQTT-3.1.4-3]: a session that stayed is gone on with where the user name is the same too.</summary>
    Resume,
}
