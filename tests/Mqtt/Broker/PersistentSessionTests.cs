using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Broker;

/// <summary>Sessions that outlive their connections (4.1), their queues and their end.</summary>
public sealed class PersistentSessionTests
{
    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    // [MQTT-3.1.2-4] of 3.1.1 and [MQTT-3.1.2-5], [MQTT-3.2.2-2]: the session goes on; QoS 1 and 2 waited in their order [MQTT-4.5.0-1, MQTT-4.6.0-6]
    [Conforms("5.0", "3.1.2-5 3.1.2-23 3.2.2-3 4.1.0-1 4.5.0-1 4.6.0-5 4.6.0-6"),
        Conforms("3.1.1", "3.1.2-4 3.1.2-5 3.2.2-2 4.1.0-1 4.1.0-2 4.5.0-1 4.6.0-5 4.6.0-6")]
    [Theory, MemberData(nameof(Versions))]
    public async Task Messages_wait_for_a_client_that_is_away(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync();
        await using (var first = await house.DialAsync())
        {
            Assert.False(IsPresent(await first.ConnectAsync(version, "c", 0, Stay)));
            await first.SubscribeAsync("t", MqttQos.ExactlyOnce);
            await LeaveAsync(first);
        }
        house.Broker.Publish("t", "0"u8, MqttQos.AtMostOnce);
        house.Broker.Publish("t", "1"u8, MqttQos.AtLeastOnce);
        house.Broker.Publish("t", "2"u8, MqttQos.ExactlyOnce);
        await using var again = await house.DialAsync();
        Assert.Equal(version != MqttVersion.V31, IsPresent(await again.ConnectAsync(version, "c", 0, Stay)));
        Assert.Equal(("t", "1", 1, 1), (await again.ReadAsync()).Publish(version));
        Assert.Equal(("t", "2", 2, 2), (await again.ReadAsync()).Publish(version));
        house.Broker.Publish("t", "3"u8, MqttQos.AtMostOnce);
        Assert.Equal(("t", "3", 0, 0), (await again.ReadAsync()).Publish(version));
    }

    // [MQTT-4.4.0-1]: what was not acknowledged comes again with its id and DUP [MQTT-3.3.1-1]; after PUBREC only PUBREL does [MQTT-4.3.3-6]
    [Conforms("5.0", "4.4.0-1 3.3.1-1 4.3.3-6 4.3.2-3"), Conforms("3.1.1", "4.4.0-1 3.3.1-1 4.3.3-1 4.3.2-1")]
    [Theory, MemberData(nameof(Versions))]
    public async Task Messages_in_flight_come_again(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync();
        await using (var first = await house.DialAsync())
        {
            await first.ConnectAsync(version, "c", 0, Stay);
            await first.SubscribeAsync("t", MqttQos.ExactlyOnce);
            house.Broker.Publish("t", "1"u8, MqttQos.AtLeastOnce);
            house.Broker.Publish("t", "2"u8, MqttQos.ExactlyOnce);
            house.Broker.Publish("t", "3"u8, MqttQos.ExactlyOnce);
            for (var n = 0; n < 3; n++) await first.ReadAsync();
            await first.SendAsync(0x50, 2, 0, 2);
            Assert.Equal(MqttPacketType.PubRel, (await first.ReadAsync()).Type);
            await LeaveAsync(first);
        }
        await using var again = await house.DialAsync();
        await again.ConnectAsync(version, "c", 0, Stay);
        var one = await again.ReadAsync();
        Assert.Equal(("t", "1", 1, 1), one.Publish(version));
        Assert.Equal(8, one.Flags & 8);
        Assert.Equal((MqttPacketType.PubRel, 2), (await again.ReadAsync() is var rel ? rel.Type : default, rel.Body[1]));
        Assert.Equal(("t", "3", 2, 3), (await again.ReadAsync()).Publish(version));
        await again.SendAsync(0x40, 2, 0, 1);
        await again.SendAsync(0x70, 2, 0, 2);
        house.Broker.Publish("t", "4"u8, MqttQos.AtLeastOnce);
        Assert.Equal(("t", "4", 1, 4), (await again.ReadAsync()).Publish(version));
    }

