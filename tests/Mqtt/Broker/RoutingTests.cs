using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Broker;

public sealed class RoutingTests
{
    [Conforms("5.0", "3.8.4-8"), Conforms("3.1.1", "3.8.4-6")]
    [Theory]
    [InlineData(MqttQos.AtMostOnce, MqttQos.AtLeastOnce, 0)]
    [InlineData(MqttQos.AtLeastOnce, MqttQos.AtMostOnce, 0)]
    [InlineData(MqttQos.AtLeastOnce, MqttQos.AtLeastOnce, 1)]
    public async Task A_message_goes_out_at_the_lower_QoS(MqttQos published, MqttQos subscribed, int expected)
    {
        await using var house = await RunningBroker.StartAsync();
        foreach (var version in Packets.Versions)
        {
            await using var receiver = await house.ConnectAsync(version, "receiver");
            await using var sender = await house.ConnectAsync(MqttVersion.V311, "sender");
            Assert.Equal((byte)subscribed, await receiver.SubscribeAsync("a/+", subscribed));
            await sender.PublishAsync("a/b", "hello", published, published == MqttQos.AtMostOnce ? (ushort)0 : (ushort)9);
            Assert.Equal(("a/b", "hello", expected, expected), (await receiver.ReadAsync()).Publish(version));
            if (published == MqttQos.AtLeastOnce) Assert.Equal([0, 9], (await sender.ReadAsync()).Body);
        }
    }

