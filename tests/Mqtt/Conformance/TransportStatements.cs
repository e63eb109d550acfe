using System.Text;
using System.Threading.Channels;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Codec;
using Waybill.Mqtt.Tests.Peers;

namespace Waybill.Mqtt.Tests.Conformance;

/// <summary>The transport, and what other implementations must know (4.2 and 7).</summary>
public sealed class TransportStatements
{
    const int Many = 200;

    static readonly string s_long = new('x', 5000);

    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    // A stream: packets in pieces of one byte, and many that come and go in their order
    [Conforms("5.0", "4.2.0-1"), Conforms("3.1.1", "7.1.1-1")]
    [Theory, MemberData(nameof(Versions))]
    public async Task The_broker_speaks_over_the_stream_of_TCP(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumQueuedBytes = 16 * 1024 * 1024 });
        await using var client = await house.DialAsync();
        client.Speak(version);
        foreach (var one in (byte[])[.. Packets.Connect(version), .. Packets.Subscribe(version, 1, ("t", new(MqttQos.AtMostOnce))), .. Packets.Publish(version, "t", "first")])
            await client.SendAsync(one);
        foreach (var type in new[] { MqttPacketType.ConnAck, MqttPacketType.SubAck }) Assert.Equal(type, (await client.ReadAsync()).Type);
        Assert.Equal("first", (await client.ReadAsync()).Publish(version).Payload);
        await client.SendAsync([.. Enumerable.Range(0, Many).SelectMany(n => Packets.Publish(version, "t", $"{n} {s_long}"))]);
        for (var n = 0; n < Many; n++) Assert.Equal($"{n} {s_long}", (await client.ReadAsync()).Publish(version).Payload);
        await client.AssertQuietAsync();
    }

    [Conforms("5.0", "4.2.0-1"), Conforms("3.1.1", "7.1.2-1")]
    [Theory, MemberData(nameof(Versions))]
    public async Task The_client_speaks_over_the_stream_of_TCP(MqttVersion version)
    {
        var received = Channel.CreateUnbounded<string>();
        await using var server = PlayedServer.Start();
        var connecting = MqttClient.ConnectAsync(Options(server.Port, version, received), Ct);
        await using var connection = await server.AcceptAsync(version);
        foreach (var one in (byte[])[.. Packets.Bytes(o => new MqttConnAck().Write(o, version)), .. Packets.Publish(version, "t", "first")])
            await connection.SendAsync(one);
        await using var client = await connecting;
        Assert.Equal("first", await received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct));
        await connection.SendAsync([.. Enumerable.Range(0, Many).SelectMany(n => Packets.Publish(version, "t", $"{n} {s_long}"))]);
        for (var n = 0; n < Many; n++) Assert.Equal($"{n} {s_long}", await received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct));
        for (var n = 0; n < Many; n++) await client.PublishAsync("t", Encoding.UTF8.GetBytes($"{n} {s_long}"), MqttQos.AtMostOnce, Ct);
        for (var n = 0; n < Many; n++) Assert.Equal($"{n} {s_long}", (await connection.ReadAsync()).Publish(version).Payload);
        client.Abort();
    }

    // Mosquitto's clients and broker know nothing of ours but the specification
    [Conforms("3.1.1", "7.0.0-2")]
    [Fact]
    public async Task Nothing_beyond_the_specification_is_needed()
    {
        var received = Channel.CreateUnbounded<string>();
        await using var house = await RunningBroker.StartAsync();
        var (theirs, port) = await Mosquitto.ListenAsync();
        await using var broker = theirs;
        foreach (var at in new[] { house.Port, port })
        {
            await using var client = await MqttClient.ConnectAsync(Options(at, MqttVersion.V311, received), Ct);
            await client.SubscribeAsync("there", MqttQos.ExactlyOnce, Ct);
            await using var peer = await Mosquitto.SubscribeAsync(at, "mqttv311", "here", "-q", "2");
            await client.PublishAsync("here", "ours"u8.ToArray(), MqttQos.ExactlyOnce, Ct);
            Assert.Equal("here 2 ours", await peer.UntilAsync("here 2"));
            Assert.Equal(0, await Mosquitto.PublishAsync(at, "mqttv311", "there", "theirs", "-q", "2"));
            Assert.Equal("theirs", await received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct));
        }
    }

    static MqttClientOptions Options(int port, MqttVersion version, Channel<string> received) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        Connect = new() { Version = version, ClientId = "c" },
        OnMessage = (_, message, ct) => received.Writer.WriteAsync(Encoding.UTF8.GetString(message.Payload.Span), ct),
    };
}
