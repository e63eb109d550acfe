using System.Net;
using System.Net.Sockets;
using System.Text;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Hostile;

/// <summary>Broken HTTP where devices send their bytes.</summary>
public sealed class HttpStories
{
    [Fact]
    public async Task Broken_requests_end_their_own_connection_only()
    {
        await using var house = await HostileServer.StartAsync();
        await using var device = await house.DeviceAsync(0);
        var bytes = new byte[] { 1, 2, 3 };
        var url = await device.AskUploadAsync("a", bytes);
        var path = new Uri(url).AbsolutePath;
        string[] broken =
        [
            "\0\0\0\0", "GET", "GET / HTTP/1.1", $"PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Le", "\r\n\r\n\r\n\r\n", new string('A', 100_000),
            $"PUT {path} HTTP/9.9\r\n\r\n", $"PUT {path}\r\n\r\n", "\u0016\u0003\u0001\0\u00a5\u0001\0\0\u00a1",
            Put(path, "Content-Length: 99999999999999999999999999"), Put(path, "Content-Length: -3"), Put(path, "Content-Length: 3x"),
            Put(path, "Content-Length: 9223372036854775807"),
            Put(path, "Content-Length: 3\r\nContent-Length: 4"), Put(path, "Content-Length: 3\r\nTransfer-Encoding: chunked"),
            Put(path, "Transfer-Encoding: chunked", "zz\r\nabc"), Put(path, "Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFFFF\r\n"),
            Put(path, "Transfer-Encoding: chunked", "2\r\nab\r\n"), Put(path, "Transfer-Encoding: gzip", "abc"),
            Put(path, "Content-Length: 2", "ab"), Put(path, "Content-Length: 3", "a"), Put(path, "Content-Length: 3\r\nContent-MD5: %%%",
            "abc"), Put(path, "Content-Length: 3", "abc"),
            Put("/o/" + new string('A', 9000), "Content-Length: 0"), Put("/o/..%2f..%2fetc%2fpasswd%00", "Content-Length: 0"),
            Put("/o/%C3%A9AAAAAAAAAAAAAAAAAAAAA", "Content-Length: 0"), Put("/o/%00", "Content-Length: 0"), Put("/o/..%2f..%2fetc%2fpasswd",
            "Content-Length: 0"), Put("/o/../../api/v1/transfers", "Content-Length: 0"), Put("http://[/o/x", "Content-Length: 0"),
            $"GET {path} HTTP/1.1\r\nHost: x\r\nRange: bytes=-,5-2,x\r\n\r\n",
            $"PUT {path} HTTP/1.1\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", 500))}\r\n",
            $"PUT {path} HTTP/1.1\r\nHost: x\r\nX: {new string('y', 60_000)}\r\n\r\n",
            string.Concat(Enumerable.Repeat($"GET {path}x HTTP/1.1\r\nHost: x\r\n\r\n", 50)),
        ];
        foreach (var request in broken)
        {
            var answer = await SayAsync(house, request);
            Assert.True(IsNo(answer), $"{request[..Math.Min(200, request.Length)]} -> {answer}");
        }
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Server.Http, url, bytes));
        await house.WorksAsync(device);
        await house.HasCleanLogAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(1_000_000)]
    public async Task A_body_that_breaks_off_is_forgotten(int sent)
    {
        await using var house = await HostileServer.StartAsync();
        await using var device = await house.DeviceAsync(0);
        var bytes = new byte[3_000_000];
        var url = await device.AskUploadAsync("a", bytes);
        var path = new Uri(url).AbsolutePath;
        for (var n = 0; n < 5; n++)
            Assert.True(IsNo(await SayAsync(house, Put(path, $"Content-Length: {bytes.Length}", new string('\0', sent)))));
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Server.Http, url, bytes));
        await house.HasCleanLogAsync();
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        await using var house = await HostileServer.StartAsync();
        var requests = string.Concat(((string[])["/healthz", "/o/none", "/healthz"]).Select(p => $"GET {p} HTTP/1.1\r\nHost: x\r\n\r\n"));
        var answers = await SayAsync(house, requests, hangUp: false);
        // a refusal closes: what comes after it may have been its body
        Assert.Equal(["200 OK", "404 Not Found"], answers.Split("HTTP/1.1 ")[1..].Select(a => a.Split('\r')[0]));
    }

    [Fact]
    public async Task Many_connections_that_say_nothing_are_in_nobody_s_way()
    {
        await using var house = await HostileServer.StartAsync();
        await using var device = await house.DeviceAsync(0);
        List<Socket> silent = [];
        foreach (var port in Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? house.Server.Http.BaseAddress!.Port : house.Server.MqttPort))
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, House.Soon);
            await socket.SendAsync("P"u8.ToArray(), House.Soon);
            silent.Add(socket);
        }
        await house.WorksAsync(device);
        silent.ForEach(s => s.Dispose());
        await house.WorksAsync(device);
        await house.HasCleanLogAsync();
    }

    static bool IsNo(string answer) => answer.Length == 0
        || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 505 ", StringComparison.Ordinal);

    static string Put(string path, string headers, string body = "") => $"PUT {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n{body}";

    /// <summary>Says it, hangs up on its own side, and reads all that comes.</summary>
    static async Task<string> SayAsync(HostileServer house, string request, bool hangUp = true)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, house.Server.Http.BaseAddress!.Port, House.Soon);
        var answer = new MemoryStream();
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(request), House.Soon);
            if (hangUp)
                socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[4096];
            for (int read; (read = await socket.ReceiveAsync(buffer, House.Soon)) > 0;)
                await answer.WriteAsync(buffer.AsMemory(0, read), House.Soon);
        }
        catch (SocketException)
        {
            // it was hung up on
        }
        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
