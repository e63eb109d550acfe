using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Tests.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Broker;

/// <summary>MQTT over WebSocket (6).</summary>
public sealed class WebSocketTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    // [MQTT-6.0.0-3], [MQTT-6.0.0-4]: the subprotocol is chosen; [MQTT-6.0.0-2]: packets and frames need not agree
    [Conforms("5.0", "6.0.0-2 6.0.0-3 6.0.0-4 4.2.0-1"), Conforms("3.1.1", "6.0.0-2 6.0.0-3 6.0.0-4 7.1.1-1")]
    [Theory]
    [InlineData("mqtt", MqttVersion.V50)]
    [InlineData("mqtt", MqttVersion.V311)]
    [InlineData("mqttv3.1", MqttVersion.V31)]
    public async Task A_client_speaks_over_a_WebSocket(string protocol, MqttVersion version)
    {
        await using var house = await WebHouse.StartAsync();
        using var socket = await house.DialAsync(protocol);
        Assert.Equal(protocol, socket.SubProtocol);
        byte[] bytes =
        [
            .. Packets.Connect(version), .. Packets.Subscribe(version, 1, ("t", new(MqttQos.AtMostOnce))),
            .. Packets.Publish(version, "t", new string('x', 3000)), 0xE0, 0,
        ];
        foreach (var part in bytes.Chunk(700)) await socket.SendAsync(part, WebSocketMessageType.Binary, true, Ct);
        var got = await ReadToEndAsync(socket);
        Assert.Equal(0x20, got[0]);
        Assert.Contains(new string('x', 3000), Encoding.UTF8.GetString(got), StringComparison.Ordinal);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        Assert.Equal("disconnected c Success", await house.App.NextAsync(skip: 3));
    }

    [Fact]
    public async Task The_server_says_goodbye_while_it_waits_for_bytes()
    {
        await using var house = await WebHouse.StartAsync();
        using var socket = await house.DialAsync("mqtt");
        await socket.SendAsync(Packets.Connect(MqttVersion.V50), WebSocketMessageType.Binary, true, Ct);
        Assert.Equal("connected c", await house.App.NextAsync());
        Assert.True(house.Broker.TryGetSession("c", out var session));
        session.Disconnect(MqttReasonCode.AdministrativeAction);
        var got = await ReadToEndAsync(socket);
        Assert.Equal([0xE0, 1, (byte)MqttReasonCode.AdministrativeAction], got[^3..]);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    // [MQTT-6.0.0-1]
    [Conforms("5.0", "6.0.0-1"), Conforms("3.1.1", "6.0.0-1")]
    [Fact]
    public async Task A_text_frame_ends_the_connection()
    {
        await using var house = await WebHouse.StartAsync();
        using var socket = await house.DialAsync("mqtt");
        await socket.SendAsync(Packets.Connect(MqttVersion.V311), WebSocketMessageType.Binary, true, Ct);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Ct);
        Assert.Equal("disconnected c UnspecifiedError", await house.App.NextAsync(skip: 1));
    }

    [Fact]
    public async Task A_client_that_vanishes_is_noticed()
    {
        await using var house = await WebHouse.StartAsync();
        var socket = await house.DialAsync("mqtt");
        await socket.SendAsync(Packets.Connect(MqttVersion.V311), WebSocketMessageType.Binary, true, Ct);
        Assert.Equal("connected c", await house.App.NextAsync());
        socket.Abort();
        socket.Dispose();
        Assert.Equal("disconnected c UnspecifiedError", await house.App.NextAsync());
    }

    [Fact]
    public async Task Other_requests_are_refused()
    {
        await using var house = await WebHouse.StartAsync();
        using var http = new HttpClient();
        Assert.Equal(400, (int)(await http.GetAsync(new Uri($"http://127.0.0.1:{house.Port}/mqtt"), Ct)).StatusCode);
        await Assert.ThrowsAsync<WebSocketException>(() => house.DialAsync("soap"));
    }

    [Fact]
    public async Task A_client_that_stops_within_a_frame_is_ended_by_its_keep_alive()
    {
        var clock = new HandClock();
        await using var house = await WebHouse.StartAsync(clock: clock);
        using var client = await HalfFrameAsync(house, keepAlive: 10);
        clock.Advance(TimeSpan.FromSeconds(17));
        Assert.Equal("disconnected c KeepAliveTimeout", await house.App.NextAsync(skip: 1));
    }

    [Fact]
    public async Task A_client_that_stopped_within_a_frame_is_not_in_the_way_of_its_successor()
    {
        await using var house = await WebHouse.StartAsync();
        using var client = await HalfFrameAsync(house, keepAlive: 0);
        using var next = await house.DialAsync("mqtt");
        await next.SendAsync(Packets.Connect(MqttVersion.V311), WebSocketMessageType.Binary, true, Ct);
        Assert.Equal("disconnected c SessionTakenOver", await house.App.NextAsync(skip: 1));
        Assert.Equal("connected c", await house.App.NextAsync());
    }

    [Fact]
    public async Task A_client_that_stopped_within_a_frame_can_be_cut()
    {
        await using var house = await WebHouse.StartAsync();
        using var client = await HalfFrameAsync(house, keepAlive: 0);
        Assert.True(house.Broker.TryGetSession("c", out var session));
        session.Connection.Abort();
        Assert.Equal("disconnected c UnspecifiedError", await house.App.NextAsync(skip: 1));
    }

    [Fact]
    public async Task A_frame_may_come_in_halves()
    {
        await using var house = await WebHouse.StartAsync();
        using var client = await HalfFrameAsync(house, keepAlive: 0);
        await client.SendAsync(Halves.Second, Ct);
        Assert.StartsWith("published t ", await house.App.NextAsync(skip: 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_one_that_does_not_acknowledge_disturbs_nobody_who_gets_the_same_message()
    {
        await using var house = await WebHouse.StartAsync(options: new() { MaximumInFlight = 1, MaximumQueuedBytes = 64 * 1024 });
        using var slow = await house.DialAsync("mqtt");
        byte[] subscribing =
        [
            .. Packets.Connect(MqttVersion.V311, "slow", with: connect => connect with { Will = new("will", "gone"u8.ToArray()) }),
            .. Packets.Subscribe(MqttVersion.V311, 1, ("t", new(MqttQos.AtLeastOnce))),
        ];
        await slow.SendAsync(subscribing, WebSocketMessageType.Binary, true, Ct);
        Assert.Equal("subscribed t 1", await house.App.NextAsync(skip: 1));
        var receivers = new List<Listener>();
        for (var n = 0; n < 10; n++) receivers.Add(await Listener.StartAsync(house, $"{n}", "t"));
        await using var watcher = await Listener.StartAsync(house, "watcher", "will");
        for (var n = 0; house.Broker.TryGetSession("slow", out _); n++)
        {
            Assert.True(n < 20);
            var text = new string((char)('a' + n), 20_000);
            house.Broker.Publish("t", Encoding.ASCII.GetBytes(text), MqttQos.AtLeastOnce);
            foreach (var receiver in receivers) Assert.Equal(("t", text), await receiver.NextAsync());
        }
        Assert.Equal(("will", "gone"), await watcher.NextAsync());
        house.Broker.Publish("t", "last"u8, MqttQos.AtLeastOnce);
        foreach (var receiver in receivers)
        {
            Assert.Equal(("t", "last"), await receiver.NextAsync());
            await receiver.DisposeAsync();
        }
    }

    /// <summary>A client that has sent the first half of a frame, of which the server has taken what it could.</summary>
    static async Task<Socket> HalfFrameAsync(WebHouse house, ushort keepAlive)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, house.Port, Ct);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /mqtt HTTP/1.1\r\nHost: 127.0.0.1:{house.Port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"), Ct);
        await HearAsync(socket, "\r\n\r\n"u8.ToArray());
        var connect = Packets.Connect(MqttVersion.V311, keepAlive: keepAlive);
        await socket.SendAsync((byte[])[0x82, (byte)(0x80 | connect.Length), 0, 0, 0, 0, .. connect], Ct);
        await HearAsync(socket, [0x20, 2, 0, 0]);
        await socket.SendAsync(Halves.First, Ct);
        // PINGRESP: it has begun with the frame
        await HearAsync(socket, [0xD0, 0]);
        return socket;
    }

    static async Task HearAsync(Socket socket, byte[] end)
    {
        var (all, next) = (new List<byte>(), new byte[1]);
        while (!all.TakeLast(end.Length).SequenceEqual(end))
        {
            Assert.Equal(1, await socket.ReceiveAsync(next, Ct).AsTask().WaitAsync(RawClient.Patience, Ct));
            all.Add(next[0]);
        }
    }

    static async Task<byte[]> ReadToEndAsync(WebSocket socket)
    {
        var (all, buffer) = (new MemoryStream(), new byte[1000]);
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), Ct);
            if (part.MessageType == WebSocketMessageType.Close) break;
            Assert.Equal(WebSocketMessageType.Binary, part.MessageType);
            all.Write(buffer.AsSpan(0, part.Count));
        }
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Ct);
        return all.ToArray();
    }
}

