using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>
/// Is told the packets of a session. It may be called while the session is locked, from any thread: it must be quick and neither wait nor call
/// the session. Spans are valid until it returns. One that throws is not called again.
/// </summary>
public delegate void MqttTrace(MqttSession session, in MqttTraced packet);

/// <summary>A filter of SUBSCRIBE with what is asked for it, or of UNSUBSCRIBE.</summary>
/// <param name="Filter">As the client wrote it, with its <c>$share/…</c>.</param>
/// <param name="Options">What SUBSCRIBE asks for.</param>
public readonly record struct MqttTracedFilter(string Filter, MqttSubscriptionOptions Options);

/// <summary>A packet that was read or written. What its type does not have is empty.</summary>
public readonly ref struct MqttTraced
{
    /// <summary>From the broker to the client.</summary>
    public bool IsWritten { get; init; }

    /// <summary>Packet type.</summary>
    public MqttPacketType Type { get; init; }

    /// <summary>Packet id; 0 where there is none.</summary>
    public ushort PacketId { get; init; }

    /// <summary>Topic of PUBLISH, UTF-8, whatever alias stands for it on the wire.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Quality of service of PUBLISH.</summary>
    public MqttQos Qos { get; init; }

    /// <summary>DUP flag of PUBLISH.</summary>
    public bool Dup { get; init; }

    /// <summary>RETAIN flag of PUBLISH.</summary>
    public bool Retain { get; init; }

    /// <summary>Session present of CONNACK.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>Reason code of CONNACK, DISCONNECT and the acknowledgements, as 5.0 has it; older clients are told less.</summary>
    public MqttReasonCode Reason { get; init; }

    /// <summary>Of SUBACK and UNSUBACK, one for each filter.</summary>
    public ReadOnlySpan<MqttReasonCode> Reasons { get; init; }

    /// <summary>Of SUBSCRIBE and UNSUBSCRIBE.</summary>
    public ReadOnlySpan<MqttTracedFilter> Filters { get; init; }
}
