using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Broker;

public sealed class RetainedTests
{
    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    // [MQTT-3.3.1-5] kept and replaced, [MQTT-3.3.1-8] RETAIN is 1 for a new subscription, [MQTT-3.3.1-12] and 0 for an established one
    [Conforms("5.0", "3.3.1-5 3.3.1-9"), Conforms("3.1.1", "3.3.1-5 3.3.1-6 3.3.1-7 3.3.1-8")]
    [Theory, MemberData(nameof(Versions))]
    public async Task A_new_subscription_gets_the_last_retained_message(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync(version);
        await RetainAsync(client, "a/b", "old");
        await RetainAsync(client, "a/b", "new");
        await client.PublishAsync("a/b", "not kept");
        foreach (var filter in new[] { "a/b", "a/+", "#", "a/b/#" })
        {
            await client.SubscribeAsync(filter);
            Assert.Equal(("a/b", "new", true), Show(await client.ReadAsync(), version));
        }
        await client.SubscribeAsync("a/c");
        await RetainAsync(client, "a/b", "live");
        Assert.Equal(("a/b", "live", false), Show(await client.ReadAsync(), version));
        await client.AssertQuietAsync();
    }

    // [MQTT-3.3.1-6], [MQTT-3.3.1-7]: an empty payload removes the message and is not kept itself
    [Conforms("5.0", "3.3.1-6 3.3.1-7"), Conforms("3.1.1", "3.3.1-10 3.3.1-11")]
    [Fact]
    public async Task An_empty_message_removes_the_retained_one()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync();
        await RetainAsync(client, "t", "x");
        await RetainAsync(client, "t", "");
        await client.SubscribeAsync("t");
        await client.AssertQuietAsync();
        Assert.Equal((0, 0L), (house.Broker.Retained.Count, house.Broker.Retained.Bytes));
    }

    // [MQTT-3.3.1-9] handling 0, [MQTT-3.3.1-10] handling 1, [MQTT-3.3.1-11] handling 2
    [Conforms("5.0", "3.3.1-9 3.3.1-10 3.3.1-11")]
    [Theory]
    [InlineData(MqttRetainHandling.Send, true, true)]
    [InlineData(MqttRetainHandling.SendIfNew, true, false)]
    [InlineData(MqttRetainHandling.DoNotSend, false, false)]
    public async Task Retain_handling_says_when(MqttRetainHandling handling, bool first, bool again)
    {
        await using var house = await RunningBroker.StartAsync();
        house.Broker.Publish("t", "x"u8, MqttQos.AtLeastOnce, retain: true);
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        foreach (var expected in new[] { first, again })
        {
            await client.SendAsync(Packets.Subscribe(MqttVersion.V50, 1, ("t", new(MqttQos.AtMostOnce) { RetainHandling = handling })));
            Assert.Equal(MqttPacketType.SubAck, (await client.ReadAsync()).Type);
            if (expected) Assert.Equal(("t", "x", true), Show(await client.ReadAsync(), MqttVersion.V50));
            await client.AssertQuietAsync();
        }
    }

    // [MQTT-3.3.1-13]: with retain-as-published the flag goes through, [MQTT-3.3.1-12] else it is 0
    [Conforms("5.0", "3.3.1-12 3.3.1-13"), Conforms("3.1.1", "3.3.1-9")]
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Retain_as_published_keeps_the_flag(bool asPublished)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        await client.SendAsync(Packets.Subscribe(MqttVersion.V50, 1, ("t", new(MqttQos.AtMostOnce) { RetainAsPublished = asPublished })));
        await client.ReadAsync();
        await RetainAsync(client, "t", "x");
        Assert.Equal(("t", "x", asPublished), Show(await client.ReadAsync(), MqttVersion.V50));
    }

    // [MQTT-4.7.2-1]: a filter that begins with a wildcard does not match topics that begin with $
    [Fact]
    public async Task The_tree_matches_as_the_index_does()
    {
        await using var house = await RunningBroker.StartAsync();
        string[] topics = ["a", "a/b", "a/b/c", "/", "a/", "$x/b", "b/b"];
        foreach (var topic in topics) house.Broker.Publish(topic, "x"u8, MqttQos.AtMostOnce, retain: true);
        foreach (var filter in new[] { "#", "+", "+/+", "a/#", "a/+", "+/b", "$x/#", "$x/+", "a/b/c", "+/b/#", "none/#" })
        {
            var found = new List<string>();
            house.Broker.Retained.ForEach(System.Text.Encoding.UTF8.GetBytes(filter), 0, found,
                static (message, found) => found.Add(System.Text.Encoding.UTF8.GetString(message.Topic)));
            var expected = topics.Where(t => MqttTopic.Matches(System.Text.Encoding.UTF8.GetBytes(filter), System.Text.Encoding.UTF8.GetBytes(t)));
            Assert.Equal(expected.Order(), found.Order());
        }
    }

    // [MQTT-3.3.2-5] an expired message is not sent, [MQTT-3.3.2-6] the interval sent is what is left of it
    [Conforms("5.0", "3.3.2-5 3.3.2-6")]
    [Fact]
    public async Task A_retained_message_expires()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        var ten = new MqttPropertyBuffer().Add(MqttPropertyId.MessageExpiryInterval, 100).Properties.Bytes.ToArray();
        await client.SendAsync(Packets.Bytes(o => new MqttPublish { Topic = "t"u8, Payload = "x"u8, Retain = true, Properties = new(ten) }.Write(o, MqttVersion.V50)));
        await client.AssertQuietAsync();
        clock.Advance(TimeSpan.FromSeconds(40));
        await client.SubscribeAsync("t");
        var packet = await client.ReadAsync();
        Assert.Equal(MqttReasonCode.Success, MqttPublish.Read(new(packet.Type, packet.Flags, packet.Body), MqttVersion.V50, out var publish));
        Assert.Equal(60u, publish.Properties.Number(MqttPropertyId.MessageExpiryInterval, 0));
        clock.Advance(TimeSpan.FromSeconds(60));
        await client.SubscribeAsync("t");
        await client.AssertQuietAsync();
        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(0, house.Broker.Retained.Count);
    }

    [Fact]
    public async Task The_store_is_bounded_and_a_known_topic_can_still_change()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumRetainedMessages = 2, MaximumRetainedBytes = 1000 });
        foreach (var topic in new[] { "1", "2", "3" }) house.Broker.Publish(topic, "x"u8, MqttQos.AtMostOnce, retain: true);
        house.Broker.Publish("2", "y"u8, MqttQos.AtMostOnce, retain: true);
        house.Broker.Publish("1", new byte[2000], MqttQos.AtMostOnce, retain: true);
        await using var client = await house.ConnectAsync();
        await client.SubscribeAsync("#");
        var got = new[] { Show(await client.ReadAsync(), client.Version), Show(await client.ReadAsync(), client.Version) };
        Assert.Equal([("1", "x", true), ("2", "y", true)], got.Order());
        await client.AssertQuietAsync();
    }

    [Fact]
    public async Task What_it_takes_to_find_a_message_counts_too()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumRetainedBytes = 100_000 });
        string[] topics = [.. Enumerable.Range(0, 50).Select(n => string.Concat(Enumerable.Repeat($"{n}/", 100)))];
        foreach (var topic in topics) house.Broker.Publish(topic, "x"u8, MqttQos.AtMostOnce, retain: true);
        Assert.InRange(house.Broker.Retained.Count, 1, 4);
        Assert.InRange(house.Broker.Retained.Bytes, 0, 100_000);
        foreach (var topic in topics) house.Broker.Publish(topic, ""u8, MqttQos.AtMostOnce, retain: true);
        Assert.Equal((0, 0L), (house.Broker.Retained.Count, house.Broker.Retained.Bytes));
    }

    [Fact]
    public async Task One_client_has_its_share_and_no_more()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumRetainedPerClient = 2 });
        await using var greedy = await house.ConnectAsync(clientId: "greedy");
        await using var other = await house.ConnectAsync(clientId: "other");
        foreach (var topic in new[] { "1", "2", "3" }) await RetainAsync(greedy, topic, "greedy");
        await greedy.AssertQuietAsync();
        foreach (var topic in new[] { "2", "4" }) await RetainAsync(other, topic, "other");
        await other.AssertQuietAsync();
        // Whose place somebody else took, or who gave one back, has one more
        foreach (var topic in new[] { "5", "6" }) await RetainAsync(greedy, topic, "greedy");
        await RetainAsync(greedy, "1", "");
        await RetainAsync(greedy, "7", "greedy");
        await greedy.SubscribeAsync("+");
        var got = new List<string>();
        for (var n = 0; n < 4; n++) got.Add((await greedy.ReadAsync()).Publish(greedy.Version).Topic);
        Assert.Equal(["2", "4", "5", "7"], got.Order());
        await greedy.AssertQuietAsync();
    }

    // [MQTT-3.2.2-14]: after Retain Available 0 a retained message ends the session with 0x9A
    [Conforms("5.0", "3.2.2-14")]
    [Fact]
    public async Task Without_a_store_a_retained_message_is_refused()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumRetainedMessages = 0 });
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        await RetainAsync(client, "t", "x");
        Assert.Equal(MqttReasonCode.RetainNotSupported, await client.ReadEndAsync());
    }

    static Task RetainAsync(RawClient client, string topic, string payload) => client.SendAsync(Packets.Bytes(o => new MqttPublish
    {
        Topic = System.Text.Encoding.UTF8.GetBytes(topic),
        Payload = System.Text.Encoding.UTF8.GetBytes(payload),
        Retain = true,
    }.Write(o, client.Version)));

    static (string Topic, string Payload, bool Retain) Show(RawPacket packet, MqttVersion version)
    {
        var (topic, payload, _, _) = packet.Publish(version);
        return (topic, payload, (packet.Flags & 1) != 0);
    }
}