    // [MQTT-4.3.3-10]: the ids of received QoS 2 messages are part of the session
    [Conforms("5.0", "4.3.3-10"), Conforms("3.1.1", "4.3.3-2")]
    [Fact]
    public async Task A_message_repeated_on_the_next_connection_is_routed_once()
    {
        var app = new Recorder();
        await using var house = await RunningBroker.StartAsync(app);
        await using (var first = await house.DialAsync())
        {
            await first.ConnectAsync(MqttVersion.V311, "c", 0, Stay);
            await first.PublishAsync("up", "1", MqttQos.ExactlyOnce, 5);
            Assert.Equal(MqttPacketType.PubRec, (await first.ReadAsync()).Type);
            await LeaveAsync(first);
        }
        await using var again = await house.DialAsync();
        await again.ConnectAsync(MqttVersion.V311, "c", 0, Stay);
        await again.PublishAsync("up", "1", MqttQos.ExactlyOnce, 5);
        Assert.Equal(MqttPacketType.PubRec, (await again.ReadAsync()).Type);
        await again.SendAsync(0x62, 2, 0, 5);
        Assert.Equal(MqttPacketType.PubComp, (await again.ReadAsync()).Type);
        string[] expected = ["connected c", "published up 1", "disconnected c Success", "connected c"];
        foreach (var line in expected) Assert.Equal(line, await app.NextAsync());
        Assert.True(app.IsQuiet);
    }

    // [MQTT-3.1.2-4]: Clean Start ends the session that waited [MQTT-3.2.2-2]
    [Conforms("5.0", "3.1.2-4 3.2.2-2"), Conforms("3.1.1", "3.1.2-6 3.2.2-1")]
    [Theory, MemberData(nameof(Versions))]
    public async Task A_clean_start_discards_the_session(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync();
        await WaitingSessionAsync(house, version);
        house.Broker.Publish("t", "1"u8, MqttQos.AtLeastOnce);
        await using var again = await house.DialAsync();
        Assert.False(IsPresent(await again.ConnectAsync(version, "c")));
        house.Broker.Publish("t", "2"u8, MqttQos.AtLeastOnce);
        await again.AssertQuietAsync();
    }

