using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Broker;

public sealed class ProxyProtocolTests
{
    const string Signature = "0D0A0D0A000D0A515549540A";

    public static TheoryData<string, string?> Headers => new()
    {
        { Line("PROXY TCP4 203.0.113.7 10.0.0.1 4711 1883\r\n"), "203.0.113.7:4711" },
        { Line("PROXY TCP6 2001:db8::7 2001:db8::1 4711 1883\r\n"), "[2001:db8::7]:4711" },
        { Line("PROXY UNKNOWN\r\n"), null },
        { Line("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"), null },
        { Signature + "21 11 000C CB007107 0A000001 1267 075B", "203.0.113.7:4711" },
        { Signature + "21 11 0010 CB007107 0A000001 1267 075B 04000100", "203.0.113.7:4711" },
        { Signature + "21 21 0024 20010DB8000000000000000000000007 20010DB8000000000000000000000001 1267 075B", "[2001:db8::7]:4711" },
        { Signature + "20 00 0000", null },
        { Signature + "21 00 0000", null },
        { Signature + "21 31 0002 0000", null },
    };

    [Theory, MemberData(nameof(Headers))]
    public void A_header_is_read_when_it_is_whole(string hex, string? source)
    {
        var bytes = Bytes(hex);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Equal(ProxyHeader.Status.NeedMore, ProxyHeader.TryRead(new(bytes.AsMemory(0, length)), out _, out _));
        Assert.Equal(ProxyHeader.Status.Ok, ProxyHeader.TryRead(new([.. bytes, 0x10, 0x0C]), out var consumed, out var from));
        Assert.Equal((bytes.Length, source), ((int)consumed, from?.ToString()));
    }

    public static TheoryData<string> Bad =>
    [
        "100C00044D515454", Line("PROXY TCP4 203.0.113.7 10.0.0.1 4711\r\n"), Line("PROXY TCP4 nobody 10.0.0.1 4711 1883\r\n"),
        Line("PROXY TCP4 203.0.113.7 10.0.0.1 70000 1883\r\n"), Line("PROXY TCP4 " + new string('1', 200)), Line("PROXYTCP4\r\n"),
        Signature + "31 11 000C CB007107 0A000001 1267 075B", Signature + "21 11 0004 CB007107", Signature + "21 11 FFFF", "0D0A0D0B",
    ];

    [Theory, MemberData(nameof(Bad))]
    public void Anything_else_is_refused(string hex) =>
        Assert.Equal(ProxyHeader.Status.Bad, ProxyHeader.TryRead(new(Bytes(hex)), out _, out _));

    [Theory]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("10.0.0.0/8", false)]
    public async Task Only_a_proxy_may_tell_another_address(string network, bool isProxy)
    {
        var app = new Addresses();
        using var broker = new MqttBroker(app);
        await using var host = await Listening.StartAsync(broker, listen => listen.UseProxyProtocol([IPNetwork.Parse(network)]));
        var port = host.Port;
        await using (var told = await RawClient.DialAsync(port))
        {
            await told.SendAsync([.. "PROXY TCP4 203.0.113.7 10.0.0.1 4711 1883\r\n"u8, .. Packets.Connect(MqttVersion.V311)]);
            Assert.Equal(isProxy, await told.TryReadAsync() is { Type: MqttPacketType.ConnAck });
        }
        await using (var plain = await RawClient.DialAsync(port))
        {
            await plain.SendAsync(Packets.Connect(MqttVersion.V311, "plain"));
            Assert.Equal(!isProxy, await plain.TryReadAsync() is { Type: MqttPacketType.ConnAck });
        }
        Assert.Equal(isProxy ? "203.0.113.7" : "127.0.0.1", app.Last);
    }

    [Fact]
    public async Task Who_is_silent_before_the_header_has_a_place_until_the_end()
    {
        using var broker = new MqttBroker(new Recorder(), new() { MaximumConnections = 1 });
        await using var host = await BehindAsync(broker);
        await using (await RawClient.DialAsync(host.Port))
            Assert.False(await IsTakenAsync(host));
        for (var n = 0; n < 2; n++) await UntilAsync(() => IsTakenAsync(host));
    }

    [Fact]
    public async Task The_deadline_of_CONNECT_is_the_headers_too()
    {
        var clock = new HandClock();
        using var broker = new MqttBroker(new Recorder(), clock: clock);
        await using var host = await BehindAsync(broker);
        await using var silent = await RawClient.DialAsync(host.Port);
        await using var slow = await RawClient.DialAsync(host.Port);
        await using var other = await RawClient.DialAsync(host.Port);
        // Accepted one after the other
        Assert.True(await IsTakenAsync(other));
        clock.Advance(TimeSpan.FromSeconds(6));
        await slow.SendAsync("PROXY UNKNOWN\r\n"u8.ToArray());
        await UntilAsync(() => Task.FromResult(broker.ConnectionCount == 2));
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Null(await slow.TryReadAsync().WaitAsync(TimeSpan.FromSeconds(4), Ct));
        Assert.Null(await silent.TryReadAsync().WaitAsync(TimeSpan.FromSeconds(4), Ct));
        await other.AssertQuietAsync();
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static Task<Listening> BehindAsync(MqttBroker broker) =>
        Listening.StartAsync(broker, listen => listen.UseMqttLimits(broker).UseProxyProtocol([IPNetwork.Parse("127.0.0.0/8")]));

    /// <summary>A connection that is not taken may be gone before it is made.</summary>
    static async Task<bool> IsTakenAsync(Listening host)
    {
        try
        {
            await using var client = await RawClient.DialAsync(host.Port);
            return await IsTakenAsync(client);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static async Task<bool> IsTakenAsync(RawClient client)
    {
        try
        {
            await client.SendAsync([.. "PROXY TCP4 203.0.113.7 10.0.0.1 4711 1883\r\n"u8, .. Packets.Connect(MqttVersion.V311, $"{Guid.NewGuid()}")]);
            return await client.TryReadAsync() is { Type: MqttPacketType.ConnAck };
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var end = DateTime.UtcNow + RawClient.Patience; !await condition(); await Task.Delay(20, Ct)) Assert.True(DateTime.UtcNow < end);
    }

    static string Line(string text) => Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(text));

    static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    sealed class Addresses : MqttApplication
    {
        public volatile string? Last;

        public override ValueTask<MqttReasonCode> ConnectAsync(MqttSession session, MqttConnect connect, CancellationToken ct)
        {
            Last = ((IPEndPoint)session.RemoteEndPoint!).Address.ToString();
            return new(MqttReasonCode.Success);
        }
    }

    /// <summary>A broker at a port, behind what the test puts before it.</summary>
    sealed class Listening(WebApplication host, MqttBroker broker) : IAsyncDisposable
    {
        public int Port => new Uri(host.Urls.Single()).Port;

        public static async Task<Listening> StartAsync(MqttBroker broker, Action<ListenOptions> before)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                before(listen);
                listen.Run(broker.OnConnectedAsync);
            }));
            var host = builder.Build();
            await host.StartAsync(Ct);
            return new(host, broker);
        }

        public async ValueTask DisposeAsync()
        {
            broker.Stop();
            await host.StopAsync(Ct);
            await host.DisposeAsync();
        }
    }
}
