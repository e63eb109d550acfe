using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Waybill.Tests.Api;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>The HTTP side at the pace and within the buffers of real devices (tencent-hub, quirks H39, H42, H46, H47, H53).</summary>
public sealed class DevicePaceStories
{
    /// <summary>How long the vendor's clients wait for the answer to a PUT.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task The_longest_URL_fits_the_buffers_of_devices()
    {
        var host = new string('h', 63);
        await using var house = await House.StartAsync(("PublicUrl", $"http://{host}/{new string('p', 150 - "http:///".Length - host.Length)}"));
        await house.DeviceAsync();
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var url = await device.AskUploadAsync("a", [1]);
        Assert.InRange(url.Length, 151, 200);
    }

    [Fact]
    public async Task A_body_that_drips_for_seconds_is_waited_for_and_then_answered_at_once()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var bytes = RandomNumberGenerator.GetBytes(4_000_000);
        using var socket = await DialAsync(house);
        await socket.SendAsync(Head("PUT", await device.AskUploadAsync("a", bytes), $"Content-Length: {bytes.Length}"), House.Soon);
        // longer than the web server's own patience with slow senders, were it asked
        var dripped = 0;
        for (var begun = Stopwatch.StartNew(); begun.Elapsed < TimeSpan.FromSeconds(7); dripped++)
        {
            await socket.SendAsync(bytes.AsMemory(dripped, 1), House.Soon);
            await Task.Delay(TimeSpan.FromMilliseconds(500), House.Soon);
        }
        for (var sent = dripped; sent < bytes.Length;)
            sent += await socket.SendAsync(bytes.AsMemory(sent), House.Soon);
        await using var stream = new NetworkStream(socket);
        using var answer = new StreamReader(stream, Encoding.Latin1);
        Assert.Equal("HTTP/1.1 200 OK", await answer.ReadLineAsync(House.Soon).AsTask().WaitAsync(s_patience, House.Soon));
    }

    [Fact]
    public async Task The_first_byte_of_a_fetch_comes_within_a_second()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        await house.OrderAsync("fw.bin", RandomNumberGenerator.GetBytes(3_000_000));
        await device.SayAsync("""{"type":"get_download_task"}""");
        var url = (await device.HearAsync("get_download_task_rsp")).GetProperty("url").GetString()!;
        using var socket = await DialAsync(house);
        await socket.SendAsync(Head("GET", url, "Range: bytes=0-3000000"), House.Soon);
        var buffer = new byte[16];
        await socket.ReceiveAsync(buffer, House.Soon).AsTask().WaitAsync(TimeSpan.FromSeconds(1), House.Soon);
        Assert.StartsWith("HTTP/1.1 206", Encoding.Latin1.GetString(buffer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Builds_with_TLS_and_without_are_served_side_by_side()
    {
        using var pems = new PemFiles();
        pems.Write("files");
        await using var house = await House.StartAsync(
            ("Tls:Certificate", pems.Certificate), ("Tls:Key", pems.Key),
            ("Listeners:tls:Roles", "devices"), ("Listeners:tls:Port", "0"), ("Listeners:tls:Tls", "true"),
            ("Listeners:plain:Roles", "api,devices"), ("Listeners:plain:Port", "0"));
        await house.DeviceAsync();
        (await house.SendAsync("PATCH", "/api/v1/products/ABCDE12345", """{"deviceUrl":"https://files.example.com"}""")).Is(HttpStatusCode.OK);
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        using var hand = new HandPlayed(house, "mqttv311");
        var listeners = house.Get<Waybill.Api.Listening.Listeners>().Http;
        foreach (var listener in listeners)
        {
            var bytes = RandomNumberGenerator.GetBytes(100_000);
            var url = await device.AskUploadAsync(listener.Url.Scheme, bytes);
            Assert.StartsWith("https://files.example.com/o/", url, StringComparison.Ordinal);
            var there = new Uri(listener.Url, new Uri(url).AbsolutePath);
            var (_, status) = await Tool.RunAsync("curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", "-T", hand.File(bytes), $"{there}");
            Assert.Equal("200", status.Trim());
        }
        Assert.Equal(["http", "https"], listeners.Select(l => l.Url.Scheme).Order());
    }

    static async Task<Socket> DialAsync(House house)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, house.Server.Devices.Port, House.Soon);
        return socket;
    }

    static byte[] Head(string method, string url, string header) =>
        Encoding.Latin1.GetBytes($"{method} {new Uri(url).AbsolutePath} HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n");
}
