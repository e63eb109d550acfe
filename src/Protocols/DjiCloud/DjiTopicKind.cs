namespace Waybill.Protocols.DjiCloud;

/// <summary>What a topic is for. The comment says who publishes on it.</summary>
public enum DjiTopicKind
{
    /// <summary>Properties at a pace, from the device.</summary>
    Osd,

    /// <summary>Properties on change, from the device.</summary>
    State,

    /// <summary>Answers a state that wants one; in no documentation, from the platform.</summary>
    StateReply,

    /// <summary>Commands, from the platform.</summary>
    Services,

    /// <summary>From the gateway.</summary>
    ServicesReply,

    /// <summary>From the gateway, and seen from aircraft.</summary>
    Events,

    /// <summary>From the platform.</summary>
    EventsReply,

    /// <summary>Questions, from the gateway.</summary>
    Requests,

    /// <summary>From the platform.</summary>
    RequestsReply,

    /// <summary>Topology, from the gateway.</summary>
    Status,

    /// <summary>From the platform.</summary>
    StatusReply,

    /// <summary>Writes properties, from the platform.</summary>
    PropertySet,

    /// <summary>From the gateway.</summary>
    PropertySetReply,

    /// <summary>Low latency control, from the device.</summary>
    DrcUp,

    /// <summary>Low latency control, from the platform.</summary>
    DrcDown,
}
