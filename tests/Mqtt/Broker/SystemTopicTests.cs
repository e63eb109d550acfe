using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Broker;

/// <summary>$SYS/broker/# as Mosquitto has it.</summary>
public sealed class SystemTopicTests
{
    [Fact]
    public async Task The_broker_tells_of_itself()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        await using var busy = await house.ConnectAsync(clientId: "busy");
        for (ushort id = 1; id <= 3; id++)
        {
            await busy.PublishAsync("t", "12345", MqttQos.AtLeastOnce, id);
            Assert.Equal(MqttPacketType.PubAck, (await busy.ReadAsync()).Type);
        }
        await using (var gone = await house.ConnectAsync(clientId: "gone")) await PersistentSessionTests.LeaveAsync(gone);
        clock.Advance(TimeSpan.FromSeconds(10));
        await using var client = await house.ConnectAsync();
        var told = new Dictionary<string, string>();
        await client.SendAsync(Packets.Subscribe(client.Version, 1, ("$SYS/#", new(MqttQos.AtMostOnce))));
        await client.SendAsync(0xC0, 0);
        for (var packet = await client.ReadAsync(); packet.Type != MqttPacketType.PingResp; packet = await client.ReadAsync())
        {
            if (packet.Type != MqttPacketType.Publish) continue;
            Assert.Equal(1, packet.Flags & 1);
            var (topic, payload, _, _) = packet.Publish(client.Version);
            told[topic["$SYS/broker/".Length..]] = payload;
        }
        Assert.Equal("10 seconds", told["uptime"]);
        Assert.Equal("1", told["clients/connected"]);
        Assert.Equal("1", told["clients/maximum"]);
        Assert.Equal("4", told["messages/received"]);
        // CONNACK of both and three PUBACK
        Assert.Equal("5", told["messages/sent"]);
        Assert.Equal("3", told["publish/messages/received"]);
        Assert.Equal("0", told["publish/messages/sent"]);
        Assert.Equal("20", told["bytes/sent"]);
        // Three in ten seconds are 18 a minute, which weigh 1 - e^(-1/6) of the first minute
        Assert.Equal("2.76", told["load/publish/received/1min"]);
        foreach (var name in new[] { "messages/received", "messages/sent", "publish/dropped", "publish/received", "publish/sent", "bytes/received", "bytes/sent", "sockets", "connections" })
            foreach (var minutes in new[] { "1min", "5min", "15min" })
                Assert.Contains($"load/{name}/{minutes}", told.Keys);
    }

    [Fact]
    public async Task Clients_do_not_publish_there()
    {
        var app = new Recorder();
        await using var house = await RunningBroker.StartAsync(app);
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        await client.SubscribeAsync("$SYS/#");
        await client.PublishAsync("$SYS/broker/uptime", "x", MqttQos.AtLeastOnce, 9);
        Assert.Equal([0, 9, (byte)MqttReasonCode.NotAuthorized], (await client.ReadAsync()).Body);
        await client.AssertQuietAsync();
    }

    // In CONNECT, since nobody would learn of it later
    [Theory, InlineData(MqttVersion.V311, 5), InlineData(MqttVersion.V50, (byte)MqttReasonCode.NotAuthorized)]
    public async Task Wills_do_not_speak_there(MqttVersion version, byte code)
    {
        await using var house = await RunningBroker.StartAsync();
        foreach (var (topic, expected) in new (string, byte)[] { ("$SYS/broker/uptime", code), ("$SYS/x", code), ("$SYSTEM", 0) })
        {
            await using var client = await house.DialAsync();
            Assert.Equal(expected, (await client.ConnectAsync(version, "c", 0, c => c with { Will = new(topic, "x"u8.ToArray()) { Retain = true } })).Body[1]);
        }
        Assert.Equal(0, house.Broker.Told.Count);
    }

    [Fact]
    public async Task Without_an_interval_nothing_is_told()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(options: new() { SystemInterval = TimeSpan.Zero }, clock: clock);
        clock.Advance(TimeSpan.FromMinutes(1));
        await using var client = await house.ConnectAsync();
        await client.SubscribeAsync("$SYS/#");
        await client.AssertQuietAsync();
    }
}
