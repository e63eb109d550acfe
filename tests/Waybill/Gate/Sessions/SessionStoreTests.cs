using System.Text;
using Waybill.Gate.Sessions;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker.Store;
using Waybill.Mqtt.Codec;
using Xunit;

namespace Waybill.Tests.Gate.Sessions;

public sealed class SessionStoreTests
{
    static readonly MqttSessionKept Session = new("c", MqttVersion.V50, uint.MaxValue)
    {
        UserName = "app",
        EndsAt = long.MaxValue - 1,
        Will = new("w", "gone"u8.ToArray()) { Qos = MqttQos.ExactlyOnce, Retain = true, DelaySeconds = 4_000_000_000, PropertyBytes = new byte[] { 1, 1 } },
        WillAt = 7,
    };

    static readonly MqttSubscriptionKept Subscription =
        new("c", "$share/g/t/#", new(MqttQos.ExactlyOnce) { NoLocal = true, RetainAsPublished = true, RetainHandling = MqttRetainHandling.DoNotSend }, 268_435_455);

    static readonly MqttStoreChange[] All =
    [
        Session, Subscription, new MqttPacketIdKept("c", 65535), Message(1, "a"), Message(2, ""), new MqttMessageReceived("c", 3), new MqttRetainedKept(Stored("r", "kept") with { Retain = true }),
    ];

    [Fact]
    public async Task What_was_committed_is_read_however_often_it_was_committed()
    {
        await using var house = await House.StartAsync();
        var store = house.Get<SessionStore>();
        await store.CommitAsync(All, House.Soon);
        await store.CommitAsync(All, House.Soon);
        Assert.Equal(All.Select(Text).Order(), await ReadAsync(store));
        await store.CommitAsync(
            [
                Session with { Will = null, WillAt = null, EndsAt = null, UserName = null }, Subscription with { Options = new(MqttQos.AtMostOnce), Identifier = 0 },
                new MqttMessageReceived("c", 2), new MqttMessageEnded("c", 1), new MqttMessageEnded("c", 99), new MqttMessageSent("c", 99), Message(4, "d"), new MqttMessageSent("c", 4), Message(5, "e"), Message(6, "f") with { IsSent = true }, new MqttRetainedKept(Stored("r", "new") with { Retain = true }),
            ],
            House.Soon);
        Assert.Equal(
            new MqttStoreChange[]
            {
                new MqttSessionKept("c", MqttVersion.V50, uint.MaxValue), Subscription with { Options = new(MqttQos.AtMostOnce), Identifier = 0 }, new MqttPacketIdKept("c", 65535),
                new MqttMessageReceived("c", 2), new MqttMessageReceived("c", 3), Message(4, "d") with { IsSent = true }, Message(5, "e"), Message(6, "f") with { IsSent = true }, new MqttRetainedKept(Stored("r", "new") with { Retain = true }),
            }.Select(Text).Order(),
            await ReadAsync(store));
    }

    [Fact]
    public async Task What_ended_is_gone_in_the_order_of_the_changes()
    {
        await using var house = await House.StartAsync();
        var store = house.Get<SessionStore>();
        await store.CommitAsync(All, House.Soon);
        await store.CommitAsync(
            [new MqttMessageEnded("c", 1), new MqttSessionEnded("c"), Session, Message(1, "of the next"), new MqttPacketIdKept("c", 4), new MqttPacketIdEnded("c", 4), new MqttRetainedEnded("r")],
            House.Soon);
        Assert.Equal(new MqttStoreChange[] { Session, Message(1, "of the next") }.Select(Text).Order(), await ReadAsync(store));
        await store.CommitAsync([Message(2, "delivered at once"), new MqttMessageEnded("c", 2), new MqttSubscriptionEnded("c", "none")], House.Soon);
        Assert.Equal(2, (await ReadAsync(store)).Count);
        await store.CommitAsync([new MqttSessionEnded("c")], House.Soon);
        Assert.Empty(await ReadAsync(store));
    }

    /// <summary>Each session stands before its parts, its messages in their order.</summary>
    static async Task<List<string>> ReadAsync(SessionStore store)
    {
        var (read, sessions, last) = (new List<string>(), new HashSet<string>(), 0L);
        await foreach (var change in store.ReadAsync(House.Soon))
        {
            if (change is MqttSessionKept session)
                (_, last) = (sessions.Add(session.ClientId), 0);
            else if (change is not MqttRetainedKept)
                Assert.Contains("c", sessions);
            if (change is MqttMessageKept message)
                Assert.True(message.Number > last && (last = message.Number) > 0);
            read.Add(Text(change));
        }
        return [.. read.Order()];
    }

    static MqttMessageKept Message(long number, string payload) => new("c", number, Stored("t", payload));

    static MqttStoredMessage Stored(string topic, string payload) =>
        new(topic, Encoding.UTF8.GetBytes(payload)) { Qos = MqttQos.ExactlyOnce, PropertyBytes = new byte[] { 1, 0 }, ExpiresAt = 5 };

    static string Text(MqttStoreChange change) => change switch
    {
        MqttSessionKept { Will: { } will } session => $"{session with { Will = null }} {will.Topic} {will.Qos} {will.Retain} {will.DelaySeconds} {Hex(will.Payload)} {Hex(will.PropertyBytes)}",
        MqttMessageKept kept => $"message {kept.ClientId} {kept.Number} {kept.IsSent} {Text(kept.Message)}",
        MqttRetainedKept kept => $"retained {Text(kept.Message)}",
        _ => change.ToString(),
    };

    static string Text(MqttStoredMessage message) =>
        $"{message with { Payload = default, PropertyBytes = default }} {Hex(message.Payload)} {Hex(message.PropertyBytes)}";

    static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexString(bytes.Span);
}
