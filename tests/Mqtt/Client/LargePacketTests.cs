using System.Threading.Channels;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Conformance;
using Waybill.Mqtt.Tests.Peers;

namespace Waybill.Mqtt.Tests.Client;

/// <summary>Packets that are larger than the client takes.</summary>
public sealed class LargePacketTests
{
    readonly Channel<int> _received = Channel.CreateUnbounded<int>();
    int _connects;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, InlineData(null, 1000), InlineData(500, 500)]
    public async Task A_server_of_5_is_told_and_keeps_to_it(int? own, int limit)
    {
        await using var house = await RunningBroker.StartAsync();
        await TalkAsync(house.Port, own, (qos, size) =>
        {
            house.Broker.Publish("t", new byte[size], qos);
            return Task.CompletedTask;
        }, limit);
    }

    [Fact]
    public async Task Mosquitto_is_told_and_keeps_to_it()
    {
        var (server, port) = await Mosquitto.ListenAsync();
        await using var running = server;
        await TalkAsync(port, null, async (qos, size) =>
            Assert.Equal(0, await Mosquitto.PublishAsync(port, "mqttv311", "t", new string('x', size), "-q", $"{(int)qos}")), 1000);
    }

    // An older server cannot know, and sends the message of a session that stays again and again
    [Fact]
    public async Task An_older_server_that_does_not_know_is_asked_less_and_less_often()
    {
        var clock = new HandClock();
        await using var server = PlayedServer.Start();
        var connecting = MqttClient.ConnectAsync(Options(server.Port) with
        {
            Connect = PersistentSessionTests.Stay(new() { ClientId = "c" }),
            Random = new Most(),
            MaximumReconnectDelay = TimeSpan.FromSeconds(8),
            Clock = clock,
            ConnectTimeout = TimeSpan.FromDays(1),
        }, Ct);
        var accepting = server.AcceptAsync(MqttVersion.V311);
        MqttClient? client = null;
        foreach (var seconds in new[] { 1, 2, 4, 8, 8 })
        {
            await using var connection = await accepting.WaitAsync(RawClient.Patience, Ct);
            await connection.SendAsync(0x20, 2, (byte)(client is null ? 0 : 1), 0);
            client ??= await connecting;
            await connection.SendAsync(Codec.Packets.Publish(MqttVersion.V311, "t", new string('x', 2000), MqttQos.AtLeastOnce, 1));
            Assert.Null(await connection.TryReadAsync());
            accepting = server.AcceptAsync(MqttVersion.V311);
            var before = clock.GetTimestamp();
            while (!accepting.IsCompleted)
            {
                // A connection that is on its way needs real time
                await Task.WhenAny(accepting, Task.Delay(20, Ct));
                if (!accepting.IsCompleted) clock.Advance(TimeSpan.FromSeconds(0.25));
            }
            Assert.InRange(clock.GetElapsedTime(before).TotalSeconds, seconds, seconds + 1);
        }
        client!.Abort();
        await (await accepting).DisposeAsync();
    }

    async Task TalkAsync(int port, int? own, Func<MqttQos, int, Task> publishAsync, int limit)
    {
        var properties = new MqttPropertyBuffer().Add(MqttPropertyId.SessionExpiryInterval, 100);
        if (own is not null) properties.Add(MqttPropertyId.MaximumPacketSize, (uint)own);
        var connect = new MqttConnect { Version = MqttVersion.V50, ClientId = "c", CleanStart = false, PropertyBytes = properties.Properties.Bytes.ToArray() };
        await using var client = await MqttClient.ConnectAsync(Options(port) with { Connect = connect }, Ct);
        await client.SubscribeAsync("t", MqttQos.ExactlyOnce, Ct);
        foreach (var qos in new[] { MqttQos.AtMostOnce, MqttQos.AtLeastOnce, MqttQos.ExactlyOnce })
        {
            await publishAsync(qos, limit);
            await publishAsync(qos, limit - 100);
            Assert.Equal(limit - 100, await _received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct));
        }
        Assert.Equal(1, _connects);
    }

    MqttClientOptions Options(int port) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        MaximumPacketSize = 1000,
        Reconnect = true,
        OnMessage = (_, message, ct) => _received.Writer.WriteAsync(message.Payload.Length, ct),
        OnConnected = (_, _) =>
        {
            _connects++;
            return default;
        },
    };

    /// <summary>Draws the longest wait.</summary>
    sealed class Most : Random
    {
        public override double NextDouble() => 1;
    }
}
