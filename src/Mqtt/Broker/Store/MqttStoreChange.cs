using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker.Store;

/// <summary>One change of what is kept. Times are Unix milliseconds.</summary>
public abstract record MqttStoreChange;

/// <summary>A session is there, or its own values changed. Key: client id.</summary>
public sealed record MqttSessionKept(string ClientId, MqttVersion Version, uint ExpirySeconds) : MqttStoreChange
{
    /// <summary>Whose session it is.</summary>
    public string? UserName { get; init; }

    /// <summary>When it ends; null while its client is connected, and when it never ends.</summary>
    public long? EndsAt { get; init; }

    /// <summary>The will that waits for its delay.</summary>
    public MqttWill? Will { get; init; }

    /// <summary>When the will is due.</summary>
    public long? WillAt { get; init; }
}

/// <summary>A session has ended with its subscriptions, messages and packet ids.</summary>
public sealed record MqttSessionEnded(string ClientId) : MqttStoreChange;

/// <summary>A subscription is there, or its options changed. Key: client id and filter.</summary>
/// <param name="ClientId">Whose.</param>
/// <param name="Filter">Topic filter, <c>$share/…</c> as it was asked.</param>
/// <param name="Options">As granted.</param>
/// <param name="Identifier">Subscription identifier; 0 is none.</param>
public sealed record MqttSubscriptionKept(string ClientId, string Filter, MqttSubscriptionOptions Options, int Identifier) : MqttStoreChange;

/// <summary>A subscription has ended.</summary>
public sealed record MqttSubscriptionEnded(string ClientId, string Filter) : MqttStoreChange;

/// <summary>A QoS 1 or 2 message is to reach a session. Key: client id and number; numbers grow.</summary>
public sealed record MqttMessageKept(string ClientId, long Number, MqttStoredMessage Message) : MqttStoreChange
{
    /// <summary>Whether it goes to the client now: <see cref="MqttMessageSent"/> at once.</summary>
    public bool IsSent { get; init; }
}

/// <summary>A kept message goes to the client, which may have it from now on. There may be no <see cref="MqttMessageKept"/>.</summary>
public sealed record MqttMessageSent(string ClientId, long Number) : MqttStoreChange;

/// <summary>The client has a QoS 2 message: only its number is needed until <see cref="MqttMessageEnded"/>. There may be no <see cref="MqttMessageKept"/>.</summary>
public sealed record MqttMessageReceived(string ClientId, long Number) : MqttStoreChange;

/// <summary>A message needs to be kept no longer. It may be unknown.</summary>
public sealed record MqttMessageEnded(string ClientId, long Number) : MqttStoreChange;

/// <summary>The broker has received a QoS 2 message with this id. Key: client id and packet id.</summary>
public sealed record MqttPacketIdKept(string ClientId, ushort PacketId) : MqttStoreChange;

/// <summary>The id is free again.</summary>
public sealed record MqttPacketIdEnded(string ClientId, ushort PacketId) : MqttStoreChange;

/// <summary>The retained message of a topic. Key: its topic.</summary>
public sealed record MqttRetainedKept(MqttStoredMessage Message) : MqttStoreChange;

/// <summary>A topic has no retained message any more.</summary>
public sealed record MqttRetainedEnded(string Topic) : MqttStoreChange;
