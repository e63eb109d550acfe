using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Broker;

/// <summary>Shared subscriptions (4.8.2), of every version as brokers have them.</summary>
public sealed class SharedSubscriptionTests
{
    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    // Each message goes to one of the group, in turn, and to every other subscriber as well
    [Theory, MemberData(nameof(Versions))]
    public async Task Each_message_goes_to_one_of_the_group(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var one = await house.ConnectAsync(version, "one");
        await using var two = await house.ConnectAsync(version, "two");
        await using var all = await house.ConnectAsync(version, "all");
        await one.SubscribeAsync("$share/g/t/+", MqttQos.AtLeastOnce);
        await two.SubscribeAsync("$share/g/t/+", MqttQos.AtLeastOnce);
        await all.SubscribeAsync("t/+");
        for (var n = 0; n < 10; n++) Assert.Equal(2, house.Broker.Publish("t/x", [(byte)('0' + n)], MqttQos.AtLeastOnce));
        var got = new List<string>();
        foreach (var client in new[] { one, two })
            for (var n = 0; n < 5; n++) got.Add((await client.ReadAsync()).Publish(version).Payload);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], got.Order());
        for (var n = 0; n < 10; n++) Assert.Equal($"{n}", (await all.ReadAsync()).Publish(version).Payload);
        foreach (var client in new[] { one, two, all }) await client.AssertQuietAsync();
    }

    // Two groups are two subscriptions; a group ends with its last member
    [Fact]
    public async Task Groups_are_apart_and_end_with_their_last_member()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        foreach (var filter in new[] { "$share/a/t", "$share/b/t", "t" }) Assert.Equal(0, await client.SubscribeAsync(filter));
        Assert.Equal(3, house.Broker.Publish("t", "x"u8, MqttQos.AtMostOnce));
        await client.SendAsync(Packets.Bytes(o => MqttUnsubscribe.Write(o, client.Version, 5, ["$share/a/t", "t", "$share/b/t", "$share/c/t"])));
        for (var n = 0; n < 3; n++) await client.ReadAsync();
        Assert.Equal([0, 5, 0, 0, 0, 0, (byte)MqttReasonCode.NoSubscriptionExisted], (await client.ReadAsync()).Body);
        Assert.True(house.Broker.Index.IsEmpty);
    }

    // Whoever is connected comes first; when nobody is, the message waits for one of them [MQTT-4.8.2-4]
    [Fact]
    public async Task A_message_waits_only_when_nobody_is_there()
    {
        await using var house = await RunningBroker.StartAsync();
        await using (var away = await house.DialAsync())
        {
            await away.ConnectAsync(MqttVersion.V311, "away", 0, PersistentSessionTests.Stay);
            await away.SubscribeAsync("$share/g/t", MqttQos.AtLeastOnce);
            await PersistentSessionTests.LeaveAsync(away);
        }
        await using (var here = await house.ConnectAsync(clientId: "here"))
        {
            await here.SubscribeAsync("$share/g/t", MqttQos.AtLeastOnce);
            for (var n = 0; n < 4; n++)
            {
                house.Broker.Publish("t", "now"u8, MqttQos.AtLeastOnce);
                Assert.Equal("now", (await here.ReadAsync()).Publish(here.Version).Payload);
            }
            await PersistentSessionTests.LeaveAsync(here);
        }
        Assert.Equal(1, house.Broker.Publish("t", "later"u8, MqttQos.AtLeastOnce));
        Assert.Equal(0, house.Broker.Publish("t", "lost"u8, MqttQos.AtMostOnce));
        await using var back = await house.DialAsync();
        await back.ConnectAsync(MqttVersion.V311, "away", 0, PersistentSessionTests.Stay);
        Assert.Equal("later", (await back.ReadAsync()).Publish(back.Version).Payload);
        Assert.Equal(1, house.Broker.Publish("t", "direct"u8, MqttQos.AtLeastOnce));
        Assert.Equal("direct", (await back.ReadAsync()).Publish(back.Version).Payload);
    }

    // [MQTT-4.8.2-1], [MQTT-4.8.2-2]
    [Conforms("5.0", "4.8.2-1 4.8.2-2")]
    [Theory, InlineData("$share//t"), InlineData("$share/g"), InlineData("$share/g/"), InlineData("$share/"), InlineData("$share/+/t")]
    public async Task A_group_without_a_name_or_filter_is_refused(string filter)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        Assert.Equal((byte)MqttReasonCode.TopicFilterInvalid, await client.SubscribeAsync(filter));
    }

    // 4.8.2: no retained messages; [MQTT-3.8.3-4]: no-local is a protocol error
    [Conforms("5.0", "3.8.3-4")]
    [Fact]
    public async Task Retained_messages_and_no_local_do_not_go_with_sharing()
    {
        await using var house = await RunningBroker.StartAsync();
        house.Broker.Publish("t", "old"u8, MqttQos.AtMostOnce, retain: true);
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        await client.SubscribeAsync("$share/g/t");
        await client.AssertQuietAsync();
        await client.SendAsync(Packets.Subscribe(MqttVersion.V50, 2, ("$share/g/t", new(MqttQos.AtMostOnce) { NoLocal = true })));
        Assert.Equal(MqttReasonCode.ProtocolError, await client.ReadEndAsync());
    }

    [Fact]
    public async Task The_application_judges_the_filter_behind_the_name()
    {
        await using var house = await RunningBroker.StartAsync(new Recorder { Allows = filter => filter == "mine" });
        await using var client = await house.ConnectAsync();
        Assert.Equal(0, await client.SubscribeAsync("$share/g/mine"));
        Assert.Equal(0x80, await client.SubscribeAsync("$share/g/other"));
    }
}
