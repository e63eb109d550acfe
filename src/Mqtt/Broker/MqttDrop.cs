namespace Waybill.Mqtt.Broker;

/// <summary>Which message is lost when the queue of a client that is away is full.</summary>
public enum MqttDrop
{
    /// <summary>The one that comes.</summary>
    Newest,
    /// <summary>The one that waited longest.</summary>
    Oldest,
}
