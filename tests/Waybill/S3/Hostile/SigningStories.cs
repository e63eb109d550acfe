using System.Net;
using System.Text;
using Xunit;

namespace Waybill.Tests.S3.Hostile;

/// <summary>Signatures that cover something else than what was sent. Each gets AWS's word for it and nothing is stored.</summary>
public sealed class SigningStories
{
    static readonly HandSigned s_put = new("PUT", "/bucket/k") { Body = "hello"u8.ToArray() };

    [Fact]
    public async Task Headers_that_nobody_signed()
    {
        await using var house = await S3House.StartAsync();
        (await house.SendAsync(s_put with { Forgotten = ["host"] })).Is(HttpStatusCode.Forbidden, "AccessDenied");
        (await house.SendAsync(s_put with { Unsigned = [("x-amz-meta-owner", "me")] })).Is(HttpStatusCode.Forbidden, "AccessDenied");
        (await house.SendAsync(s_put with { Unsigned = [("x-amz-copy-source", "/bucket/other")] })).Is(HttpStatusCode.Forbidden, "AccessDenied");
        (await house.SendAsync(s_put with { Forgotten = ["x-amz-content-sha256"] })).Is(HttpStatusCode.Forbidden, "AccessDenied");
        await house.NothingIsStoredAsync();
    }

    [Fact]
    public async Task Headers_that_were_changed_on_the_way()
    {
        await using var house = await S3House.StartAsync();
        var signed = s_put with { Headers = [("content-type", "text/plain"), ("x-amz-meta-a", "1")] };
        foreach (var (from, to) in ((string, string)[])
            [("text/plain", "text/html"), ("x-amz-meta-a: 1", "x-amz-meta-a: 2"), ("x-amz-meta-a: 1\r\n", ""), ("PUT /bucket/k", "PUT /bucket/l"), ("PUT /bucket/k", "PUT /bucket/k?x"), ("PUT", "POST")])
        {
            var head = signed.Head(house.Endpoint, "Content-Length: 5", "Connection: close").Replace(from, to, StringComparison.Ordinal);
            var answer = await house.SayAsync(Encoding.ASCII.GetBytes(head), s_put.Body);
            Assert.True(answer.Contains("<Code>SignatureDoesNotMatch<", StringComparison.Ordinal) || answer.Contains("<Code>NotImplemented<", StringComparison.Ordinal), $"{from} -> {to}: {answer}");
        }
        await house.NothingIsStoredAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Chunks_whose_signature_breaks(int broken)
    {
        await using var house = await S3House.StartAsync();
        byte[][] chunks = [new byte[100_000], new byte[200_000]];
        var request = HandChunks.Request("/bucket/k", chunks);
        var frames = HandChunks.Frames(request, house.Endpoint, chunks);
        var whole = await SendAsync(house, request, frames);
        Assert.StartsWith("HTTP/1.1 200 ", whole, StringComparison.Ordinal);
        (await house.SendAsync(new("DELETE", "/bucket/k"))).Is(HttpStatusCode.NoContent);

        // one digit of the signature of this chunk
        var digit = Encoding.ASCII.GetString(frames[broken]).IndexOf('=', StringComparison.Ordinal) + 1;
        frames[broken][digit] = (byte)(frames[broken][digit] == '0' ? '1' : '0');
        Assert.Contains("<Code>SignatureDoesNotMatch<", await SendAsync(house, request with { Target = "/bucket/k" }, frames), StringComparison.Ordinal);
        (await house.SendAsync(new("GET", "/bucket/k"))).Is(HttpStatusCode.NotFound, "NoSuchKey");
        Assert.Empty(Directory.EnumerateFiles(Path.Join(house.House.Directory, "incoming")));
    }

    [Fact]
    public async Task Chunks_that_are_left_out_repeated_or_changed()
    {
        await using var house = await S3House.StartAsync();
        byte[][] chunks = [[.. Enumerable.Repeat((byte)1, 70_000)], [.. Enumerable.Repeat((byte)2, 70_000)]];
        var request = HandChunks.Request("/bucket/k", chunks);
        var frames = HandChunks.Frames(request, house.Endpoint, chunks);
        var flipped = frames[1].ToArray();
        flipped[5000] ^= 1;
        foreach (var wrong in (List<byte[]>[])[[frames[1], frames[0], frames[2]], [frames[0], frames[0], frames[2]], [frames[0], frames[2]], [frames[0], flipped, frames[2]], [frames[0], frames[1]]])
        {
            var answer = await SendAsync(house, request, wrong);
            Assert.True(answer.Contains("<Code>SignatureDoesNotMatch<", StringComparison.Ordinal) || answer.Contains("<Code>IncompleteBody<", StringComparison.Ordinal), answer);
        }
        await house.NothingIsStoredAsync();
    }

    static Task<string> SendAsync(S3House house, HandSigned request, List<byte[]> frames) => house.SayAsync(
        [Encoding.ASCII.GetBytes(request.Head(house.Endpoint, $"Content-Length: {frames.Sum(f => f.Length)}", "Connection: close")), .. frames]);
}
