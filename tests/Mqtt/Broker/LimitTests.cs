using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Broker;

public sealed class LimitTests
{
    [Conforms("5.0", "3.1.2-22 3.2.2-22"), Conforms("3.1.1", "3.1.2-24")]
    [Fact]
    public async Task A_silent_session_ends_after_one_and_a_half_keep_alives()
    {
        var clock = new HandClock();
        var app = new Recorder();
        await using var house = await RunningBroker.StartAsync(app, clock: clock);
        await using var client = await house.ConnectAsync(MqttVersion.V50, keepAlive: 10);
        Assert.Equal("connected c", await app.NextAsync());
        clock.Advance(TimeSpan.FromSeconds(14));
        Assert.True(house.Broker.TryGetSession("c", out var session));
        await client.AssertQuietAsync();
        clock.Advance(TimeSpan.FromSeconds(14));
        session.Touch();
        clock.Advance(TimeSpan.FromSeconds(14));
        Assert.True(session.IsOpen);
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(MqttReasonCode.KeepAliveTimeout, await client.ReadEndAsync());
        Assert.Equal("disconnected c KeepAliveTimeout", await app.NextAsync());
    }

    [Fact]
    public async Task Without_keep_alive_a_session_stays()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        await using var client = await house.ConnectAsync(keepAlive: 0);
        clock.Advance(TimeSpan.FromHours(10));
        await client.AssertQuietAsync();
    }

    [Conforms("5.0", "3.3.4-9 3.3.4-10 4.9.0-1 4.9.0-2 4.9.0-3 4.3.2-3")]
    [Fact]
    public async Task The_clients_receive_maximum_is_kept_and_the_rest_follows_in_order()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.DialAsync();
        var two = new MqttPropertyBuffer().Add(MqttPropertyId.ReceiveMaximum, 2).Properties.Bytes.ToArray();
        await client.ConnectAsync(MqttVersion.V50, "c", 0, c => c with { PropertyBytes = two });
        await client.SubscribeAsync("t", MqttQos.AtLeastOnce);
        for (var n = 1; n <= 5; n++) house.Broker.Publish("t", [(byte)('0' + n)], MqttQos.AtLeastOnce);
        Assert.Equal(("t", "1", 1, 1), (await client.ReadAsync()).Publish(client.Version));
        Assert.Equal(("t", "2", 1, 2), (await client.ReadAsync()).Publish(client.Version));
        await client.AssertQuietAsync();
        for (byte n = 3; n <= 5; n++)
        {
            await client.SendAsync(0x40, 2, 0, (byte)(n - 2));
            Assert.Equal(("t", $"{n}", 1, n), (await client.ReadAsync()).Publish(client.Version));
            await client.AssertQuietAsync();
        }
    }

    [Conforms("5.0", "3.1.2-24 3.1.2-25")]
    [Fact]
    public async Task A_message_larger_than_the_client_takes_is_dropped()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.DialAsync();
        var small = new MqttPropertyBuffer().Add(MqttPropertyId.MaximumPacketSize, 20).Properties.Bytes.ToArray();
        await client.ConnectAsync(MqttVersion.V50, "c", 0, c => c with { PropertyBytes = small });
        await client.SubscribeAsync("t", MqttQos.AtLeastOnce);
        Assert.Equal(0, house.Broker.Publish("t", new byte[14], MqttQos.AtLeastOnce));
        Assert.Equal(1, house.Broker.Publish("t", new byte[12], MqttQos.AtLeastOnce));
        Assert.Equal(20, 2 + (await client.ReadAsync()).Body.Length);
    }

    [Conforms("5.0", "2.2.1-4 4.3.2-1"), Conforms("3.1.1", "2.3.1-4 4.3.2-1")]
    [Fact]
    public async Task Packet_ids_go_round_on_a_real_connection()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumQueuedBytes = 8 * 1024 * 1024 });
        await using var client = await house.ConnectAsync();
        await client.SubscribeAsync("t", MqttQos.AtLeastOnce);
        for (var n = 0; n < 65_540;)
        {
            for (var batch = 0; batch < 500; batch++) house.Broker.Publish("t", [], MqttQos.AtLeastOnce);
            var acks = new List<byte>();
            for (var batch = 0; batch < 500; batch++)
            {
                var expected = n++ % 65_535 + 1;
                Assert.Equal(expected, (await client.ReadAsync()).Publish(client.Version).Id);
                acks.AddRange([0x40, 2, (byte)(expected >> 8), (byte)expected]);
            }
            await client.SendAsync([.. acks]);
        }
    }

    [Fact]
    public async Task Subscriptions_are_bounded_by_what_they_cost()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumSubscriptionBytes = 100_000 });
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        var deep = string.Concat(Enumerable.Repeat("a/", 100));
        Assert.Equal(0, await client.SubscribeAsync($"1/{deep}#"));
        Assert.Equal(0, await client.SubscribeAsync($"2/{deep}#"));
        Assert.Equal((byte)MqttReasonCode.QuotaExceeded, await client.SubscribeAsync($"3/{deep}#"));
        Assert.Equal(0, await client.SubscribeAsync($"2/{deep}#"));
        Assert.Equal(0, await client.SubscribeAsync($"3/{deep}"));
    }

    [Fact]
    public async Task One_packet_asks_for_no_more_filters_than_a_session_may_have()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumSubscriptions = 3 });
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        await client.SendAsync(Packets.Subscribe(MqttVersion.V50, 1, [.. Enumerable.Repeat(("#", new MqttSubscriptionOptions(MqttQos.AtMostOnce)), 5)]));
        Assert.Equal([0, 0, 0, (byte)MqttReasonCode.QuotaExceeded, (byte)MqttReasonCode.QuotaExceeded], (await client.ReadAsync()).Body[3..]);
    }

    [Theory]
    [InlineData(MqttQos.AtMostOnce)]
    [InlineData(MqttQos.AtLeastOnce)]
    public async Task A_client_that_does_not_read_costs_a_bounded_amount(MqttQos qos)
    {
        var app = new Recorder();
        await using var house = await RunningBroker.StartAsync(app);
        await using var slow = await house.ConnectAsync();
        await slow.SubscribeAsync("t", qos);
        var payload = new byte[32 * 1024];
        var delivered = 0;
        for (var n = 0; n < 1000; n++) delivered += house.Broker.Publish("t", payload, qos);
        // The sockets' and the pipe's own buffers are a few MiB at most
        Assert.InRange(delivered, 1, 500);
        Assert.Equal(qos == MqttQos.AtMostOnce, house.Broker.TryGetSession("c", out _));
        if (qos == MqttQos.AtMostOnce) return;
        Assert.Equal("connected c", await app.NextAsync());
        Assert.Equal("subscribed t 1", await app.NextAsync());
        Assert.Equal("disconnected c QuotaExceeded", await app.NextAsync());
    }

    [Fact]
    public async Task What_waited_for_a_slow_client_arrives_whole_and_in_order()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumQueuedBytes = 64 * 1024 * 1024 });
        await using var slow = await house.ConnectAsync();
        await slow.SubscribeAsync("t", MqttQos.AtMostOnce);
        for (var n = 0; n < 400; n++) house.Broker.Publish("t", System.Text.Encoding.UTF8.GetBytes($"{n}".PadLeft(30_000)), MqttQos.AtMostOnce);
        for (var n = 0; n < 400; n++) Assert.Equal($"{n}", (await slow.ReadAsync()).Publish(slow.Version).Payload.TrimStart());
        await slow.AssertQuietAsync();
    }

    [Fact]
    public async Task Garbage_on_many_connections_leaves_the_others_alone()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var other = await house.ConnectAsync(clientId: "other");
        var random = new Random(1);
        for (var n = 0; n < 150; n++)
        {
            await using var client = await house.DialAsync();
            var version = Packets.Versions[n % 3];
            var packets = Packets.All(version).ToArray();
            var bytes = Packets.Connect(version, $"g{n}").Concat(packets[random.Next(packets.Length)]).Concat(packets[random.Next(packets.Length)]).ToArray();
            for (var change = 0; change < 3; change++) bytes[random.Next(n % 2 == 0 ? 0 : 20, bytes.Length)] = (byte)random.Next(256);
            await client.SendAsync(bytes);
        }
        await other.SubscribeAsync("still/here");
        house.Broker.Publish("still/here", "yes"u8, MqttQos.AtMostOnce);
        Assert.Equal("yes", (await other.ReadAsync()).Publish(other.Version).Payload);
    }
}
