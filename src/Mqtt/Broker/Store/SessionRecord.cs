using System.Text;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker.Store;

/// <summary>Writes one session's changes to the journal. Used under that session's lock.</summary>
sealed class SessionRecord(MqttBroker broker, SessionJournal journal, string clientId)
{
    /// <summary>The last change that what the client sees depends on.</summary>
    public long Until { get; private set; }

    public void Kept(MqttSession session)
    {
        var continuity = session.Continuity!;
        Append(new MqttSessionKept(clientId, session.Version, continuity.ExpirySeconds)
        {
            UserName = continuity.UserName,
            EndsAt = session.IsOffline ? broker.ToUnix(continuity.EndsAt) : null,
            Will = continuity.Will,
            WillAt = continuity.Will is null ? null : broker.ToUnix(continuity.WillAt),
        });
    }

    public void Ended() => journal.Append(new MqttSessionEnded(clientId));

    public void Subscribed(byte[] filter, MqttSubscriptionOptions options, int identifier) =>
        Append(new MqttSubscriptionKept(clientId, Encoding.UTF8.GetString(filter), options, identifier));

    public void Unsubscribed(ReadOnlySpan<byte> filter) => Append(new MqttSubscriptionEnded(clientId, Encoding.UTF8.GetString(filter)));

    public void Kept(KeptMessage message, bool isSent) =>
        Append(new MqttMessageKept(clientId, message.Number, message.ToStored(broker)) { IsSent = isSent });

    public void Sent(long number) => Append(new MqttMessageSent(clientId, number));

    public void Received(long number) => Append(new MqttMessageReceived(clientId, number));

    /// <summary>Nothing waits for this: without it the message only comes again.</summary>
    public void Ended(long number) => journal.Append(new MqttMessageEnded(clientId, number));

    public void Took(ushort packetId) => Append(new MqttPacketIdKept(clientId, packetId));

    public void Freed(ushort packetId) => Append(new MqttPacketIdEnded(clientId, packetId));

    void Append(MqttStoreChange change)
    {
        journal.Append(change);
        Until = journal.Last;
    }
}
