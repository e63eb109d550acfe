using System.Text;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Broker;

/// <summary>What properties of 5.0 do: identifiers, aliases, server keep-alive, response information, reason strings.</summary>
public sealed class PropertyTests
{
    // [MQTT-3.3.4-3], [MQTT-3.3.4-4]; [MQTT-3.8.4-3]: subscribing again replaces the identifier
    [Conforms("5.0", "3.3.4-3 3.3.4-4 3.8.4-3")]
    [Fact]
    public async Task The_identifiers_of_all_matching_subscriptions_come_with_a_message()
    {
        await using var house = await RunningBroker.StartAsync();
        house.Broker.Publish("a/r", "old"u8, MqttQos.AtMostOnce, retain: true);
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        await SubscribeAsync(client, "a/b", 7);
        await SubscribeAsync(client, "a/b", 1);
        house.Broker.Publish("a/b", "x"u8, MqttQos.AtMostOnce);
        Assert.Equal<string>(["11=1"], Properties(await client.ReadAsync()));
        await SubscribeAsync(client, "a/+", 300);
        Assert.Equal(["11=300"], Properties(await client.ReadAsync()));
        await SubscribeAsync(client, "#", 0);
        Assert.Empty(Properties(await client.ReadAsync()));
        await client.SendAsync(Packets.Bytes(o => new MqttPublish
        {
            Topic = "a/b"u8,
            Payload = "x"u8,
            Properties = new MqttPropertyBuffer().AddUser("k", "v").Add(MqttPropertyId.CorrelationData, "id"u8).Properties,
        }.Write(o, MqttVersion.V50)));
        var got = Properties(await client.ReadAsync());
        Assert.Equal(["38=k=v", "9=id"], got.Take(2));
        Assert.Equal(["11=1", "11=300"], got.Skip(2).Order());
        await client.AssertQuietAsync();
    }

