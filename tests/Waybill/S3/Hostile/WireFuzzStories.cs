using System.Net;
using System.Text;
using FsCheck.Fluent;
using Xunit;

namespace Waybill.Tests.S3.Hostile;

/// <summary>Requests that are almost right, over the wire. The server goes on, nothing fails inside it and nothing is stored.</summary>
public sealed class WireFuzzStories
{
    [Fact]
    public async Task Broken_requests_are_refused_and_leave_nothing()
    {
        await using var house = await S3House.StartAsync();
        var put = HandChunks.Request("/bucket/a%20b", "hello"u8.ToArray());
        var body = Encoding.Latin1.GetString([.. HandChunks.Frames(put, house.Endpoint, "hello"u8.ToArray()).SelectMany(f => f)]);
        var url = new Uri(new HandSigned("PUT", "/bucket/k").Presigned(house.Endpoint, 60)).PathAndQuery;
        string[] seeds =
        [
            put.Head(house.Endpoint, $"Content-Length: {body.Length}", "Connection: close"),
            $"PUT {url} HTTP/1.1\r\nHost: {house.Endpoint.Authority}\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
            new HandSigned("POST", "/bucket?delete") { Body = "<Delete><Object><Key>a</Key></Object></Delete>"u8.ToArray() }.Head(house.Endpoint, "Content-Length: 46", "Connection: close"),
        ];
        var changed = Gen.Elements(seeds).SelectMany(Mutations.Of).Sample(400);

        foreach (var some in changed.Chunk(8))
        {
            var answers = await Task.WhenAll(some.Select(text => house.MumbleAsync(Encoding.Latin1.GetBytes(text))));
            Assert.All(answers.Zip(some), pair => Assert.False(pair.First.Contains("InternalError", StringComparison.Ordinal), $"{pair.Second}\n{pair.First}"));
        }
        // an edit may have said nothing new, and then it was a put like any other
        foreach (var key in (await house.SendAsync(new("GET", "/bucket"))).Values("Key"))
            Assert.Contains(key, (string[])["a b", "k"]);
        (await house.SendAsync(put with { Payload = null, Headers = [], Body = [1] })).Is(HttpStatusCode.OK);
    }
}
