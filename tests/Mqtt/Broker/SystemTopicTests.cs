using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;
using Waybill.Mqtt.Tests.Peers;

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
        // CONNECT of both, three PUBLISH and DISCONNECT of one
        Assert.Equal("6", told["messages/received"]);
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

    // Every name of ours is one of Mosquitto 2.0's, which has more; the same clients make the same counts, and a value is written as there
    [Fact]
    public async Task Mosquitto_has_these_names_and_counts_and_writes_alike()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        var (theirs, port) = await Mosquitto.ListenAsync(more: "sys_interval 1\n");
        await using var mosquitto = theirs;

        await using var ourWatcher = await TalkAsync(house.Port);
        Assert.Empty(await ReadAsync(ourWatcher, rounds: 0));
        clock.Advance(TimeSpan.FromSeconds(10));
        var ours = await ReadAsync(ourWatcher, rounds: 0);
        await using var theirWatcher = await TalkAsync(port);
        var known = await ReadAsync(theirWatcher, rounds: 2);

        Assert.NotEmpty(ours);
        foreach (var (name, value) in ours)
        {
            Assert.Contains(name, known.Keys);
            Assert.Equal($"{name}: {Form(known[name])}", $"{name}: {Form(value)}");
        }
        foreach (var name in new[] { "clients/connected", "clients/disconnected", "clients/total", "messages/received", "bytes/received", "publish/messages/received" })
            Assert.Equal($"{name}: {known[name]}", $"{name}: {ours[name]}");
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

    /// <summary>A client that watches, one that stays and one that has gone but for its session.</summary>
    static async Task<RawClient> TalkAsync(int port)
    {
        var watcher = await RawClient.DialAsync(port);
        await watcher.ConnectAsync(MqttVersion.V311, "watcher");
        await watcher.SendAsync(Packets.Subscribe(watcher.Version, 1, ("$SYS/#", new(MqttQos.AtMostOnce))));
        await using var gone = await RawClient.DialAsync(port);
        await gone.ConnectAsync(MqttVersion.V311, "gone", 0, PersistentSessionTests.Stay);
        for (ushort id = 1; id <= 3; id++)
        {
            await gone.PublishAsync("t", "12345", MqttQos.AtLeastOnce, id);
            Assert.Equal(MqttPacketType.PubAck, (await gone.ReadAsync()).Type);
        }
        await gone.PublishAsync("t", "12345");
        await PersistentSessionTests.LeaveAsync(gone);
        return watcher;
    }

    /// <summary>What is told until the ping is answered, and in so many rounds from there on; each round begins with the uptime.</summary>
    static async Task<Dictionary<string, string>> ReadAsync(RawClient watcher, int rounds)
    {
        var told = new Dictionary<string, string>();
        await watcher.SendAsync(0xC0, 0);
        for (var begun = -1; begun < rounds;)
        {
            var packet = await watcher.ReadAsync();
            if (packet.Type == MqttPacketType.PingResp) begun = 0;
            if (packet.Type != MqttPacketType.Publish) continue;
            var (topic, payload, _, _) = packet.Publish(watcher.Version);
            told[topic["$SYS/broker/".Length..]] = payload;
            if (begun >= 0 && topic == "$SYS/broker/uptime") begun++;
        }
        return told;
    }

    /// <summary>A value without its digits: <c>#</c>, <c>#.##</c>, <c># seconds</c>.</summary>
    static string Form(string value)
    {
        if (value.Split(' ') is [_, "version", _]) return "program version";
        var rest = value.TrimStart([.. "0123456789"]);
        Assert.NotEqual(value, rest);
        return $"#{string.Concat(rest.Select(c => char.IsAsciiDigit(c) ? '#' : c))}";
    }
}
