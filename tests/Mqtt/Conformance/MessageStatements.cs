using System.Text;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Conformance;

/// <summary>PUBLISH, its acknowledgements, SUBSCRIBE and UNSUBSCRIBE, where no other test looks.</summary>
public sealed class MessageStatements
{
    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    [Conforms("5.0", "1.5.4-3 4.7.3-4 3.3.2-3"), Conforms("3.1.1", "1.5.3-3 4.7.3-4 3.3.2-3")]
    [Theory, MemberData(nameof(Versions))]
    public async Task Topics_are_not_normalized(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync(version);
        // A byte order mark, a composed and a decomposed letter, upper and lower case, empty levels
        foreach (var topic in new[] { "\uFEFFt", "\u00C5", "A\u030A", "T", "t", "/t", "t/", "//" })
        {
            await client.SubscribeAsync(topic);
            foreach (var other in new[] { "\uFEFFt", "\u00C5", "A\u030A", "T", "t", "/t", "t/", "//" })
                Assert.Equal(other == topic ? 1 : 0, house.Broker.Publish(other, "x"u8, MqttQos.AtMostOnce));
            Assert.Equal(topic, (await client.ReadAsync()).Publish(version).Topic);
            await client.SendAsync(Packets.Bytes(o => MqttUnsubscribe.Write(o, version, 2, [topic])));
            Assert.Equal(MqttPacketType.UnsubAck, (await client.ReadAsync()).Type);
        }
    }

    [Conforms("5.0", "3.3.4-1 4.3.2-4 4.3.2-5 2.2.1-5 3.3.1-3 4.3.1-1 3.3.1-2 2.2.1-2 4.3.2-2"),
        Conforms("3.1.1", "3.3.4-1 4.3.2-2 2.3.1-6 3.3.1-3 4.3.1-1 3.3.1-2 2.3.1-5 4.3.2-1 4.3.3-2")]
    [Theory, MemberData(nameof(Versions))]
    public async Task Each_QoS_is_answered_as_it_should_be_and_DUP_is_not_passed_on(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var watcher = await house.ConnectAsync(version, "watcher");
        await watcher.SubscribeAsync("t", MqttQos.AtLeastOnce);
        await using var client = await house.ConnectAsync(version);
        await client.PublishAsync("t", "0");
        for (var round = 0; round < 2; round++)
        {
            // After PUBACK the same id is a new message, whatever DUP says
            await client.SendAsync(Packets.Bytes(o => new MqttPublish { Topic = "t"u8, Payload = "1"u8, Qos = MqttQos.AtLeastOnce, PacketId = 7, Dup = true }.Write(o, version)));
            var ack = await client.ReadAsync();
            Assert.Equal((MqttPacketType.PubAck, 7), (ack.Type, ack.Body[1]));
        }
        await client.PublishAsync("t", "2", MqttQos.ExactlyOnce, 9);
        var rec = await client.ReadAsync();
        Assert.Equal((MqttPacketType.PubRec, 9), (rec.Type, rec.Body[1]));
        foreach (var (payload, qos, id) in new[] { ("0", 0, 0), ("1", 1, 1), ("1", 1, 2), ("2", 1, 3) })
        {
            var packet = await watcher.ReadAsync();
            Assert.Equal(("t", payload, qos, id), packet.Publish(version));
            Assert.Equal(0, packet.Flags & 8);
        }
    }