/// <summary>A client that hears what comes on one topic.</summary>
sealed class Listener : IAsyncDisposable
{
    readonly Channel<(string Topic, string Text)> _heard = Channel.CreateUnbounded<(string, string)>();
    MqttClient? _client;

    public static async Task<Listener> StartAsync(WebHouse house, string clientId, string topic)
    {
        var listener = new Listener();
        listener._client = await MqttClient.ConnectAsync(new()
        {
            Host = "127.0.0.1",
            Port = house.Port,
            WebSocketPath = "/mqtt",
            Connect = new() { ClientId = clientId },
            OnMessage = (_, message, ct) => listener._heard.Writer.WriteAsync((message.Topic, Encoding.ASCII.GetString(message.Payload.Span)), ct),
        }, TestContext.Current.CancellationToken);
        await listener._client.SubscribeAsync(topic, MqttQos.AtMostOnce, TestContext.Current.CancellationToken);
        return listener;
    }

    public async Task<(string Topic, string Text)> NextAsync() =>
        await _heard.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(RawClient.Patience, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _client!.DisposeAsync();
}

/// <summary>A masked binary frame with PINGREQ and a PUBLISH, in two parts; of the first the server reads more than once.</summary>
static class Halves
{
    static readonly byte[] s_packets = [0xC0, 0, .. Packets.Publish(MqttVersion.V311, "t", new string('x', 10_000))];
    static readonly byte[] s_frame = [0x82, 0xFE, (byte)(s_packets.Length >> 8), (byte)s_packets.Length, 0, 0, 0, 0, .. s_packets];

    public static byte[] First => s_frame[..6000];

    public static byte[] Second => s_frame[6000..];
}

/// <summary>A broker behind a web server.</summary>
sealed class WebHouse : IAsyncDisposable
{
    readonly WebApplication _host;

    WebHouse(WebApplication host, MqttBroker broker) => (_host, Broker) = (host, broker);

    public MqttBroker Broker { get; }

    public required Recorder App { get; init; }

    public int Port { get; private init; }

    public static async Task<WebHouse> StartAsync(Action<ListenOptions>? listening = null, MqttBrokerOptions? options = null, TimeProvider? clock = null)
    {
        var app = new Recorder();
        var broker = new MqttBroker(app, options, clock: clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listening?.Invoke(listen)));
        var host = builder.Build();
        host.UseWebSockets();
        host.MapMqtt(broker);
        host.Lifetime.ApplicationStopping.Register(broker.Stop);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new(host, broker) { App = app, Port = new Uri(host.Urls.Single()).Port };
    }

    public async Task<ClientWebSocket> DialAsync(string protocol)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{Port}/mqtt"), TestContext.Current.CancellationToken);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(TestContext.Current.CancellationToken);
        await _host.DisposeAsync();
        Broker.Dispose();
    }
}
