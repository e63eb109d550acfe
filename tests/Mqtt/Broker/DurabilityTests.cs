using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Broker.Store;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Broker;

/// <summary>Sessions that outlive the broker [MQTT-4.1.0-1, MQTT-4.1.0-2], and answers that wait for their commit.</summary>
public sealed class DurabilityTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Conforms("5.0", "4.1.0-1 4.4.0-1"), Conforms("3.1.1", "4.1.0-1")]
    [Fact]
    public async Task A_session_is_whole_after_a_restart()
    {
        var store = new MemorySessionStore();
        await using (var house = await RunningBroker.StartAsync(options: new() { SessionStore = store }))
        {
            await using var client = await house.DialAsync();
            await client.ConnectAsync(MqttVersion.V311, "c", 0, PersistentSessionTests.Stay);
            await client.SubscribeAsync("t", MqttQos.ExactlyOnce);
            await client.SubscribeAsync("dropped", MqttQos.ExactlyOnce);
            await client.SendAsync(0xA2, 11, 0, 9, 0, 7, (byte)'d', (byte)'r', (byte)'o', (byte)'p', (byte)'p', (byte)'e', (byte)'d');
            Assert.Equal(MqttPacketType.UnsubAck, (await client.ReadAsync()).Type);
            foreach (var text in new[] { "1", "2", "3" })
            {
                house.Broker.Publish("t", System.Text.Encoding.UTF8.GetBytes(text), MqttQos.ExactlyOnce);
                await client.ReadAsync();
            }
            await client.SendAsync(0x50, 2, 0, 1, 0x50, 2, 0, 2);
            Assert.Equal(MqttPacketType.PubRel, (await client.ReadAsync()).Type);
            Assert.Equal(MqttPacketType.PubRel, (await client.ReadAsync()).Type);
            await client.SendAsync(0x70, 2, 0, 1);
            await client.PublishAsync("up", "x", MqttQos.ExactlyOnce, 77);
            Assert.Equal(MqttPacketType.PubRec, (await client.ReadAsync()).Type);
            await PersistentSessionTests.LeaveAsync(client);
            house.Broker.Publish("t", "4"u8, MqttQos.AtLeastOnce);
            house.Broker.Publish("r", "kept"u8, MqttQos.AtLeastOnce, retain: true);
            house.Broker.Publish("gone", "kept"u8, MqttQos.AtLeastOnce, retain: true);
            house.Broker.Publish("gone", ""u8, MqttQos.AtLeastOnce, retain: true);
            await house.Broker.CommittedAsync(Ct);
        }
        var app = new Recorder();
        await using var later = await RunningBroker.StartAsync(app, options: new() { SessionStore = store });
        await using var again = await later.DialAsync();
        Assert.Equal(1, (await again.ConnectAsync(MqttVersion.V311, "c", 0, PersistentSessionTests.Stay)).Body[0]);
        var rel = await again.ReadAsync();
        Assert.Equal((MqttPacketType.PubRel, 2), (rel.Type, rel.Body[1]));
        Assert.Equal(("t", "3", 2, 3), (await again.ReadAsync()).Publish(again.Version));
        Assert.Equal(("t", "4", 1, 4), (await again.ReadAsync()).Publish(again.Version));
        await again.PublishAsync("up", "x", MqttQos.ExactlyOnce, 77);
        Assert.Equal(MqttPacketType.PubRec, (await again.ReadAsync()).Type);
        Assert.Equal(0, later.Broker.Publish("dropped", "x"u8, MqttQos.AtLeastOnce));
        Assert.Equal(1, later.Broker.Publish("t", "5"u8, MqttQos.AtLeastOnce));
        Assert.Equal(("t", "5", 1, 5), (await again.ReadAsync()).Publish(again.Version));
        string[] expected = ["subscribed t 2", "connected c", "subscribed t 2"];
        foreach (var line in expected) Assert.Equal(line, await app.NextAsync());
        Assert.True(app.IsQuiet);
        await again.SendAsync(Codec.Packets.Subscribe(again.Version, 8, ("r", new(MqttQos.AtMostOnce)), ("gone", new(MqttQos.AtMostOnce))));
        Assert.Equal(MqttPacketType.SubAck, (await again.ReadAsync()).Type);
        Assert.Equal("kept", (await again.ReadAsync()).Publish(again.Version).Payload);
        await again.AssertQuietAsync();
    }

    [Fact]
    public async Task Times_go_on_while_the_broker_is_down()
    {
        var (store, clock) = (new MemorySessionStore(), new HandClock());
        await using (var house = await RunningBroker.StartAsync(options: new() { SessionStore = store }, clock: clock))
        {
            foreach (var (name, expiry, delay) in new[] { ("long", 100u, 50u), ("short", 20u, 50u) })
            {
                await using var client = await house.DialAsync();
                await client.ConnectAsync(MqttVersion.V50, name, 0, c => c with
                {
                    CleanStart = false,
                    Will = new("w", System.Text.Encoding.UTF8.GetBytes(name)) { DelaySeconds = delay },
                    PropertyBytes = new MqttPropertyBuffer().Add(MqttPropertyId.SessionExpiryInterval, expiry).Properties.Bytes.ToArray(),
                });
                await client.SubscribeAsync(name, MqttQos.AtLeastOnce);
                await client.SendAsync(0xE0, 1, 4);
                Assert.Null(await client.ReadEndAsync());
            }
            await house.Broker.CommittedAsync(Ct);
        }
        clock.Advance(TimeSpan.FromSeconds(30));
        await using var later = await RunningBroker.StartAsync(options: new() { SessionStore = store }, clock: clock);
        await using var watcher = await later.ConnectAsync(clientId: "watcher");
        await watcher.SubscribeAsync("w");
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("short", (await watcher.ReadAsync()).Publish(watcher.Version).Payload);
        Assert.Equal(0, later.Broker.Publish("short", "x"u8, MqttQos.AtLeastOnce));
        Assert.Equal(1, later.Broker.Publish("long", "x"u8, MqttQos.AtLeastOnce));
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("long", (await watcher.ReadAsync()).Publish(watcher.Version).Payload);
        clock.Advance(TimeSpan.FromSeconds(60));
        await later.Broker.CommittedAsync(Ct);
        await foreach (var left in store.ReadAsync(Ct)) Assert.Fail($"{left} is still there");
    }

    // [MQTT-3.3.2-5] what was not sent yet expires, [MQTT-3.3.1-3] and is no repetition; [MQTT-3.3.1-1] what was sent is one
    [Fact]
    public async Task What_was_sent_comes_again_and_what_was_not_may_expire()
    {
        var (store, clock) = (new MemorySessionStore(), new HandClock());
        var ten = new MqttPropertyBuffer().Add(MqttPropertyId.MessageExpiryInterval, 10).Properties.Bytes.ToArray();
        await using (var house = await RunningBroker.StartAsync(options: new() { SessionStore = store, MaximumInFlight = 2 }, clock: clock))
        {
            await using var client = await house.DialAsync();
            await client.ConnectAsync(MqttVersion.V50, "c", 0, PersistentSessionTests.Stay);
            await client.SubscribeAsync("t", MqttQos.AtLeastOnce);
            foreach (var text in new[] { "acknowledged", "sent at once", "waited", "waits", "waits and expires", "waits too" })
            {
                await client.SendAsync(Codec.Packets.Bytes(o => new MqttPublish
                {
                    Topic = "t"u8,
                    Payload = System.Text.Encoding.UTF8.GetBytes(text),
                    Qos = MqttQos.AtLeastOnce,
                    PacketId = 9,
                    Properties = new(text is "sent at once" or "waits and expires" ? ten : null),
                }.Write(o, MqttVersion.V50)));
            }
            await client.SendAsync(0x40, 2, 0, 1);
            for (var received = 0; received < 3;)
                if ((await client.ReadAsync()).Type == MqttPacketType.Publish) received++;
            await PersistentSessionTests.LeaveAsync(client);
            await house.Broker.CommittedAsync(Ct);
        }
        clock.Advance(TimeSpan.FromSeconds(30));
        await using var later = await RunningBroker.StartAsync(options: new() { SessionStore = store }, clock: clock);
        await using var again = await later.DialAsync();
        await again.ConnectAsync(MqttVersion.V50, "c", 0, PersistentSessionTests.Stay);
        foreach (var expected in new[] { ("sent at once", 2, true), ("waited", 3, true), ("waits", 4, false), ("waits too", 6, false) })
        {
            var packet = await again.ReadAsync();
            var (_, payload, _, id) = packet.Publish(MqttVersion.V50);
            Assert.Equal(expected, (payload, id, (packet.Flags & 8) != 0));
        }
        await again.AssertQuietAsync();
    }

    [Fact]
    public async Task A_queue_is_no_longer_after_a_restart()
    {
        var options = new MqttBrokerOptions { SessionStore = new MemorySessionStore(), MaximumOfflineMessages = 2 };
        await using (var house = await RunningBroker.StartAsync(options: options))
        {
            await using var client = await house.DialAsync();
            await client.ConnectAsync(MqttVersion.V311, "c", 0, PersistentSessionTests.Stay);
            await client.SubscribeAsync("t", MqttQos.AtLeastOnce);
            await PersistentSessionTests.LeaveAsync(client);
            for (var n = 0; n < 2; n++) Assert.Equal(1, house.Broker.Publish("t", "x"u8, MqttQos.AtLeastOnce));
            await house.Broker.CommittedAsync(Ct);
        }
        await using var later = await RunningBroker.StartAsync(options: options);
        Assert.Equal(0, later.Broker.Publish("t", "x"u8, MqttQos.AtLeastOnce));
        Assert.Equal(2, later.Broker.Kept.Count);
    }

    [Fact]
    public async Task Acknowledgement_and_delivery_wait_for_the_commit()
    {
        var store = new GatedStore();
        await using var house = await RunningBroker.StartAsync(options: new() { SessionStore = store });
        await using var subscriber = await house.DialAsync();
        await subscriber.ConnectAsync(MqttVersion.V311, "s", 0, PersistentSessionTests.Stay);
        await subscriber.SubscribeAsync("t", MqttQos.AtLeastOnce);
        await using var publisher = await house.ConnectAsync(clientId: "p");
        await using var other = await house.ConnectAsync(clientId: "o");
        await house.Broker.CommittedAsync(Ct);
        store.IsOpen = false;
        await publisher.PublishAsync("t", "x", MqttQos.AtLeastOnce, 3);
        var commit = await store.NextAsync();
        await other.AssertQuietAsync();
        // What the publisher asks next is answered behind the acknowledgement
        await publisher.SendAsync(0xC0, 0);
        await subscriber.SendAsync(0xC0, 0);
        await other.AssertQuietAsync();
        store.IsOpen = true;
        commit.SetException(new IOException("once"));
        Assert.Equal(("t", "x", 1, 1), (await subscriber.ReadAsync()).Publish(subscriber.Version));
        Assert.Equal(MqttPacketType.PubAck, (await publisher.ReadAsync()).Type);
        Assert.Equal(MqttPacketType.PingResp, (await publisher.ReadAsync()).Type);
    }

    [Fact]
    public async Task What_is_not_committed_is_not_answered_when_the_session_ends()
    {
        var store = new GatedStore();
        await using var house = await RunningBroker.StartAsync(options: new() { SessionStore = store });
        await using var client = await house.DialAsync();
        await client.ConnectAsync(MqttVersion.V50, "s", 0, PersistentSessionTests.Stay);
        await house.Broker.CommittedAsync(Ct);
        store.IsOpen = false;
        await client.SendAsync(Codec.Packets.Subscribe(MqttVersion.V50, 4, ("t", new(MqttQos.AtLeastOnce))));
        var commit = await store.NextAsync();
        await client.SendAsync(0xF8, 0);
        var answer = client.ReadAsync();
        await using var other = await house.ConnectAsync(clientId: "o");
        await other.AssertQuietAsync();
        Assert.False(answer.IsCompleted);
        store.IsOpen = true;
        commit.SetResult();
        Assert.Equal(MqttPacketType.SubAck, (await answer).Type);
        Assert.Equal(MqttReasonCode.MalformedPacket, await client.ReadEndAsync());
    }
}