    [Conforms("5.0", "3.3.2-4 3.3.2-15 3.3.2-16 3.3.2-17 3.3.2-18 3.3.2-20")]
    [Fact]
    public async Task Properties_of_a_message_arrive_as_they_were_sent()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        await client.SubscribeAsync("t");
        var properties = new MqttPropertyBuffer().AddUser("b", "1").Add(MqttPropertyId.PayloadFormatIndicator, 1).AddUser("a", "2")
            .Add(MqttPropertyId.ContentType, "text/plain").Add(MqttPropertyId.ResponseTopic, "r").Add(MqttPropertyId.CorrelationData, [0, 255])
            .AddUser("b", "0").Properties.Bytes.ToArray();
        await client.SendAsync(Packets.Bytes(o => new MqttPublish { Topic = "t"u8, Properties = new(properties) }.Write(o, MqttVersion.V50)));
        var packet = await client.ReadAsync();
        MqttPublish.Read(new(packet.Type, packet.Flags, packet.Body), MqttVersion.V50, out var got);
        Assert.Equal(properties, got.Properties.Bytes);
    }

    [Conforms("3.1.1", "3.3.5-2")]
    [Fact]
    public async Task A_message_that_is_not_allowed_is_acknowledged_and_not_delivered()
    {
        await using var house = await RunningBroker.StartAsync(new Recorder { OnPublish = (_, _, _) => new(MqttPublishVerdict.Refused) });
        await using var client = await house.ConnectAsync();
        await client.SubscribeAsync("t");
        await client.PublishAsync("t", "x", MqttQos.AtLeastOnce, 3);
        Assert.Equal(MqttPacketType.PubAck, (await client.ReadAsync()).Type);
        await client.AssertQuietAsync();
    }

    [Conforms("5.0", "3.1.2-27")]
    [Fact]
    public async Task A_client_that_takes_no_aliases_gets_none()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        await client.SubscribeAsync("topic");
        for (var n = 0; n < 3; n++)
        {
            house.Broker.Publish("topic", "x"u8, MqttQos.AtMostOnce);
            Assert.Equal([0, 5, .. "topic"u8, 0, (byte)'x'], (await client.ReadAsync()).Body);
        }
    }

    [Conforms("5.0", "3.3.1-8"), Conforms("3.1.1", "3.3.1-12 3.1.2-7")]
    [Fact]
    public async Task A_message_without_RETAIN_changes_nothing_that_is_retained_and_no_session_owns_it()
    {
        await using var house = await RunningBroker.StartAsync();
        house.Broker.Publish("t", "kept"u8, MqttQos.AtMostOnce, retain: true);
        await using (var client = await house.ConnectAsync())
        {
            await client.PublishAsync("t", "other");
            await client.PublishAsync("t", "");
            await client.PublishAsync("u", "other");
            await PersistentSessionTests.LeaveAsync(client);
        }
        await using var late = await house.ConnectAsync();
        await late.SubscribeAsync("#");
        Assert.Equal("kept", (await late.ReadAsync()).Publish(late.Version).Payload);
        await late.AssertQuietAsync();
    }

    [Conforms("5.0", "3.8.4-1 3.8.4-2 3.8.4-5 3.8.4-6 3.8.4-7 3.9.3-1 3.9.3-2 2.2.1-6"), Conforms("3.1.1", "3.8.4-1 3.8.4-2 3.8.4-4 3.8.4-5 3.9.3-1 3.9.3-2 2.3.1-7")]
    [Theory, MemberData(nameof(Versions))]
    public async Task SUBACK_has_a_code_for_each_filter_in_its_order(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync(new Recorder { Allows = filter => filter != "no" });
        await using var client = await house.ConnectAsync(version);
        await client.SendAsync(Packets.Subscribe(version, 0x1234, ("a", new(MqttQos.ExactlyOnce)), ("no", new(MqttQos.ExactlyOnce)), ("b", new(MqttQos.AtMostOnce)), ("c/#", new(MqttQos.AtLeastOnce))));
        var packet = await client.ReadAsync();
        Assert.Equal((MqttPacketType.SubAck, 0x12, 0x34), (packet.Type, packet.Body[0], packet.Body[1]));
        Assert.Equal([2, version == MqttVersion.V50 ? (byte)MqttReasonCode.NotAuthorized : (byte)0x80, 0, 1], packet.Body[^4..]);
    }

    [Conforms("5.0", "3.8.4-3 3.8.4-4"), Conforms("3.1.1", "3.8.4-3 3.3.1-6 3.3.1-8 3.3.1-9")]
    [Theory, MemberData(nameof(Versions))]
    public async Task Subscribing_again_sends_the_retained_message_again_and_loses_none(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync();
        house.Broker.Publish("t", "kept"u8, MqttQos.AtLeastOnce, retain: true);
        await using var client = await house.ConnectAsync(version);
        for (byte round = 0; round < 2; round++)
        {
            Assert.Equal(1, await client.SubscribeAsync("t", MqttQos.AtLeastOnce));
            var packet = await client.ReadAsync();
            Assert.Equal(("kept", 1), (packet.Publish(version).Payload, packet.Flags & 1));
            Assert.Equal(1, house.Broker.Publish("t", [round], MqttQos.AtLeastOnce, retain: false));
            Assert.Equal(0, (await client.ReadAsync()).Flags & 1);
        }
    }

    [Conforms("5.0", "3.10.4-1 3.10.4-2 3.10.4-3 3.10.4-4 3.10.4-5 3.10.4-6 3.11.3-1 3.11.3-2 2.2.1-6"), Conforms("3.1.1", "3.10.4-1 3.10.4-2 3.10.4-3 3.10.4-4 3.10.4-5 3.10.4-6 2.3.1-7")]
    [Theory, MemberData(nameof(Versions))]
    public async Task UNSUBSCRIBE_ends_what_matches_to_the_letter(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumInFlight = 1 });
        await using var client = await house.ConnectAsync(version);
        foreach (var filter in new[] { "a/+", "b", "c" }) await client.SubscribeAsync(filter, MqttQos.AtLeastOnce);
        house.Broker.Publish("a/b", "1"u8, MqttQos.AtLeastOnce);
        house.Broker.Publish("a/b", "2"u8, MqttQos.AtLeastOnce);
        Assert.Equal("1", (await client.ReadAsync()).Publish(version).Payload);
        await client.SendAsync(Packets.Bytes(o => MqttUnsubscribe.Write(o, version, 0x1234, ["a/+", "a/#", "B", "c"])));
        var packet = await client.ReadAsync();
        Assert.Equal((MqttPacketType.UnsubAck, 0x12, 0x34), (packet.Type, packet.Body[0], packet.Body[1]));
        if (version == MqttVersion.V50) Assert.Equal([0, (byte)MqttReasonCode.NoSubscriptionExisted, (byte)MqttReasonCode.NoSubscriptionExisted, 0], packet.Body[^4..]);
        // What was on its way goes on, nothing new is added
        Assert.Equal(0, house.Broker.Publish("a/b", "3"u8, MqttQos.AtLeastOnce));
        Assert.Equal(0, house.Broker.Publish("c", "3"u8, MqttQos.AtLeastOnce));
        Assert.Equal(1, house.Broker.Publish("b", "4"u8, MqttQos.AtLeastOnce));
        foreach (var (payload, id) in new[] { ("2", 1), ("4", 2) })
        {
            await client.SendAsync(0x40, 2, 0, (byte)id);
            Assert.Equal(payload, (await client.ReadAsync()).Publish(version).Payload);
        }
    }

    [Conforms("5.0", "4.4.0-2 4.8.2-6")]
    [Fact]
    public async Task A_message_the_client_refuses_is_not_sent_again_nor_to_another()
    {
        await using var house = await RunningBroker.StartAsync();
        await using (var client = await house.DialAsync())
        {
            await client.ConnectAsync(MqttVersion.V50, "c", 0, PersistentSessionTests.Stay);
            await client.SubscribeAsync("$share/g/t", MqttQos.ExactlyOnce);
            await using var other = await house.ConnectAsync(MqttVersion.V50, "other");
            house.Broker.Publish("t", "1"u8, MqttQos.AtLeastOnce);
            house.Broker.Publish("t", "2"u8, MqttQos.ExactlyOnce);
            await other.SubscribeAsync("$share/g/t", MqttQos.ExactlyOnce);
            for (var n = 0; n < 2; n++) await client.ReadAsync();
            await client.SendAsync(0x40, 3, 0, 1, (byte)MqttReasonCode.QuotaExceeded);
            await client.SendAsync(0x50, 3, 0, 2, (byte)MqttReasonCode.QuotaExceeded);
            await client.AssertQuietAsync();
            await other.AssertQuietAsync();
            await PersistentSessionTests.LeaveAsync(client);
            await other.AssertQuietAsync();
        }
        await using var again = await house.DialAsync();
        await again.ConnectAsync(MqttVersion.V50, "c", 0, PersistentSessionTests.Stay);
        await again.AssertQuietAsync();
    }

    // The one that was chosen gets it, at the QoS it was granted
    [Conforms("5.0", "4.8.2-3 4.8.2-4")]
    [Fact]
    public async Task A_shared_message_in_flight_stays_with_the_chosen_session()
    {
        await using var house = await RunningBroker.StartAsync();
        await using (var client = await house.DialAsync())
        {
            await client.ConnectAsync(MqttVersion.V50, "c", 0, PersistentSessionTests.Stay);
            await client.SubscribeAsync("$share/g/t", MqttQos.ExactlyOnce);
            house.Broker.Publish("t", "1"u8, MqttQos.ExactlyOnce);
            Assert.Equal(("t", "1", 2, 1), (await client.ReadAsync()).Publish(MqttVersion.V50));
            await PersistentSessionTests.LeaveAsync(client);
        }
        await using var other = await house.ConnectAsync(MqttVersion.V50, "other");
        await other.SubscribeAsync("$share/g/t", MqttQos.AtMostOnce);
        await other.AssertQuietAsync();
        house.Broker.Publish("t", "2"u8, MqttQos.ExactlyOnce);
        Assert.Equal(("t", "2", 0, 0), (await other.ReadAsync()).Publish(MqttVersion.V50));
        await using var again = await house.DialAsync();
        await again.ConnectAsync(MqttVersion.V50, "c", 0, PersistentSessionTests.Stay);
        Assert.Equal(("t", "1", 2, 1), (await again.ReadAsync()).Publish(MqttVersion.V50));
    }

    [Conforms("5.0", "4.3.3-7 4.3.3-13")]
    [Fact]
    public async Task A_QoS_2_message_that_was_sent_does_not_expire()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        await using (var client = await house.DialAsync())
        {
            await client.ConnectAsync(MqttVersion.V50, "c", 0, PersistentSessionTests.Stay);
            await client.SubscribeAsync("t", MqttQos.ExactlyOnce);
            await client.SendAsync(Packets.Bytes(o => new MqttPublish
            {
                Topic = "t"u8,
                Qos = MqttQos.ExactlyOnce,
                PacketId = 1,
                Properties = new MqttPropertyBuffer().Add(MqttPropertyId.MessageExpiryInterval, 5).Properties,
            }.Write(o, MqttVersion.V50)));
            Assert.Equal(MqttPacketType.Publish, (await client.ReadAsync()).Type);
            Assert.Equal(MqttPacketType.PubRec, (await client.ReadAsync()).Type);
            clock.Advance(TimeSpan.FromSeconds(20));
            await client.SendAsync(0x62, 2, 0, 1);
            Assert.Equal(MqttPacketType.PubComp, (await client.ReadAsync()).Type);
            await PersistentSessionTests.LeaveAsync(client);
        }
        await using var again = await house.DialAsync();
        await again.ConnectAsync(MqttVersion.V50, "c", 0, PersistentSessionTests.Stay);
        Assert.Equal(("t", "", 2, 1), (await again.ReadAsync()).Publish(MqttVersion.V50));
    }

    // A reason string that the client would not take is left out
    [Conforms("5.0", "3.4.2-2 3.5.2-2 3.14.2-3")]
    [Theory, InlineData(MqttQos.AtLeastOnce), InlineData(MqttQos.ExactlyOnce)]
    public async Task Reason_strings_keep_to_the_maximum_packet_size(MqttQos qos)
    {
        var why = new string('x', 100);
        var app = new Recorder { OnPublish = (session, _, id) => { session.Acknowledge(id, MqttReasonCode.QuotaExceeded, why); return new(MqttPublishVerdict.Held); } };
        await using var house = await RunningBroker.StartAsync(app);
        foreach (var (maximum, told) in new[] { (1000u, true), (60u, false) })
        {
            await using var client = await house.DialAsync();
            var limit = new MqttPropertyBuffer().Add(MqttPropertyId.MaximumPacketSize, maximum).Properties.Bytes.ToArray();
            await client.ConnectAsync(MqttVersion.V50, "c", 0, c => c with { PropertyBytes = limit });
            await client.PublishAsync("t", "x", qos, 3);
            Assert.Equal(told, Encoding.UTF8.GetString((await client.ReadAsync()).Body).Contains(why, StringComparison.Ordinal));
            Assert.True(house.Broker.TryGetSession("c", out var session));
            session.Disconnect(MqttReasonCode.AdministrativeAction, why);
            Assert.Equal(told, Encoding.UTF8.GetString((await client.ReadAsync()).Body).Contains(why, StringComparison.Ordinal));
        }
    }
}
