using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Client;

/// <summary>What a client keeps over its connections, and the parts of 5.0.</summary>
public sealed class ClientSessionTests
{
    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    readonly Channel<MqttMessage> _received = Channel.CreateUnbounded<MqttMessage>();
    readonly HandClock _clock = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Conforms("5.0", "4.3.3-1 4.3.3-11 4.3.3-12"), Conforms("3.1.1", "4.3.3-1 4.3.3-2")]
    [Theory, MemberData(nameof(Versions))]
    public async Task QoS_2_works_both_ways(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await MqttClient.ConnectAsync(Options(house, version), Ct);
        Assert.Equal(MqttQos.ExactlyOnce, await client.SubscribeAsync("t", MqttQos.ExactlyOnce, Ct));
        for (var n = 0; n < 50; n++) await client.PublishAsync("t", Text(n), MqttQos.ExactlyOnce, Ct);
        for (var n = 0; n < 50; n++) Assert.Equal(($"{n}", MqttQos.ExactlyOnce), await NextAsync());
        Assert.Equal(0, client.PacketIdsInUse);
    }

    // [MQTT-4.4.0-1], [MQTT-4.3.3-10]: over many broken connections QoS 2 arrives once and in order, QoS 1 at least once
    [Conforms("5.0", "4.4.0-1 4.6.0-1 4.3.3-6"), Conforms("3.1.1", "4.4.0-1 4.6.0-1")]
    [Theory]
    [InlineData(MqttVersion.V31, MqttQos.AtLeastOnce)]
    [InlineData(MqttVersion.V31, MqttQos.ExactlyOnce)]
    [InlineData(MqttVersion.V311, MqttQos.AtLeastOnce)]
    [InlineData(MqttVersion.V311, MqttQos.ExactlyOnce)]
    [InlineData(MqttVersion.V50, MqttQos.AtLeastOnce)]
    [InlineData(MqttVersion.V50, MqttQos.ExactlyOnce)]
    public async Task Nothing_is_lost_over_reconnects(MqttVersion version, MqttQos qos)
    {
        const int Count = 400;
        var arrived = new ConcurrentQueue<int>();
        var app = new Cutting(arrived, everyNth: 37);
        await using var house = await RunningBroker.StartAsync(app);
        // Its clock runs as fast as it can, which no deadline of a connection would bear
        var options = Options(house, version) with { Connect = Staying(version), Reconnect = true, Clock = _clock, ConnectTimeout = Timeout.InfiniteTimeSpan };
        await using var client = await MqttClient.ConnectAsync(options, Ct);
        await client.SubscribeAsync("t", qos, Ct);
        var sent = PublishAsync(client, Count, qos);
        var got = new List<int>();
        while (got.Count == 0 || got[^1] != Count - 1 || !sent.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            while (_received.Reader.TryRead(out var message)) got.Add(int.Parse(Encoding.UTF8.GetString(message.Payload.Span), null));
            await Task.Yield();
            Ct.ThrowIfCancellationRequested();
        }
        await sent;
        Assert.True(app.Cuts > 5);
        // What came before a cut and was not acknowledged came again
        Assert.Equal(Enumerable.Range(0, Count), got.Distinct());
        if (qos != MqttQos.ExactlyOnce) return;
        Assert.Equal(Count, got.Count);
        Assert.Equal(Enumerable.Range(0, Count), arrived);
    }

    /// <summary>Fewer under way than come between two cuts, so that some are acknowledged on every connection.</summary>
    static async Task PublishAsync(MqttClient client, int count, MqttQos qos)
    {
        using var places = new SemaphoreSlim(20);
        var sent = new List<Task>();
        for (var n = 0; n < count; n++)
        {
            await places.WaitAsync(Ct);
            sent.Add(One(n));
        }
        await Task.WhenAll(sent);

        async Task One(int n)
        {
            await client.PublishAsync("t", Text(n), qos, Ct);
            places.Release();
        }
    }

    [Fact]
    public async Task Messages_that_came_while_the_client_was_away_are_there()
    {
        await using var house = await RunningBroker.StartAsync();
        var options = Options(house, MqttVersion.V50) with { Connect = Staying(MqttVersion.V50) };
        await using (var client = await MqttClient.ConnectAsync(options, Ct)) await client.SubscribeAsync("t", MqttQos.AtLeastOnce, Ct);
        house.Broker.Publish("t", "1"u8, MqttQos.AtLeastOnce);
        await using var again = await MqttClient.ConnectAsync(options, Ct);
        Assert.Equal(("1", MqttQos.AtLeastOnce), await NextAsync());
    }

    [Theory, InlineData(MqttQos.AtLeastOnce), InlineData(MqttQos.ExactlyOnce)]
    public async Task A_message_may_be_acknowledged_later(MqttQos qos)
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumInFlight = 1 });
        await using var client = await MqttClient.ConnectAsync(Options(house, MqttVersion.V50) with { ManualAcknowledgement = true }, Ct);
        await client.SubscribeAsync("t", qos, Ct);
        house.Broker.Publish("t", "1"u8, qos);
        house.Broker.Publish("t", "2"u8, qos);
        var first = await _received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
        await client.PublishAsync("other", Text(0), MqttQos.AtLeastOnce, Ct);
        Assert.False(_received.Reader.TryPeek(out _));
        first.Acknowledge();
        var second = await _received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
        Assert.Equal("2", Encoding.UTF8.GetString(second.Payload.Span));
        second.Acknowledge(MqttReasonCode.QuotaExceeded);
        house.Broker.Publish("t", "3"u8, qos);
        Assert.Equal(("3", qos), await NextAsync());
    }

    // 4.10
    [Fact]
    public async Task A_request_gets_its_response()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var server = await MqttClient.ConnectAsync(Options(house, MqttVersion.V50) with
        {
            Connect = new() { Version = MqttVersion.V50, ClientId = "server" },
            OnMessage = async (client, message, ct) =>
                await client.RespondAsync(message, Encoding.UTF8.GetBytes($"re: {Encoding.UTF8.GetString(message.Payload.Span)}"), MqttQos.AtLeastOnce, ct),
        }, Ct);
        await server.SubscribeAsync("ask", MqttQos.AtLeastOnce, Ct);
        await using var client = await MqttClient.ConnectAsync(Options(house, MqttVersion.V50), Ct);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => client.RequestAsync(new("ask", Text(n)) { Qos = MqttQos.AtLeastOnce }, Ct)));
        Assert.Equal(Enumerable.Range(0, 20).Select(n => $"re: {n}"), answers.Select(a => Encoding.UTF8.GetString(a.Payload.Span)));
        // What belongs to no request is an ordinary message
        house.Broker.Publish("responses/c", "stray"u8, MqttQos.AtMostOnce);
        Assert.Equal("stray", (await NextAsync()).Payload);
        await using var old = await MqttClient.ConnectAsync(Options(house, MqttVersion.V311) with { Connect = new() { ClientId = "old" } }, Ct);
        await Assert.ThrowsAsync<NotSupportedException>(() => old.RequestAsync(new("ask", Text(0)), Ct));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task It_speaks_over_a_WebSocket(MqttVersion version)
    {
        await using var house = await WebHouse.StartAsync();
        await using var client = await MqttClient.ConnectAsync(new()
        {
            Host = "127.0.0.1",
            Port = house.Port,
            WebSocketPath = "/mqtt",
            Connect = new() { Version = version, ClientId = "c" },
            OnMessage = Receive,
        }, Ct);
        await client.SubscribeAsync("t", MqttQos.ExactlyOnce, Ct);
        var large = new string('x', 100_000);
        await client.PublishAsync("t", Encoding.UTF8.GetBytes(large), MqttQos.ExactlyOnce, Ct);
        Assert.Equal((large, MqttQos.ExactlyOnce), await NextAsync());
        await client.DisconnectAsync();
        Assert.Equal("disconnected c Success", await house.App.NextAsync(skip: 3));
    }

    [Conforms("5.0", "3.3.2-10 3.2.2-17 3.3.2-9")]
    [Fact]
    public async Task Aliases_go_both_ways()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await MqttClient.ConnectAsync(Options(house, MqttVersion.V50) with
        {
            MaximumTopicAliases = 1,
            Connect = new()
            {
                Version = MqttVersion.V50,
                ClientId = "c",
                PropertyBytes = new MqttPropertyBuffer().Add(MqttPropertyId.TopicAliasMaximum, 1).Properties.Bytes.ToArray(),
            },
        }, Ct);
        await client.SubscribeAsync("#", new MqttSubscriptionOptions(MqttQos.AtLeastOnce), Ct, identifier: 7);
        foreach (var topic in new[] { "topic/one", "topic/one", "topic/two", "topic/one" }) await client.PublishAsync(topic, Text(1), MqttQos.AtLeastOnce, Ct);
        foreach (var topic in new[] { "topic/one", "topic/one", "topic/two", "topic/one" })
        {
            var message = await _received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
            Assert.Equal((topic, 7u), (message.Topic, message.Properties.Number(MqttPropertyId.SubscriptionIdentifier, 0)));
        }
    }

    static ReadOnlyMemory<byte> Text(int n) => Encoding.UTF8.GetBytes($"{n}");

    static MqttConnect Staying(MqttVersion version) => PersistentSessionTests.Stay(new() { Version = version, ClientId = "c" });

    MqttClientOptions Options(RunningBroker house, MqttVersion version) => new()
    {
        Host = "127.0.0.1",
        Port = house.Port,
        Connect = new() { Version = version, ClientId = "c" },
        OnMessage = Receive,
    };

    ValueTask Receive(MqttClient client, MqttMessage message, CancellationToken ct) => _received.Writer.WriteAsync(message, ct);

    async Task<(string Payload, MqttQos Qos)> NextAsync()
    {
        var message = await _received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
        return (Encoding.UTF8.GetString(message.Payload.Span), message.Qos);
    }

    /// <summary>Breaks the connection of whoever publishes every so often.</summary>
    sealed class Cutting(ConcurrentQueue<int> arrived, int everyNth) : MqttApplication
    {
        int _count;

        public int Cuts { get; private set; }

        public override ValueTask<MqttPublishVerdict> PublishAsync(MqttSession session, in MqttPublish publish)
        {
            arrived.Enqueue(int.Parse(publish.Payload, null));
            if (++_count % everyNth == 0)
            {
                Cuts++;
                session.Connection.Abort();
            }
            return new(MqttPublishVerdict.Route);
        }
    }
}
