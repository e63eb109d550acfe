using System.Threading.Channels;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Broker;

public sealed class HoldingTests
{
    [Fact]
    public async Task A_held_publish_is_acknowledged_when_the_application_says_so()
    {
        var app = new Recorder { OnPublish = (_, _, _) => new(MqttPublishVerdict.Held) };
        await using var house = await RunningBroker.StartAsync(app);
        await using var client = await house.ConnectAsync();
        await client.SubscribeAsync("down", MqttQos.AtLeastOnce);
        await client.PublishAsync("up", "1", MqttQos.AtLeastOnce, 77);
        while (!(await app.NextAsync()).StartsWith("published", StringComparison.Ordinal)) continue;
        await client.AssertQuietAsync();

        Assert.True(house.Broker.TryGetSession("c", out var session));
        Assert.True(session.Deliver("down"u8, "answer"u8));
        session.Acknowledge(77);
        session.Flush();

        Assert.Equal(("down", "answer", 1, 1), (await client.ReadAsync()).Publish(client.Version));
        Assert.Equal([0, 77], (await client.ReadAsync()).Body);
    }

    [Theory]
    [InlineData(MqttQos.AtMostOnce)]
    [InlineData(MqttQos.AtLeastOnce)]
    public async Task A_full_window_stops_reading_until_a_place_is_free(MqttQos qos)
    {
        var app = new Recorder { OnPublish = (_, _, _) => new(MqttPublishVerdict.Held) };
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(app, new() { HeldWindow = 4 }, clock);
        await using var client = await house.ConnectAsync(keepAlive: 10);
        Assert.Equal("connected c", await app.NextAsync());
        for (ushort id = 1; id <= 6; id++) await client.PublishAsync("up", $"{id}", qos, qos == MqttQos.AtMostOnce ? (ushort)0 : id);
        for (var n = 1; n <= 4; n++) Assert.Equal($"published up {n}", await app.NextAsync());
        Assert.True(house.Broker.TryGetSession("c", out var session));
        while (!session.WindowIsFull) await Task.Yield();

        // The keep-alive clock stands still while the broker does not read
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.True(session.IsOpen);
        Assert.True(app.IsQuiet);

        for (ushort id = 1; id <= 4; id++)
        {
            if (qos == MqttQos.AtMostOnce) session.Release();
            else session.Acknowledge(id);
            session.Flush();
        }
        Assert.Equal("published up 5", await app.NextAsync());
        Assert.Equal("published up 6", await app.NextAsync());
    }

    [Fact]
    public async Task An_application_may_take_its_time_and_the_order_is_kept()
    {
        var gates = Channel.CreateUnbounded<TaskCompletionSource<MqttPublishVerdict>>();
        var app = new Recorder
        {
            OnPublish = (_, _, _) =>
            {
                var gate = new TaskCompletionSource<MqttPublishVerdict>(TaskCreationOptions.RunContinuationsAsynchronously);
                gates.Writer.TryWrite(gate);
                return new(gate.Task);
            },
        };
        await using var house = await RunningBroker.StartAsync(app);
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        await client.SubscribeAsync("#");
        byte[] three = [.. Enumerable.Range(1, 3).SelectMany(n => Packets.Publish(MqttVersion.V50, "up", $"{n}", MqttQos.AtLeastOnce, (ushort)n))];
        await client.SendAsync(three);
        var ct = TestContext.Current.CancellationToken;

        (await gates.Reader.ReadAsync(ct)).SetResult(MqttPublishVerdict.Route);
        Assert.Equal(("up", "1", 0, 0), (await client.ReadAsync()).Publish(client.Version));
        Assert.Equal([0, 1], (await client.ReadAsync()).Body);
        (await gates.Reader.ReadAsync(ct)).SetResult(MqttPublishVerdict.Refused);
        Assert.Equal([0, 2, (byte)MqttReasonCode.NotAuthorized], (await client.ReadAsync()).Body);
        (await gates.Reader.ReadAsync(ct)).SetResult(MqttPublishVerdict.Held);
        await client.AssertQuietAsync();
    }

    [Fact]
    public async Task A_failing_application_ends_that_connection_only()
    {
        var app = new Recorder { OnPublish = (_, _, _) => throw new InvalidDataException() };
        await using var house = await RunningBroker.StartAsync(app);
        await using var other = await house.ConnectAsync(clientId: "other");
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        await client.PublishAsync("up", "1");
        Assert.Equal(MqttReasonCode.ImplementationSpecificError, await client.ReadEndAsync());
        await other.AssertQuietAsync();
    }

    [Fact]
    public async Task Deliver_follows_the_sessions_own_subscriptions()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync();
        Assert.True(house.Broker.TryGetSession("c", out var session));
        Assert.False(session.Deliver("a/b"u8, "x"u8));
        await client.SubscribeAsync("a/+", MqttQos.AtMostOnce);
        Assert.Equal(MqttQos.AtMostOnce, session.SubscribedQos("a/b"));
        Assert.True(session.Deliver("a/b"u8, "x"u8));
        session.Flush();
        Assert.Equal(("a/b", "x", 0, 0), (await client.ReadAsync()).Publish(client.Version));
        await client.SubscribeAsync("#", MqttQos.AtLeastOnce);
        Assert.Equal(MqttQos.AtLeastOnce, session.SubscribedQos("a/b"));
        Assert.Null(session.SubscribedQos("$a/b"));
    }
}