    [Conforms("5.0", "3.3.4-2"), Conforms("3.1.1", "3.3.5-1")]
    [Fact]
    public async Task Overlapping_subscriptions_get_one_copy_at_the_highest_QoS()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync();
        await client.SubscribeAsync("a/#", MqttQos.AtMostOnce);
        await client.SubscribeAsync("a/b", MqttQos.AtLeastOnce);
        await client.SubscribeAsync("+/b", MqttQos.AtMostOnce);
        Assert.Equal(1, house.Broker.Publish("a/b", "x"u8, MqttQos.AtLeastOnce));
        Assert.Equal(("a/b", "x", 1, 1), (await client.ReadAsync()).Publish(client.Version));
        await client.AssertQuietAsync();
    }

    [Conforms("5.0", "3.8.4-3 3.10.4-1 3.10.4-5"), Conforms("3.1.1", "3.8.4-3 3.10.4-1 3.10.4-5")]
    [Fact]
    public async Task Subscribing_again_replaces_and_unsubscribing_ends()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        Assert.Equal(2, await client.SubscribeAsync("t", MqttQos.ExactlyOnce));
        Assert.Equal(0, await client.SubscribeAsync("t", MqttQos.AtMostOnce));
        house.Broker.Publish("t", "x"u8, MqttQos.AtLeastOnce);
        Assert.Equal(("t", "x", 0, 0), (await client.ReadAsync()).Publish(client.Version));

        await client.SendAsync(Packets.Bytes(o => MqttUnsubscribe.Write(o, client.Version, 5, ["t", "u"])));
        Assert.Equal([0, 5, 0, 0, (byte)MqttReasonCode.NoSubscriptionExisted], (await client.ReadAsync()).Body);
        Assert.Equal(0, house.Broker.Publish("t", "x"u8, MqttQos.AtLeastOnce));
    }

    [Conforms("5.0", "3.8.3-3 3.3.2-17")]
    [Fact]
    public async Task Subscription_options_and_properties_of_5_hold()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var local = await house.ConnectAsync(MqttVersion.V50, "local");
        await using var other = await house.ConnectAsync(MqttVersion.V50, "other");
        await local.SendAsync(Packets.Subscribe(MqttVersion.V50, 1, ("t", new(MqttQos.AtLeastOnce) { NoLocal = true })));
        await local.ReadAsync();
        await other.SubscribeAsync("t");
        var properties = new MqttPropertyBuffer().AddUser("k", "v").Add(MqttPropertyId.ContentType, "text");
        await local.SendAsync(Packets.Bytes(o => new MqttPublish { Topic = "t"u8, Properties = properties.Properties }.Write(o, MqttVersion.V50)));
        var received = await other.ReadAsync();
        Assert.Equal(MqttReasonCode.Success, MqttPublish.Read(new(received.Type, received.Flags, received.Body), MqttVersion.V50, out var packet));
        Assert.True(packet.Properties.Bytes.SequenceEqual(properties.Properties.Bytes));
        await local.AssertQuietAsync();
    }

    [Conforms("5.0", "3.8.4-7 3.9.3-2"), Conforms("3.1.1", "3.8.4-5 3.9.3-2")]
    [Theory]
    [InlineData(MqttVersion.V311, 0x80)]
    [InlineData(MqttVersion.V50, 0x87)]
    public async Task A_refused_filter_is_told_and_the_others_are_granted(MqttVersion version, byte refused)
    {
        var app = new Recorder { Allows = filter => filter != "no" };
        await using var house = await RunningBroker.StartAsync(app);
        await using var client = await house.ConnectAsync(version);
        await client.SendAsync(Packets.Subscribe(version, 1, ("yes", new(MqttQos.AtLeastOnce)), ("no", new(MqttQos.AtLeastOnce))));
        Assert.Equal([1, refused], (await client.ReadAsync()).Body[^2..]);
        Assert.Equal(0, house.Broker.Publish("no", "x"u8, MqttQos.AtLeastOnce));
        await client.AssertQuietAsync();
    }

    [Theory]
    [InlineData("/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////#", 0x8F)]
    public async Task What_the_index_does_not_take_is_refused(string filter, byte reason)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        Assert.Equal(reason, await client.SubscribeAsync(filter));
    }

    [Fact]
    public async Task Subscriptions_of_one_session_are_bounded()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumSubscriptions = 2 });
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        Assert.Equal(0, await client.SubscribeAsync("1"));
        Assert.Equal(0, await client.SubscribeAsync("2"));
        Assert.Equal((byte)MqttReasonCode.QuotaExceeded, await client.SubscribeAsync("3"));
        Assert.Equal(0, await client.SubscribeAsync("2"));
    }

    [Conforms("5.0", "3.1.2-8 3.14.4-3"), Conforms("3.1.1", "3.1.2-8 3.14.4-3")]
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_will_is_published_when_the_connection_breaks_and_only_then(bool breaks)
    {
        var app = new Recorder();
        await using var house = await RunningBroker.StartAsync(app);
        await using var watcher = await house.ConnectAsync(clientId: "watcher");
        await watcher.SubscribeAsync("gone");
        await using var client = await house.DialAsync();
        await client.ConnectAsync(MqttVersion.V50, "c", 0, c => c with { Will = new("gone", "c"u8.ToArray()) });
        if (breaks) client.Break();
        else await client.SendAsync(0xE0, 0);
        while (!(await app.NextAsync()).StartsWith("disconnected", StringComparison.Ordinal)) continue;
        if (breaks) Assert.Equal(("gone", "c", 0, 0), (await watcher.ReadAsync()).Publish(watcher.Version));
        await watcher.AssertQuietAsync();
    }

    [Conforms("5.0", "4.13.1-1 3.3.4-6 3.3.2-8 3.3.2-9"), Conforms("3.1.1", "4.8.0-1")]
    [Theory]
    [InlineData("3403000161", null, null)]
    [InlineData("30070001610323 0011", MqttVersion.V50, MqttReasonCode.TopicAliasInvalid)]
    [InlineData("3006 0000 0323 0001", MqttVersion.V50, MqttReasonCode.ProtocolError)]
    [InlineData("3006000161020B01", MqttVersion.V50, MqttReasonCode.ProtocolError)]
    [InlineData("3004000123 00", MqttVersion.V50, MqttReasonCode.TopicNameInvalid)]
    [InlineData("30FFFFFF7F", MqttVersion.V50, MqttReasonCode.PacketTooLarge)]
    [InlineData("C100", MqttVersion.V50, MqttReasonCode.MalformedPacket)]
    [InlineData("20020000", MqttVersion.V50, MqttReasonCode.ProtocolError)]
    [InlineData("8209 0001 020B00 0001 61 00", MqttVersion.V50, MqttReasonCode.ProtocolError)]
    [InlineData("F000", MqttVersion.V50, MqttReasonCode.ProtocolError)]
    public async Task A_bad_packet_ends_its_own_connection_with_the_reason(string hex, MqttVersion? version, MqttReasonCode? reason)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var other = await house.ConnectAsync(clientId: "other");
        await using var client = await house.ConnectAsync(version ?? MqttVersion.V31);
        await client.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(reason, await client.ReadEndAsync());
        await other.AssertQuietAsync();
    }
}
