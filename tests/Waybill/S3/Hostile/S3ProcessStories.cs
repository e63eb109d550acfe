using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Waybill.Tests.S3.Hostile;

/// <summary>What only a process of its own can show: its memory and its log.</summary>
public sealed class S3ProcessStories
{
    const int Megabyte = 1 << 20;

    [Fact]
    public async Task Memory_stays_bounded_whatever_is_sent()
    {
        await using var server = await S3Process.StartAsync();
        var put = new HandSigned("PUT", "/bucket/k") { Payload = "UNSIGNED-PAYLOAD" };
        // everything has run once
        Assert.Contains(" 200 ", await PourAsync(server, put.Head(server.Endpoint, $"Content-Length: {32 * Megabyte}", "Connection: close"), 32), StringComparison.Ordinal);
        (await server.SendAsync(new("GET", "/bucket/k"))).Is(HttpStatusCode.OK);
        var before = server.MostMemory;

        var upload = (await server.SendAsync(new("POST", "/bucket/k?uploads"))).Value("UploadId");
        foreach (var (request, length, said) in new (HandSigned, string, string)[]
        {
            (put, $"Content-Length: {150 * Megabyte}", " 200 "),
            (put with { Payload = new string('0', 64) }, $"Content-Length: {100 * Megabyte}", "XAmzContentSHA256Mismatch"),
            // no end of a chunk's line, of a document, of a form
            (HandChunks.Request("/bucket/k", new byte[100]), $"Content-Length: {100 * Megabyte}", "InvalidRequest"),
            (new("POST", "/bucket?delete") { Payload = "UNSIGNED-PAYLOAD" }, $"Content-Length: {100 * Megabyte}", "MalformedXML"),
            (new("POST", $"/bucket/k?uploadId={upload}") { Payload = "UNSIGNED-PAYLOAD" }, $"Content-Length: {100 * Megabyte}", "MalformedXML"),
            (new("PUT", "/bucket?cors") { Payload = "UNSIGNED-PAYLOAD", Headers = [("x-amz-decoded-content-length", "1")] }, "Transfer-Encoding: chunked", " 400 "),
            (new("POST", "/") { Payload = "UNSIGNED-PAYLOAD", Headers = [("content-type", "application/x-www-form-urlencoded")] }, $"Content-Length: {100 * Megabyte}", "ValidationError"),
        })
        {
            var answer = await PourAsync(server, request.Head(server.Endpoint, length, "Connection: close"), 150);
            // who is answered before he has said everything may not hear it
            Assert.True(answer.Length == 0 || answer.Contains(said, StringComparison.Ordinal), $"{request.Method} {request.Target}: {answer}");
        }

        Assert.InRange(server.MostMemory - before, 0, 96 * Megabyte);
        (await server.SendAsync(new("PUT", "/bucket/after") { Body = [1] })).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_owners_key_pair_is_made_once_and_only_its_place_is_told()
    {
        var directory = Directory.CreateTempSubdirectory("waybill-s3-").FullName;
        for (var start = 0; start < 2; start++)
        {
            await using var server = ServerProcess.Start(directory, "serve", "--Waybill:Http:Port=0", "--Waybill:Http:TryPort80=false", "--Waybill:S3:Port=0", "--Waybill:Mqtt:Port=0");
            await server.ApiAsync();
            var file = Path.Join(directory, "data", "s3-key");
            Assert.Contains($"owner is in {file}\n", server.Output, StringComparison.Ordinal);
            var pair = (await File.ReadAllTextAsync(file, House.Soon)).Trim().Split(' ');
            Assert.All(pair, secret => Assert.DoesNotContain(secret, server.Output, StringComparison.Ordinal));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            using var http = new HttpClient();
            using var request = new HandSigned("PUT", "/bucket") { AccessKey = pair[0], Secret = pair[1] }.For(S3Process.EndpointOf(server));
            Assert.Equal(start == 0 ? HttpStatusCode.OK : HttpStatusCode.Conflict, (await http.SendAsync(request, House.Soon)).StatusCode);
            Assert.Equal(0, await server.StopAsync());
        }
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task No_log_line_tells_a_secret()
    {
        await using var server = await S3Process.StartAsync("--Logging:LogLevel:Default=Debug", "--Logging:LogLevel:Microsoft=Debug", "--Logging:LogLevel:System=Debug");
        var put = new HandSigned("PUT", "/bucket/k") { Body = "content of the body"u8.ToArray() };
        var role = await AssumeAsync(server);
        var assumed = put with { AccessKey = role.Value("AccessKeyId"), Secret = role.Value("SecretAccessKey"), Token = role.Value("SessionToken") };
        var chunked = HandChunks.Request("/bucket/k", "content of the body"u8.ToArray());
        HandSigned[] requests = [put, assumed, put with { Secret = "another-secret-0123456789" }, assumed with { Token = assumed.Token + "x" }, assumed with { Target = "/bucket/else" }, put with { Payload = HandSigned.Hash("x"u8) }, chunked];
        foreach (var request in requests)
            await server.SendAsync(request);
        using var http = new HttpClient();
        var url = (assumed with { Method = "GET" }).Presigned(server.Endpoint, 60);
        await http.GetStringOfAnyAsync(url);
        await http.GetStringOfAnyAsync(url + "x");

        Assert.Equal(0, await server.StopAsync());
        Assert.Contains("Z debug ", server.Output, StringComparison.Ordinal);
        Assert.Contains("was refused", server.Output, StringComparison.Ordinal);
        string[] secrets =
        [
            S3House.Secret, assumed.Secret, assumed.Token!, Uri.EscapeDataString(assumed.Token!), "another-secret-0123456789", "content of the body", "Signature=",
            .. requests.Select(r => r.Signature(server.Endpoint)), url.Split("X-Amz-Signature=")[1],
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, server.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("error ", server.Output, StringComparison.Ordinal);
    }

    static Task<S3Reply> AssumeAsync(S3Process server) => server.SendAsync(new("POST", "/")
    {
        Body = Encoding.ASCII.GetBytes("Action=AssumeRole&Version=2011-06-15&RoleSessionName=job-1"),
        Headers = [("content-type", "application/x-www-form-urlencoded")],
    });

    /// <summary>Sends so many megabytes behind a head, or until it is answered.</summary>
    static async Task<string> PourAsync(S3Process server, string head, int megabytes)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", server.Endpoint.Port, House.Soon);
        var block = Encoding.ASCII.GetBytes(new string(' ', Megabyte));
        var answer = new byte[16_384];
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(head), House.Soon);
            for (var sent = 0; sent < megabytes && !socket.Poll(0, SelectMode.SelectRead); sent++)
                await socket.SendAsync(block, House.Soon);
            return Encoding.Latin1.GetString(answer, 0, await socket.ReceiveAsync(answer, House.Soon));
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
