using System.Text;
using System.Threading.Channels;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Client;

/// <summary>What a client does when it is connected again: it subscribes and calls the application.</summary>
public sealed class ResumingTests
{
    readonly Channel<string> _received = Channel.CreateUnbounded<string>();
    readonly Channel<int> _connected = Channel.CreateUnbounded<int>();
    int _connects;

    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_connection_lost_while_the_application_awaits_its_publish_is_made_again(bool heedsItsToken)
    {
        await using var server = PlayedServer.Start();
        var connecting = MqttClient.ConnectAsync(Options(server.Port, MqttVersion.V311) with
        {
            Connect = PersistentSessionTests.Stay(new() { ClientId = "c" }),
            OnConnected = async (client, ct) =>
            {
                if (_connects++ == 0) return;
                await client.PublishAsync($"{_connects}", default, MqttQos.AtLeastOnce, heedsItsToken ? ct : Ct);
                _connected.Writer.TryWrite(0);
            },
        }, Ct);
        await using var first = await AcceptAsync(server, MqttVersion.V311);
        await using var client = await connecting;
        first.Break();
        await using var second = await AcceptAsync(server, MqttVersion.V311, present: true);
        Assert.Equal("2", (await second.ReadAsync()).Publish(MqttVersion.V311).Topic);
        second.Break();
        await using var third = await AcceptAsync(server, MqttVersion.V311, present: true);
        // In flight it goes on, whoever has waited for it
        Assert.Equal(("2", "", 1, 1), (await third.ReadAsync()).Publish(MqttVersion.V311));
        await third.SendAsync(0x40, 2, 0, 1);
        Assert.Equal(("3", "", 1, 2), (await third.ReadAsync()).Publish(MqttVersion.V311));
        await third.SendAsync(0x40, 2, 0, 2);
        await ConnectedAsync();
        client.Abort();
    }

    [Fact]
    public async Task A_connection_lost_while_the_application_awaits_a_response_is_made_again()
    {
        await using var server = PlayedServer.Start();
        var connecting = MqttClient.ConnectAsync(Options(server.Port, MqttVersion.V50) with
        {
            OnConnected = async (client, ct) =>
            {
                if (_connects++ > 0) await client.RequestAsync(new("ask", default), ct);
            },
        }, Ct);
        await using var first = await AcceptAsync(server, MqttVersion.V50);
        await using var client = await connecting;
        first.Break();
        for (var n = 0; n < 2; n++)
        {
            await using var next = await AcceptAsync(server, MqttVersion.V50);
            await GrantAsync(next, "responses/c");
            Assert.Equal("ask", (await next.ReadAsync()).Publish(MqttVersion.V50).Topic);
            next.Break();
        }
        client.Abort();
    }

    [Fact]
    public async Task An_application_that_fails_after_its_connection_was_lost_ends_the_client()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await MqttClient.ConnectAsync(Options(house.Port, MqttVersion.V311) with
        {
            OnConnected = async (_, ct) =>
            {
                _connected.Writer.TryWrite(0);
                if (_connects++ == 0) return;
                await Task.WhenAny(Task.Delay(Timeout.Infinite, ct));
                throw new InvalidDataException();
            },
        }, Ct);
        for (var n = 0; n < 2; n++)
        {
            await ConnectedAsync();
            Break(house);
        }
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => client.Closed.WaitAsync(RawClient.Patience, Ct));
        Assert.IsType<InvalidDataException>(failure.InnerException);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_filter_that_is_refused_by_now_leaves_the_others(MqttVersion version)
    {
        var refused = "none";
        await using var house = await RunningBroker.StartAsync(new Recorder { Allows = filter => filter != refused });
        await using var client = await MqttClient.ConnectAsync(Options(house.Port, version) with { OnConnected = (_, ct) => _connected.Writer.WriteAsync(0, ct) }, Ct);
        await ConnectedAsync();
        foreach (var filter in new[] { "a", "b", "c" }) await client.SubscribeAsync(filter, MqttQos.AtLeastOnce, Ct);
        foreach (var (no, others) in new[] { ("a", "bc"), ("b", "ac"), ("c", "ab") })
        {
            refused = no;
            Break(house);
            await ConnectedAsync();
            Assert.Equal(0, house.Broker.Publish(no, [], MqttQos.AtLeastOnce));
            foreach (var filter in others)
            {
                Assert.Equal(1, house.Broker.Publish($"{filter}", [], MqttQos.AtLeastOnce));
                Assert.Equal($"{filter}", await _received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct));
            }
        }
    }

    // The session that the server has then is the one in which the first filter alone was subscribed
    [Fact]
    public async Task Subscribing_again_goes_on_where_the_connection_was_lost()
    {
        await using var server = PlayedServer.Start();
        var connecting = MqttClient.ConnectAsync(Options(server.Port, MqttVersion.V311) with { Connect = PersistentSessionTests.Stay(new() { ClientId = "c" }) }, Ct);
        await using var first = await AcceptAsync(server, MqttVersion.V311);
        await using var client = await connecting;
        foreach (var filter in new[] { "a", "b" })
        {
            var subscribing = client.SubscribeAsync(filter, MqttQos.AtLeastOnce, Ct);
            await GrantAsync(first, filter);
            await subscribing;
        }
        first.Break();
        await using var second = await AcceptAsync(server, MqttVersion.V311);
        await GrantAsync(second, "a");
        Assert.Equal(MqttPacketType.Subscribe, (await second.ReadAsync()).Type);
        second.Break();
        await using var third = await AcceptAsync(server, MqttVersion.V311, present: true);
        await GrantAsync(third, "a");
        await GrantAsync(third, "b");
        client.Abort();
    }

    MqttClientOptions Options(int port, MqttVersion version) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        Connect = new() { Version = version, ClientId = "c" },
        Reconnect = true,
        ReconnectDelay = TimeSpan.FromMilliseconds(1),
        MaximumReconnectDelay = TimeSpan.FromMilliseconds(20),
        OnMessage = (_, message, ct) => _received.Writer.WriteAsync(message.Topic, ct),
    };

    static async Task<RawClient> AcceptAsync(PlayedServer server, MqttVersion version, bool present = false)
    {
        var connection = await server.AcceptAsync(version).WaitAsync(RawClient.Patience, Ct);
        await connection.SendAsync(version == MqttVersion.V50 ? [0x20, 3, 0, 0, 0] : [0x20, 2, (byte)(present ? 1 : 0), 0]);
        return connection;
    }

    static async Task GrantAsync(RawClient connection, string filter)
    {
        var packet = await connection.ReadAsync();
        Assert.Equal(MqttPacketType.Subscribe, packet.Type);
        Assert.Contains(filter, Encoding.UTF8.GetString(packet.Body), StringComparison.Ordinal);
        await connection.SendAsync(connection.Version == MqttVersion.V50 ? [0x90, 4, .. packet.Body[..2], 0, 1] : [0x90, 3, .. packet.Body[..2], 1]);
    }

    static void Break(RunningBroker house)
    {
        Assert.True(house.Broker.TryGetSession("c", out var session));
        session.Connection.Abort();
    }

    async Task ConnectedAsync() => await _connected.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
}
