using System.Text;
using System.Threading.Channels;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Client;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Peers;

/// <summary>Our client against mosquitto's broker.</summary>
public sealed class MosquittoServerTests
{
    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Versions))]
    public async Task It_talks_to_a_real_broker_and_comes_back_after_its_restart(MqttVersion version)
    {
        var (server, port) = await Mosquitto.ListenAsync();
        var received = Channel.CreateUnbounded<MqttMessage>();
        var connected = Channel.CreateUnbounded<int>();
        await using var client = await MqttClient.ConnectAsync(new()
        {
            Host = "127.0.0.1",
            Port = port,
            Connect = new() { Version = version, ClientId = "waybill-client", KeepAliveSeconds = 30 },
            Reconnect = true,
            OnMessage = (_, message, ct) => received.Writer.WriteAsync(message, ct),
            OnConnected = (_, ct) => connected.Writer.WriteAsync(0, ct),
        }, Ct);
        await connected.Reader.ReadAsync(Ct);
        Assert.Equal(MqttQos.AtLeastOnce, await client.SubscribeAsync("a/#", MqttQos.AtLeastOnce, Ct));
        await TalkAsync();

        await server.DisposeAsync();
        (server, _) = await Mosquitto.ListenAsync(port);
        await using var restarted = server;
        await connected.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
        await TalkAsync();

        async Task TalkAsync()
        {
            var large = new string('x', 100_000);
            await client.PublishAsync("a/b", Encoding.UTF8.GetBytes(large), MqttQos.AtLeastOnce, Ct);
            Assert.Equal(0, await Mosquitto.PublishAsync(port, "mqttv311", "a/c", "from outside", "-q", "1"));
            var first = await received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
            var second = await received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
            Assert.Equal(("a/b", large, MqttQos.AtLeastOnce), (first.Topic, Encoding.UTF8.GetString(first.Payload.Span), first.Qos));
            Assert.Equal(("a/c", "from outside", MqttQos.AtLeastOnce), (second.Topic, Encoding.UTF8.GetString(second.Payload.Span), second.Qos));
        }
    }

    // QoS 2 over a restart of the broker, which keeps the session
    [Theory, InlineData(MqttVersion.V311), InlineData(MqttVersion.V50)]
    public async Task Nothing_is_lost_over_its_restart(MqttVersion version)
    {
        var directory = Directory.CreateTempSubdirectory();
        var persistence = $"persistence true\npersistence_location {directory.FullName}/\nautosave_on_changes true\nautosave_interval 1\nuser root\n";
        var (server, port) = await Mosquitto.ListenAsync(more: persistence);
        var received = Channel.CreateUnbounded<string>();
        await using var client = await MqttClient.ConnectAsync(new()
        {
            Host = "127.0.0.1",
            Port = port,
            Connect = PersistentSessionTests.Stay(new() { Version = version, ClientId = "waybill-client", KeepAliveSeconds = 30 }),
            Reconnect = true,
            OnMessage = (_, message, ct) => received.Writer.WriteAsync(Encoding.UTF8.GetString(message.Payload.Span), ct),
        }, Ct);
        await client.SubscribeAsync("t", MqttQos.ExactlyOnce, Ct);
        await client.PublishAsync("t", "before"u8.ToArray(), MqttQos.ExactlyOnce, Ct);
        Assert.Equal("before", await received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct));
        await server.TerminateAsync();
        // Given to the client while there is no server
        var publishing = Task.WhenAll(Enumerable.Range(0, 15).Select(n => client.PublishAsync("t", Encoding.UTF8.GetBytes($"{n}"), MqttQos.ExactlyOnce, Ct)));
        (server, _) = await Mosquitto.ListenAsync(port, persistence);
        await publishing.WaitAsync(RawClient.Patience, Ct);
        for (var n = 0; n < 15; n++) Assert.Equal($"{n}", await received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct));
        await client.DisconnectAsync();
        await server.TerminateAsync();
        directory.Delete(true);
    }

    // The connection breaks again and again in the middle of it, over TLS with a client's certificate too
    [Theory]
    [InlineData(MqttVersion.V311, MqttQos.AtLeastOnce, false)]
    [InlineData(MqttVersion.V311, MqttQos.ExactlyOnce, true)]
    [InlineData(MqttVersion.V50, MqttQos.AtLeastOnce, true)]
    [InlineData(MqttVersion.V50, MqttQos.ExactlyOnce, false)]
    public async Task Nothing_is_lost_over_broken_connections(MqttVersion version, MqttQos qos, bool tls)
    {
        const int Count = 300;
        using var certificates = new TestCertificates();
        var (server, port) = await Mosquitto.ListenAsync(more: "max_queued_messages 0\n" + (tls ? certificates.Mosquitto : ""));
        await using var running = server;
        await using var relay = new CuttingRelay(port, cuts: 6, bytes: 9000);
        var received = Channel.CreateUnbounded<int>();
        await using var client = await MqttClient.ConnectAsync(new()
        {
            Host = "127.0.0.1",
            Port = relay.Port,
            Tls = tls ? certificates.Tls() : null,
            Connect = PersistentSessionTests.Stay(new() { Version = version, ClientId = "waybill-client" }),
            Reconnect = true,
            ReconnectDelay = TimeSpan.FromMilliseconds(1),
            MaximumReconnectDelay = TimeSpan.FromMilliseconds(20),
            OnMessage = (_, message, ct) => received.Writer.WriteAsync(BitConverter.ToInt32(message.Payload.Span), ct),
        }, Ct);
        await client.SubscribeAsync("t", qos, Ct);
        // Before 5.0 a server cannot say that it takes no more than 20 at a time, and over a lost connection this one now and then drops one beyond
        // that which it has acknowledged
        var publishing = Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 15, CancellationToken = Ct },
            async (n, ct) => await client.PublishAsync("t", (byte[])[.. BitConverter.GetBytes(n), .. new byte[100]], qos, ct));
        var got = new List<int>();
        while (got.Distinct().Count() < Count) got.Add(await received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct));
        await publishing.WaitAsync(RawClient.Patience, Ct);
        Assert.Equal(0, relay.CutsLeft);
        if (qos == MqttQos.ExactlyOnce) Assert.Equal(Enumerable.Range(0, Count), got.Order());
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task It_speaks_over_a_WebSocket(MqttVersion version)
    {
        var web = Mosquitto.FreePort();
        var (server, port) = await Mosquitto.ListenAsync(more: $"listener {web} 127.0.0.1\nprotocol websockets\n");
        await using var running = server;
        var received = Channel.CreateUnbounded<int>();
        await using var client = await MqttClient.ConnectAsync(new()
        {
            Host = "127.0.0.1",
            Port = web,
            WebSocketPath = "/mqtt",
            Connect = new() { Version = version, ClientId = "waybill-client" },
            OnMessage = (_, message, ct) => received.Writer.WriteAsync(message.Payload.Length, ct),
        }, Ct);
        await client.SubscribeAsync("t", MqttQos.ExactlyOnce, Ct);
        await client.PublishAsync("t", new byte[100_000], MqttQos.ExactlyOnce, Ct);
        Assert.Equal(0, await Mosquitto.PublishAsync(port, "mqttv311", "t", "12345", "-q", "2"));
        Assert.Equal(100_000, await received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct));
        Assert.Equal(5, await received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct));
    }

    [Fact]
    public async Task It_speaks_over_TLS_with_its_certificate()
    {
        using var certificates = new TestCertificates();
        var (server, port) = await Mosquitto.ListenAsync(more: certificates.Mosquitto);
        await using var running = server;
        var options = new MqttClientOptions { Host = "127.0.0.1", Port = port, Tls = certificates.Tls(), Connect = new() { Version = MqttVersion.V50 } };
        await using var client = await MqttClient.ConnectAsync(options, Ct);
        await client.PublishAsync("t", "x"u8.ToArray(), MqttQos.ExactlyOnce, Ct);
        await Assert.ThrowsAnyAsync<Exception>(() => MqttClient.ConnectAsync(options with { Tls = certificates.Tls(withCertificate: false) }, Ct));
    }

    [Fact]
    public async Task Properties_of_5_survive_the_way_through_it()
    {
        var (server, port) = await Mosquitto.ListenAsync();
        await using var running = server;
        var received = Channel.CreateUnbounded<MqttMessage>();
        await using var client = await MqttClient.ConnectAsync(new()
        {
            Host = "127.0.0.1",
            Port = port,
            Connect = new() { Version = MqttVersion.V50 },
            OnMessage = (_, message, ct) => received.Writer.WriteAsync(message, ct),
        }, Ct);
        Assert.StartsWith("auto-", client.ClientId, StringComparison.Ordinal);
        await client.SubscribeAsync("t", MqttQos.AtLeastOnce, Ct);
        var properties = new MqttPropertyBuffer().AddUser("k", "v").Add(MqttPropertyId.ResponseTopic, "r").Properties.Bytes.ToArray();
        await client.PublishAsync(new("t", "x"u8.ToArray()) { Qos = MqttQos.AtLeastOnce, PropertyBytes = properties }, Ct);
        var message = await received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
        Assert.True(message.Properties.TryGet(MqttPropertyId.UserProperty, out var user) && user.Value.SequenceEqual("v"u8));
        Assert.True(message.Properties.TryGet(MqttPropertyId.ResponseTopic, out var topic) && topic.Bytes.SequenceEqual("r"u8));
    }
}