    // [MQTT-3.1.2-23]: the session ends when its interval has passed
    [Conforms("5.0", "3.1.2-23 4.1.0-2")]
    [Fact]
    public async Task A_session_ends_after_its_expiry_interval()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        await WaitingSessionAsync(house, MqttVersion.V50);
        clock.Advance(TimeSpan.FromSeconds(99));
        Assert.Equal(1, house.Broker.Publish("t", "1"u8, MqttQos.AtLeastOnce));
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(0, house.Broker.Publish("t", "1"u8, MqttQos.AtLeastOnce));
        Assert.True(house.Broker.Index.IsEmpty);
        await using var again = await house.DialAsync();
        Assert.False(IsPresent(await again.ConnectAsync(MqttVersion.V50, "c", 0, Stay)));
    }

    // 3.1.2.11.2: the server may cut the interval and tells so [MQTT-3.2.2-21 of the properties]
    [Fact]
    public async Task A_longer_expiry_than_allowed_is_cut_and_told()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumSessionExpirySeconds = 30 });
        await using var client = await house.DialAsync();
        var answer = await client.ConnectAsync(MqttVersion.V50, "c", 0, Stay);
        Assert.Equal(MqttReasonCode.Success, MqttConnAck.Read(new(answer.Type, answer.Flags, answer.Body), MqttVersion.V50, out var packet));
        Assert.Equal(30u, packet.Properties.Number(MqttPropertyId.SessionExpiryInterval, 0));
    }

    // 3.14.2.2.2: DISCONNECT may change the interval, but not from zero
    [Theory, InlineData(true), InlineData(false)]
    public async Task The_expiry_of_DISCONNECT_counts_unless_the_session_had_none(bool stays)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.DialAsync();
        await client.ConnectAsync(MqttVersion.V50, "c", 0, c => stays ? Stay(c) : c);
        await client.SubscribeAsync("t", MqttQos.AtLeastOnce);
        await client.SendAsync(0xE0, 7, 0, 5, 17, 0, 0, 0, (byte)(stays ? 0 : 9));
        Assert.Equal(stays ? null : MqttReasonCode.ProtocolError, await client.ReadEndAsync());
        Assert.Equal(0, house.Broker.Publish("t", "1"u8, MqttQos.AtLeastOnce));
    }

    [Fact]
    public async Task Another_user_does_not_get_the_session()
    {
        await using var house = await RunningBroker.StartAsync();
        await WaitingSessionAsync(house, MqttVersion.V311, "ann");
        await using var other = await house.DialAsync();
        Assert.False(IsPresent(await other.ConnectAsync(MqttVersion.V311, "c", 0, c => Stay(c) with { UserName = "bob" })));
    }

    [Theory]
    [InlineData(MqttDrop.Newest, "1", "2")]
    [InlineData(MqttDrop.Oldest, "2", "3")]
    public async Task A_full_queue_drops_as_it_was_told(MqttDrop drop, string first, string second)
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumOfflineMessages = 2, WhenOfflineQueueIsFull = drop });
        await WaitingSessionAsync(house, MqttVersion.V311);
        foreach (var text in new[] { "1", "2", "3" })
            house.Broker.Publish("t", System.Text.Encoding.UTF8.GetBytes(text), MqttQos.AtLeastOnce);
        await using var again = await house.DialAsync();
        await again.ConnectAsync(MqttVersion.V311, "c", 0, Stay);
        Assert.Equal(first, (await again.ReadAsync()).Publish(again.Version).Payload);
        Assert.Equal(second, (await again.ReadAsync()).Publish(again.Version).Payload);
        await again.AssertQuietAsync();
    }

    [Fact]
    public async Task Beyond_the_limit_of_sessions_they_end_with_their_connections()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumOfflineSessions = 0 });
        await WaitingSessionAsync(house, MqttVersion.V311);
        Assert.True(house.Broker.Index.IsEmpty);
    }

    // What the application sends is of this connection; what is routed is the session's
    [Fact]
    public async Task A_delivery_of_the_application_does_not_reach_the_next_connection()
    {
        await using var house = await RunningBroker.StartAsync();
        await using (var first = await house.DialAsync())
        {
            await first.ConnectAsync(MqttVersion.V311, "c", 0, Stay);
            await first.SubscribeAsync("t", MqttQos.AtLeastOnce);
            Assert.True(house.Broker.TryGetSession("c", out var session));
            Assert.True(session.Deliver("t"u8, "answer"u8));
            session.Flush();
            Assert.Equal("answer", (await first.ReadAsync()).Publish(first.Version).Payload);
            await LeaveAsync(first);
        }
        await using var again = await house.DialAsync();
        await again.ConnectAsync(MqttVersion.V311, "c", 0, Stay);
        await again.AssertQuietAsync();
    }

    [Fact]
    public async Task The_application_is_told_what_came_back_and_may_refuse_it_by_now()
    {
        var allowed = true;
        var app = new Recorder { Allows = filter => allowed || filter == "t" };
        await using var house = await RunningBroker.StartAsync(app);
        await using (var first = await house.DialAsync())
        {
            await first.ConnectAsync(MqttVersion.V311, "c", 0, Stay);
            await first.SubscribeAsync("t", MqttQos.AtLeastOnce);
            await first.SubscribeAsync("u", MqttQos.AtLeastOnce);
            await LeaveAsync(first);
        }
        string[] before = ["connected c", "subscribed t 1", "subscribed u 1", "disconnected c Success"];
        foreach (var line in before) Assert.Equal(line, await app.NextAsync());
        allowed = false;
        await using var again = await house.DialAsync();
        await again.ConnectAsync(MqttVersion.V311, "c", 0, Stay);
        Assert.Equal("connected c", await app.NextAsync());
        Assert.Equal("subscribed t 1", await app.NextAsync());
        Assert.Equal(0, house.Broker.Publish("u", "1"u8, MqttQos.AtLeastOnce));
    }

    [Fact]
    public async Task The_message_that_ends_a_slow_session_waits_for_it_when_it_stays()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var slow = await house.DialAsync();
        await slow.ConnectAsync(MqttVersion.V311, "c", 0, Stay);
        await slow.SubscribeAsync("fast");
        await slow.SubscribeAsync("t", MqttQos.AtLeastOnce);
        while (house.Broker.Publish("fast", new byte[32 * 1024], MqttQos.AtMostOnce) > 0) { }
        Assert.Equal(1, house.Broker.Publish("t", "1"u8, MqttQos.AtLeastOnce));
        Assert.False(house.Broker.TryGetSession("c", out _));
        Assert.Equal(1, house.Broker.Publish("t", "2"u8, MqttQos.AtLeastOnce));
        await using var again = await house.DialAsync();
        await again.ConnectAsync(MqttVersion.V311, "c", 0, Stay);
        Assert.Equal(("t", "1", 1, 1), (await again.ReadAsync()).Publish(again.Version));
        Assert.Equal(("t", "2", 1, 2), (await again.ReadAsync()).Publish(again.Version));
    }

    // 3.14.2.2.2: the client may ask for more, the application has said how much at most
    [Fact]
    public async Task DISCONNECT_does_not_prolong_what_the_application_shortened()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        await using var client = await house.DialAsync();
        await client.ConnectAsync(MqttVersion.V50, "c", 0, Stay);
        Assert.True(house.Broker.TryGetSession("c", out var session));
        session.LimitExpiry(10);
        await client.SendAsync(0xE0, 7, 0, 5, 17, 0, 0, 0, 99);
        Assert.Null(await client.ReadEndAsync());
        Assert.True(house.Broker.HasSession("c"));
        clock.Advance(TimeSpan.FromSeconds(12));
        Assert.False(house.Broker.HasSession("c"));
    }

    [Fact]
    public async Task A_message_on_its_way_to_a_session_that_has_just_ended_is_not_kept()
    {
        await using var house = await RunningBroker.StartAsync();
        await WaitingSessionAsync(house, MqttVersion.V311);
        var found = new List<Subscriber>();
        house.Broker.Index.Match("t"u8, found);
        await using var again = await house.ConnectAsync();
        Assert.Equal(MqttSession.Sent.Not, found[0].Session!.Send(new() { Topic = "t"u8, Qos = MqttQos.AtLeastOnce }, default, found[0].Options));
        Assert.Equal(0, house.Broker.Kept.Value);
    }

    [Fact]
    public async Task An_application_that_fails_while_a_session_comes_back_does_not_end_the_session()
    {
        var fails = false;
        await using var house = await RunningBroker.StartAsync(new Recorder { Allows = _ => fails ? throw new InvalidOperationException("once") : true });
        await WaitingSessionAsync(house, MqttVersion.V311);
        house.Broker.Publish("t", "1"u8, MqttQos.AtLeastOnce);
        fails = true;
        await using (var failing = await house.DialAsync())
        {
            await failing.SendAsync(Packets.Connect(MqttVersion.V311, "c", 0, Stay));
            Assert.Null(await failing.ReadEndAsync());
        }
        fails = false;
        await using var again = await house.DialAsync();
        Assert.True(IsPresent(await again.ConnectAsync(MqttVersion.V311, "c", 0, Stay)));
        Assert.Equal(("t", "1", 1, 1), (await again.ReadAsync()).Publish(again.Version));
    }

    internal static MqttConnect Stay(MqttConnect connect) => connect with
    {
        CleanStart = false,
        PropertyBytes = connect.Version != MqttVersion.V50 ? default
            : new MqttPropertyBuffer().Add(MqttPropertyId.SessionExpiryInterval, 100).Properties.Bytes.ToArray(),
    };

    /// <summary>Says DISCONNECT; when the server has closed, the session has been put aside.</summary>
    internal static async Task LeaveAsync(RawClient client)
    {
        await client.SendAsync(0xE0, 0);
        Assert.Null(await client.ReadEndAsync());
    }

    static async Task WaitingSessionAsync(RunningBroker house, MqttVersion version, string? user = null)
    {
        await using var client = await house.DialAsync();
        await client.ConnectAsync(version, "c", 0, c => Stay(c) with { UserName = user });
        await client.SubscribeAsync("t", MqttQos.AtLeastOnce);
        await LeaveAsync(client);
    }

    static bool IsPresent(RawPacket answer) => (answer.Body[0] & 1) != 0;
}