    // 3.3.2.3.4: an alias stands for the topic it was last set to, on this connection [MQTT-3.3.2-7]
    [Conforms("5.0", "3.3.2-7 3.3.2-9 3.3.2-12")]
    [Fact]
    public async Task A_client_may_send_aliases()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumTopicAliases = 2 });
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        await client.SubscribeAsync("#");
        foreach (var (topic, alias, expected) in new (string, int, string)[] { ("a", 1, "a"), ("", 1, "a"), ("b", 2, "b"), ("c", 1, "c"), ("", 1, "c"), ("", 2, "b") })
        {
            await PublishAsync(client, topic, alias);
            var packet = await client.ReadAsync();
            Assert.Equal(expected, packet.Publish(MqttVersion.V50).Topic);
            Assert.Equal(["38=k=v"], Properties(packet));
        }
        await using var other = await house.ConnectAsync(MqttVersion.V50, "other");
        await PublishAsync(other, "", 1);
        Assert.Equal(MqttReasonCode.ProtocolError, await other.ReadEndAsync());
        await PublishAsync(client, "a", 3);
        Assert.Equal(MqttReasonCode.TopicAliasInvalid, await client.ReadEndAsync());
    }

    // [MQTT-3.1.2-26]: never above the client's maximum; a topic is sent once
    [Conforms("5.0", "3.1.2-26 3.3.2-11")]
    [Fact]
    public async Task A_client_that_takes_aliases_gets_them()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.DialAsync();
        await client.ConnectAsync(MqttVersion.V50, "c", 0, With(p => p.Add(MqttPropertyId.TopicAliasMaximum, 1).Add(MqttPropertyId.ReceiveMaximum, 1)));
        await client.SubscribeAsync("#", MqttQos.AtLeastOnce);
        foreach (var (topic, shown, alias) in new[] { ("long/one", "long/one", "35=1"), ("long/two", "long/two", null), ("long/one", "", "35=1") })
        {
            house.Broker.Publish(topic, "x"u8, MqttQos.AtMostOnce);
            Expect(await client.ReadAsync(), shown, alias);
        }
        // Those that waited for the receive maximum as well
        house.Broker.Publish("long/one", "1"u8, MqttQos.AtLeastOnce);
        house.Broker.Publish("long/one", "2"u8, MqttQos.AtLeastOnce);
        Expect(await client.ReadAsync(), "", "35=1");
        await client.SendAsync(0x40, 2, 0, 1);
        Expect(await client.ReadAsync(), "", "35=1");

        static void Expect(RawPacket packet, string topic, string? alias)
        {
            Assert.Equal(topic, packet.Publish(MqttVersion.V50).Topic);
            Assert.Equal(alias is null ? [] : [alias], Properties(packet));
        }
    }

    // [MQTT-3.1.2-21], [MQTT-3.2.2-21]: the server's keep-alive counts
    [Conforms("5.0", "3.2.2-21")]
    [Theory, InlineData(0), InlineData(60)]
    public async Task A_longer_keep_alive_than_allowed_is_cut_and_told(ushort asked)
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumKeepAliveSeconds = 10 }, clock: clock);
        await using var client = await house.DialAsync();
        var answer = await client.ConnectAsync(MqttVersion.V50, "c", asked);
        Assert.Contains("19=10", ConnAck(answer));
        clock.Advance(TimeSpan.FromSeconds(17));
        Assert.Equal(MqttReasonCode.KeepAliveTimeout, await client.ReadEndAsync());
    }

    // [MQTT-3.1.2-28]: only who asks is told
    [Conforms("5.0", "3.1.2-28")]
    [Fact]
    public async Task Response_information_is_the_applications()
    {
        await using var house = await RunningBroker.StartAsync(new Responding());
        await using var asking = await house.DialAsync();
        Assert.Contains("26=answers/a", ConnAck(await asking.ConnectAsync(MqttVersion.V50, "a", 0, With(p => p.Add(MqttPropertyId.RequestResponseInformation, 1)))));
        await using var silent = await house.DialAsync();
        Assert.DoesNotContain("26=answers/b", ConnAck(await silent.ConnectAsync(MqttVersion.V50, "b")));
    }

    // 3.1.2.11.7: reason strings in CONNACK, PUBACK and DISCONNECT; [MQTT-3.1.2-29]: not in PUBACK for who does not want them
    [Conforms("5.0", "3.1.2-29 3.4.2-1")]
    [Theory, InlineData(true), InlineData(false)]
    public async Task Reasons_are_told_in_words(bool wanted)
    {
        await using var house = await RunningBroker.StartAsync(new Responding());
        await using var client = await house.DialAsync();
        await client.ConnectAsync(MqttVersion.V50, "c", 0, With(p => p.Add(MqttPropertyId.RequestProblemInformation, wanted ? 1u : 0)));
        await client.PublishAsync("t", "x", MqttQos.AtLeastOnce, 5);
        var packet = await client.ReadAsync();
        Assert.Equal(MqttReasonCode.Success, MqttAck.Read(new(packet.Type, packet.Flags, packet.Body), MqttVersion.V50, out var ack));
        Assert.Equal(MqttReasonCode.QuotaExceeded, ack.Reason);
        Assert.Equal(wanted ? ["31=full"] : [], Show(ack.Properties));
        Assert.True(house.Broker.TryGetSession("c", out var session));
        session.Disconnect(MqttReasonCode.AdministrativeAction, "weeding");
        var end = await client.ReadAsync();
        Assert.Equal(MqttReasonCode.Success, MqttDisconnect.Read(new(end.Type, end.Flags, end.Body), MqttVersion.V50, out var goodbye));
        Assert.Equal(["31=weeding"], Show(goodbye.Properties));

        await using var refused = await house.DialAsync();
        var answer = await refused.ConnectAsync(MqttVersion.V50, "nobody");
        Assert.Equal((byte)MqttReasonCode.Banned, answer.Body[1]);
        Assert.Equal(["31=we do not know you"], ConnAck(answer));
    }

    // 3.1.4: a CONNECT of 5.0 that cannot be read is answered with its reason
    [Conforms("5.0", "3.1.4-1 4.13.1-1")]
    [Theory]
    [InlineData("100D 0004 4D515454 05 03 0000 00 0000", MqttReasonCode.MalformedPacket)]
    [InlineData("1011 0004 4D515454 05 02 0000 04 21000021 0000", MqttReasonCode.ProtocolError)]
    public async Task A_malformed_CONNECT_of_5_is_told_why(string hex, MqttReasonCode reason)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.DialAsync();
        await client.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        var answer = await client.ReadAsync();
        Assert.Equal((MqttPacketType.ConnAck, (byte)reason), (answer.Type, answer.Body[1]));
        Assert.Null(await client.TryReadAsync());
    }

    // [MQTT-3.3.2-5], [MQTT-3.3.2-6]: what waited too long is not sent, what waited is sent with the rest of its interval
    [Conforms("5.0", "3.3.2-5 3.3.2-6")]
    [Fact]
    public async Task Messages_expire_while_they_wait()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        await using (var client = await house.DialAsync())
        {
            await client.ConnectAsync(MqttVersion.V50, "c", 0, PersistentSessionTests.Stay);
            await client.SubscribeAsync("t", MqttQos.AtLeastOnce);
            await PersistentSessionTests.LeaveAsync(client);
        }
        await using var sender = await house.ConnectAsync(MqttVersion.V50, "sender");
        foreach (var seconds in new[] { 10u, 60u })
        {
            await sender.SendAsync(Packets.Bytes(o => new MqttPublish
            {
                Topic = "t"u8,
                Payload = "x"u8,
                Qos = MqttQos.AtLeastOnce,
                PacketId = 1,
                Properties = new MqttPropertyBuffer().Add(MqttPropertyId.MessageExpiryInterval, seconds).Properties,
            }.Write(o, MqttVersion.V50)));
            Assert.Equal(MqttPacketType.PubAck, (await sender.ReadAsync()).Type);
        }
        clock.Advance(TimeSpan.FromSeconds(20));
        await using var again = await house.DialAsync();
        await again.ConnectAsync(MqttVersion.V50, "c", 0, PersistentSessionTests.Stay);
        Assert.Equal(["2=40"], Properties(await again.ReadAsync()));
        await again.AssertQuietAsync();
    }

    static async Task SubscribeAsync(RawClient client, string filter, int identifier)
    {
        await client.SendAsync(Packets.Bytes(o => MqttSubscribe.Write(o, MqttVersion.V50, 1, [(filter, new(MqttQos.AtMostOnce))],
            identifier == 0 ? default : new MqttPropertyBuffer().Add(MqttPropertyId.SubscriptionIdentifier, (uint)identifier).Properties)));
        Assert.Equal(MqttPacketType.SubAck, (await client.ReadAsync()).Type);
    }

    static Task PublishAsync(RawClient client, string topic, int alias) => client.SendAsync(Packets.Bytes(o => new MqttPublish
    {
        Topic = Encoding.UTF8.GetBytes(topic),
        Properties = new MqttPropertyBuffer().Add(MqttPropertyId.TopicAlias, (uint)alias).AddUser("k", "v").Properties,
    }.Write(o, MqttVersion.V50)));

    static Func<MqttConnect, MqttConnect> With(Action<MqttPropertyBuffer> add)
    {
        var properties = new MqttPropertyBuffer();
        add(properties);
        return connect => connect with { PropertyBytes = properties.Properties.Bytes.ToArray() };
    }

    static string[] Properties(RawPacket packet)
    {
        Assert.Equal(MqttReasonCode.Success, MqttPublish.Read(new(packet.Type, packet.Flags, packet.Body), MqttVersion.V50, out var publish));
        return Show(publish.Properties);
    }

    static string[] ConnAck(RawPacket packet)
    {
        Assert.Equal(MqttReasonCode.Success, MqttConnAck.Read(new(packet.Type, packet.Flags, packet.Body), MqttVersion.V50, out var answer));
        return Show(answer.Properties);
    }

    static string[] Show(MqttProperties properties)
    {
        var shown = new List<string>();
        foreach (var property in properties)
        {
            var value = property.Bytes.IsEmpty ? $"{property.Number}" : Encoding.UTF8.GetString(property.Bytes);
            shown.Add($"{(int)property.Id}={value}" + (property.Value.IsEmpty ? "" : $"={Encoding.UTF8.GetString(property.Value)}"));
        }
        return [.. shown];
    }

    sealed class Responding : MqttApplication
    {
        public override string? ResponseInformation(MqttSession session) => $"answers/{session.ClientId}";

        public override ValueTask<MqttReasonCode> ConnectAsync(MqttSession session, MqttConnect connect, CancellationToken ct)
        {
            if (connect.ClientId != "nobody") return new(MqttReasonCode.Success);
            session.Refusal = "we do not know you";
            return new(MqttReasonCode.Banned);
        }

        public override ValueTask<MqttPublishVerdict> PublishAsync(MqttSession session, in MqttPublish publish)
        {
            session.Acknowledge(publish.PacketId, MqttReasonCode.QuotaExceeded, "full");
            return new(MqttPublishVerdict.Held);
        }
    }
}
