using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Waybill.Api.Listening;
using Waybill.Objects;
using Xunit;

namespace Waybill.Tests.Objects;

public sealed class ObjectSenderTests : IAsyncLifetime
{
    readonly StoreDirectory directory = new();
    readonly byte[] bytes = StoreDirectory.Random(1_000_000);
    readonly List<(long Offset, long Length)> served = [];
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    WebApplication app = null!;
    string fileName = "log.bin";

    [Fact]
    public async Task The_whole_object_has_canonical_headers_and_is_never_compressed()
    {
        var (head, body) = await AskAsync("GET", "Accept-Encoding: gzip, deflate, br\r\n");
        Assert.Equal(bytes, body);
        Assert.True(head.Length < 1024);
        Assert.Equal(
            [
                "HTTP/1.1 200 OK", "Accept-Ranges: bytes", "Connection: close", "Content-Disposition: attachment; filename=log.bin",
                "Content-Length: 1000000", "Content-Security-Policy: sandbox", "Content-Type: application/octet-stream",
                $"ETag: \"{StoreDirectory.Md5(bytes)}\"", "X-Content-Type-Options: nosniff",
            ],
            [.. Lines(head).Take(1), .. Lines(head).Skip(1).Where(l => !l.StartsWith("Date: ", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
    }

    [Theory]
    [InlineData("bytes=10-19", 10, 10)]
    [InlineData("bytes=999000-1000000", 999_000, 1000)]
    [InlineData("bytes=-7", 999_993, 7)]
    [InlineData("bytes=1-", 1, 999_999)]
    public async Task A_range_is_206_and_its_bytes(string range, int offset, int length)
    {
        var (head, body) = await AskAsync("GET", $"Range: {range}\r\n");
        Assert.Equal(bytes[offset..(offset + length)], body);
        Assert.Contains("HTTP/1.1 206 Partial Content", Lines(head));
        Assert.Contains($"Content-Range: bytes {offset}-{offset + length - 1}/1000000", Lines(head));
        Assert.Contains($"Content-Length: {length}", Lines(head));
    }

    [Theory]
    [InlineData("Range: bytes=0-1,3-4\r\n")]
    [InlineData("Range: bytes=zero-\r\n")]
    [InlineData("Range: bytes=0-1\r\nIf-Range: \"other\"\r\n")]
    public async Task What_is_no_single_valid_range_gets_the_whole(string headers)
    {
        var (head, body) = await AskAsync("GET", headers);
        Assert.Contains("HTTP/1.1 200 OK", Lines(head));
        Assert.Equal(bytes, body);
    }

    [Fact]
    public async Task A_range_of_the_version_the_client_has_is_continued()
    {
        var (head, _) = await AskAsync("GET", $"Range: bytes=5-\r\nIf-Range: \"{StoreDirectory.Md5(bytes)}\"\r\n");
        Assert.Contains("HTTP/1.1 206 Partial Content", Lines(head));
    }

    [Fact]
    public async Task A_range_beyond_the_object_is_refused_before_anything_is_sent()
    {
        var (head, body) = await AskAsync("GET", "Range: bytes=1000000-\r\n");
        Assert.Contains("HTTP/1.1 404 Not Found", Lines(head));
        Assert.Empty(body);
        Assert.Empty(served);
    }

    [Fact]
    public async Task Head_tells_the_size_and_sends_nothing()
    {
        var (head, body) = await AskAsync("HEAD", "Range: bytes=0-1\r\n");
        Assert.Contains("HTTP/1.1 200 OK", Lines(head));
        Assert.Contains("Content-Length: 1000000", Lines(head));
        Assert.Empty(body);
        Assert.Empty(served);
    }

    [Fact]
    public async Task What_was_served_is_told_in_full()
    {
        await AskAsync("GET", "Range: bytes=400000-\r\n");
        await AskAsync("GET", "Range: bytes=0-400000\r\n");
        var set = new RangeSet();
        served.ForEach(s => set.Add(s.Offset, s.Length));
        Assert.True(set.Covers(bytes.Length));
    }

    [Fact]
    public async Task A_client_that_leaves_ends_it_quietly_and_is_not_served_in_full()
    {
        var large = StoreDirectory.Random(32 << 20);
        (await directory.ReceiveAsync(large)).Dispose();
        using (var client = await ConnectAsync())
        {
            await client.SendAsync(Encoding.ASCII.GetBytes($"GET /{StoreDirectory.Sha256(large)}/{large.Length} HTTP/1.1\r\nHost: h\r\n\r\n"));
            Assert.True(await client.ReceiveAsync(new byte[1000]) > 0);
            client.LingerState = new LingerOption(true, 0);
        }
        await ended.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.InRange(served.Sum(s => s.Length), 0, large.Length - 1);
    }

    [Theory]
    [InlineData("\u62a5\u544a.bin", "attachment; filename=__.bin; filename*=UTF-8''%E6%8A%A5%E5%91%8A.bin")]
    [InlineData("a b.bin", "attachment; filename=\"a b.bin\"; filename*=UTF-8''a%20b.bin")]
    public async Task A_name_that_is_no_token_is_encoded(string name, string expected)
    {
        fileName = name;
        Assert.Contains($"Content-Disposition: {expected}", Lines((await AskAsync("HEAD")).Head));
    }

    [Theory]
    [InlineData("a\"b\\c.bin")]
    [InlineData("a\r\nSet-Cookie: x=1")]
    [InlineData("\u0000\u007f;\ud800")]
    [InlineData("")]
    public async Task A_hostile_name_stays_within_its_header(string name)
    {
        fileName = name;
        var (head, _) = await AskAsync("HEAD");
        Assert.StartsWith("HTTP/1.1 200 OK", head, StringComparison.Ordinal);
        Assert.StartsWith("Content-Disposition: attachment; filename", Assert.Single(Lines(head), l => l.Contains("attachment")), StringComparison.Ordinal);
        Assert.DoesNotContain(Lines(head), l => l.StartsWith("Set-Cookie", StringComparison.OrdinalIgnoreCase));
    }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            HttpSockets.Configure(options);
            options.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddHttpSockets();
        app = builder.Build();
        app.Map("/{hash}/{size}", ServeAsync);
        await app.StartAsync();
        (await directory.ReceiveAsync(bytes)).Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        directory.Dispose();
    }

    async Task ServeAsync(HttpContext context)
    {
        Assert.True(Sha256Digest.TryParse((string)context.Request.RouteValues["hash"]!, out var hash));
        var size = long.Parse((string)context.Request.RouteValues["size"]!, CultureInfo.InvariantCulture);
        try
        {
            var content = new ObjectContent(hash, StoreDirectory.Md5(bytes), size, fileName);
            await new ObjectSender(directory.Store).SendAsync(context, content, (offset, length) => served.Add((offset, length)));
            ended.TrySetResult();
        }
        catch (RefusedException)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        catch (Exception e)
        {
            ended.TrySetException(e);
        }
    }

    async Task<(string Head, byte[] Body)> AskAsync(string method, string headers = "")
    {
        using var client = await ConnectAsync();
        var path = $"/{StoreDirectory.Sha256(bytes)}/{bytes.Length}";
        await client.SendAsync(Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{headers}\r\n"));
        using var answer = new MemoryStream();
        await new NetworkStream(client).CopyToAsync(answer);
        var all = answer.ToArray();
        var end = all.AsSpan().IndexOf("\r\n\r\n"u8);
        return (Encoding.Latin1.GetString(all, 0, end), all[(end + 4)..]);
    }

    async Task<Socket> ConnectAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, new Uri(app.Urls.Single()).Port);
        return client;
    }

    static string[] Lines(string head) => head.Split("\r\n");
}
