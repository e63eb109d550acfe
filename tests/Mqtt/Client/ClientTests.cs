using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Client;

public sealed class ClientTests
{
    readonly Channel<string> _received = Channel.CreateUnbounded<string>();

    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Versions))]
    public async Task It_subscribes_publishes_and_receives_in_order(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await MqttClient.ConnectAsync(Options(house, version), Ct);
        Assert.Equal(MqttQos.AtLeastOnce, await client.SubscribeAsync("a/+", MqttQos.AtLeastOnce, Ct));
        for (var n = 0; n < 200; n++) await client.PublishAsync("a/b", Encoding.UTF8.GetBytes($"{n}"), (MqttQos)(n % 2), Ct);
        var all = new List<string>();
        for (var n = 0; n < 200; n++) all.Add(await NextAsync());
        // The order holds within a QoS (4.6)
        Assert.Equal(Enumerable.Range(0, 100).Select(n => $"a/b {2 * n}"), all.Where((_, at) => int.Parse(all[at].AsSpan(4)) % 2 == 0));
        Assert.Equal(Enumerable.Range(0, 100).Select(n => $"a/b {2 * n + 1}"), all.Where((_, at) => int.Parse(all[at].AsSpan(4)) % 2 == 1));

        await client.UnsubscribeAsync("a/+", Ct);
        Assert.Equal(0, house.Broker.Publish("a/b", [], MqttQos.AtLeastOnce));
    }

    [Fact]
    public async Task A_handler_may_await_its_own_publishes()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await MqttClient.ConnectAsync(Options(house) with
        {
            OnMessage = async (client, message, ct) =>
            {
                if (message.Topic == "ask") await client.PublishAsync("answer", message.Payload, MqttQos.AtLeastOnce, ct);
                else _received.Writer.TryWrite(message.Topic);
            },
        }, Ct);
        await client.SubscribeAsync("#", MqttQos.AtLeastOnce, Ct);
        for (var n = 0; n < 10; n++) house.Broker.Publish("ask", "x"u8, MqttQos.AtLeastOnce);
        for (var n = 0; n < 10; n++) Assert.Equal("answer", await NextAsync());
    }

    [Conforms("5.0", "3.2.2-7"), Conforms("3.1.1", "3.2.2-5")]
    [Theory, MemberData(nameof(Versions))]
    public async Task A_refusal_is_an_exception_with_its_reason(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync(new Recorder
        {
            OnConnect = connect => connect.ClientId == "no" ? MqttReasonCode.NotAuthorized : MqttReasonCode.Success,
            Allows = filter => filter != "no",
            OnPublish = (_, topic, _) => new(topic == "no" ? MqttPublishVerdict.Refused : MqttPublishVerdict.Route),
        });
        var refused = Options(house, version) with { Connect = new() { Version = version, ClientId = "no" }, Reconnect = true };
        Assert.Equal(MqttReasonCode.NotAuthorized, (await Assert.ThrowsAsync<MqttException>(() => MqttClient.ConnectAsync(refused, Ct))).Reason);

        await using var client = await MqttClient.ConnectAsync(Options(house, version), Ct);
        var v5 = version == MqttVersion.V50;
        var subscribe = await Assert.ThrowsAsync<MqttException>(() => client.SubscribeAsync("no", MqttQos.AtLeastOnce, Ct));
        Assert.Equal(v5 ? MqttReasonCode.NotAuthorized : MqttReasonCode.UnspecifiedError, subscribe.Reason);
        var publish = client.PublishAsync("no", new byte[1], MqttQos.AtLeastOnce, Ct);
        if (v5) Assert.Equal(MqttReasonCode.NotAuthorized, (await Assert.ThrowsAsync<MqttException>(() => publish)).Reason);
        else await publish;
    }

    [Conforms("5.0", "3.2.2-15 3.3.4-7")]
    [Fact]
    public async Task It_keeps_to_the_servers_limits()
    {
        var held = new ConcurrentQueue<ushort>();
        var app = new Recorder
        {
            OnPublish = (_, _, id) =>
            {
                held.Enqueue(id);
                return new(MqttPublishVerdict.Held);
            },
        };
        await using var house = await RunningBroker.StartAsync(app, new() { HeldWindow = 2, MaximumPacketSize = 100 });
        await using var client = await MqttClient.ConnectAsync(Options(house, MqttVersion.V50), Ct);
        var large = await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync("t", new byte[100], MqttQos.AtLeastOnce, Ct));
        Assert.Equal(MqttReasonCode.PacketTooLarge, large.Reason);

        var publishes = Enumerable.Range(0, 3).Select(_ => client.PublishAsync("t", new byte[1], MqttQos.AtLeastOnce, Ct)).ToArray();
        Assert.Equal("connected c", await app.NextAsync());
        for (var n = 0; n < 2; n++) await app.NextAsync();
        Assert.True(house.Broker.TryGetSession("c", out var session));
        for (ushort id = 1; id <= 3; id++)
        {
            if (id == 3) await app.NextAsync();
            session.Acknowledge(id);
            session.Flush();
            await publishes[id - 1].WaitAsync(RawClient.Patience, Ct);
        }
        Assert.Equal([1, 2, 3], held.Select(id => (int)id));
    }

    [Conforms("5.0", "3.1.2-20"), Conforms("3.1.1", "3.1.2-23")]
    [Fact]
    public async Task It_pings_within_the_keep_alive_and_notices_a_dead_server()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        await using var client = await MqttClient.ConnectAsync(Options(house) with { Connect = new() { ClientId = "c", KeepAliveSeconds = 10 }, Clock = clock }, Ct);
        Assert.True(house.Broker.TryGetSession("c", out var session));
        for (var n = 0; n < 20; n++)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            // The ping's way through the sockets is real time: a publish behind it shows that both arrived
            await client.PublishAsync("t", ReadOnlyMemory<byte>.Empty, MqttQos.AtLeastOnce, Ct);
        }
        Assert.True(session.IsOpen);

        await using var silent = SilentServer.Start();
        await using var waiting = await MqttClient.ConnectAsync(Options(house) with { Port = silent.Port, Connect = new() { KeepAliveSeconds = 10 }, Clock = clock }, Ct);
        var publish = waiting.PublishAsync("t", ReadOnlyMemory<byte>.Empty, MqttQos.AtLeastOnce, Ct);
        clock.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal(MqttReasonCode.UnspecifiedError, await waiting.Closed.WaitAsync(RawClient.Patience, Ct));
        await Assert.ThrowsAsync<MqttException>(() => publish);
    }

    [Fact]
    public async Task It_connects_and_subscribes_again()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync();
        var connected = Channel.CreateUnbounded<int>();
        await using var client = await MqttClient.ConnectAsync(Options(house) with
        {
            Reconnect = true,
            Clock = clock,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            OnConnected = (_, _) =>
            {
                connected.Writer.TryWrite(0);
                return default;
            },
        }, Ct);
        await connected.Reader.ReadAsync(Ct);
        await client.SubscribeAsync("t", MqttQos.AtLeastOnce, Ct);
        for (var n = 0; n < 3; n++)
        {
            Assert.True(house.Broker.TryGetSession("c", out var session));
            session.Disconnect(MqttReasonCode.ServerBusy);
            var again = connected.Reader.ReadAsync(Ct).AsTask();
            // a hasty clock runs into the connection's own deadlines
            while (await Task.WhenAny(again, Task.Delay(TimeSpan.FromMilliseconds(100), Ct)) != again)
                clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(1, house.Broker.Publish("t", "x"u8, MqttQos.AtLeastOnce));
            Assert.Equal("t x", await NextAsync());
        }
        Assert.False(client.Closed.IsCompleted);
    }

    [Fact]
    public async Task Disconnecting_is_orderly_and_aborting_is_not()
    {
        var app = new Recorder();
        await using var house = await RunningBroker.StartAsync(app);
        foreach (var orderly in new[] { true, false })
        {
            await using var client = await MqttClient.ConnectAsync(Options(house) with { Reconnect = true }, Ct);
            Assert.Equal("connected c", await app.NextAsync());
            if (orderly) await client.DisconnectAsync();
            else client.Abort();
            Assert.Equal(orderly ? "disconnected c Success" : "disconnected c UnspecifiedError", await app.NextAsync());
            await client.Closed.WaitAsync(RawClient.Patience, Ct);
            await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync("t", ReadOnlyMemory<byte>.Empty, MqttQos.AtMostOnce, Ct));
        }
    }

    [Fact]
    public async Task It_may_be_disposed_twice()
    {
        await using var house = await RunningBroker.StartAsync();
        var client = await MqttClient.ConnectAsync(Options(house), Ct);
        for (var n = 0; n < 2; n++) await client.DisposeAsync();
        client.Abort();
        await client.DisconnectAsync();
        Assert.True(client.Closed.IsCompleted);
    }

    [Fact]
    public async Task An_application_that_fails_at_the_first_connect_leaves_no_client()
    {
        var app = new Recorder();
        await using var house = await RunningBroker.StartAsync(app);
        MqttClient? left = null;
        await Assert.ThrowsAsync<InvalidDataException>(() => MqttClient.ConnectAsync(Options(house) with
        {
            Reconnect = true,
            OnConnected = (client, _) =>
            {
                left = client;
                throw new InvalidDataException();
            },
        }, Ct));
        Assert.Equal("connected c", await app.NextAsync());
        Assert.Equal("disconnected c Success", await app.NextAsync());
        await left!.Closed.WaitAsync(RawClient.Patience, Ct);
    }

    [Fact]
    public async Task The_servers_goodbye_and_a_failing_handler_end_the_client()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var told = await MqttClient.ConnectAsync(Options(house, MqttVersion.V50), Ct);
        Assert.True(house.Broker.TryGetSession("c", out var session));
        session.Disconnect(MqttReasonCode.AdministrativeAction);
        Assert.Equal(MqttReasonCode.AdministrativeAction, await told.Closed.WaitAsync(RawClient.Patience, Ct));

        await using var failing = await MqttClient.ConnectAsync(Options(house) with { OnMessage = (_, _, _) => throw new InvalidDataException() }, Ct);
        await failing.SubscribeAsync("t", MqttQos.AtMostOnce, Ct);
        house.Broker.Publish("t", [], MqttQos.AtMostOnce);
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => failing.Closed.WaitAsync(RawClient.Patience, Ct));
        Assert.IsType<InvalidDataException>(failure.InnerException);
    }

    MqttClientOptions Options(RunningBroker house, MqttVersion version = MqttVersion.V311) => new()
    {
        Host = "127.0.0.1",
        Port = house.Port,
        Connect = new() { Version = version, ClientId = "c" },
        OnMessage = (_, message, _) =>
        {
            _received.Writer.TryWrite($"{message.Topic} {Encoding.UTF8.GetString(message.Payload.Span)}");
            return default;
        },
    };

    async Task<string> NextAsync() => await _received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
}
