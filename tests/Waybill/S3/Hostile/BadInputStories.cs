using System.Net;
using System.Text;
using Xunit;

namespace Waybill.Tests.S3.Hostile;

/// <summary>Keys, numbers, ranges and headers that are none. Each gets AWS's word for it and nothing is stored.</summary>
public sealed class BadInputStories
{
    static readonly (string Key, string Code)[] s_badKeys =
    [
        ("../k", "InvalidURI"),
        ("a/../../k", "InvalidURI"),
        ("%2E%2E/k", "InvalidURI"),
        ("a%2F..%2F..%2Fk", "InvalidURI"),
        ("..", "InvalidURI"),
        (new('k', 1025), "KeyTooLongError"),
        (string.Concat(Enumerable.Repeat("%E9%95%BF", 341)) + "kk", "KeyTooLongError"),
        ("a%FFb", "InvalidURI"),
        ("a%ED%A0%80b", "InvalidURI"),
        ("a%C0%AFb", "InvalidURI"),
    ];

    static readonly (string Range, HttpStatusCode Status)[] s_badRanges =
    [
        ("bytes=-0", HttpStatusCode.RequestedRangeNotSatisfiable),
        ("bytes=10-", HttpStatusCode.RequestedRangeNotSatisfiable),
        ("bytes=9223372036854775807-", HttpStatusCode.RequestedRangeNotSatisfiable),
        ("bytes=99999999999999999999999999-99999999999999999999999999999", HttpStatusCode.RequestedRangeNotSatisfiable),
        ("bytes=0-9223372036854775807", HttpStatusCode.PartialContent),
        ("bytes=-99999999999999999999999999", HttpStatusCode.PartialContent),
        ("bytes=5-2", HttpStatusCode.OK),
        ("bytes=-5-2", HttpStatusCode.OK),
        ("bytes=--5", HttpStatusCode.OK),
        ("bytes=0x1-0x2", HttpStatusCode.OK),
        ("chunks=1-2", HttpStatusCode.OK),
    ];

    [Fact]
    public async Task Keys_that_are_none()
    {
        await using var house = await S3House.StartAsync();
        foreach (var (key, code) in s_badKeys)
        {
            (await house.SendAsync(new("PUT", $"/bucket/{key}") { Body = [1] })).Is(HttpStatusCode.BadRequest, code);
            (await house.SendAsync(new("POST", $"/bucket/{key}?uploads"))).Is(HttpStatusCode.BadRequest, code);
            (await house.SendAsync(new("GET", $"/bucket/{key}"))).Is(HttpStatusCode.BadRequest, code);
            (await house.SendAsync(new("PUT", "/bucket/k") { Headers = [("x-amz-copy-source", $"/bucket/{key}")] })).Is(HttpStatusCode.BadRequest, code);
        }
        await house.NothingIsStoredAsync();
    }

    [Fact]
    public async Task Keys_with_a_nul()
    {
        await using var house = await S3House.StartAsync();
        // the web server itself takes no path with one
        (await house.SendAsync(new("PUT", "/bucket/a%00b") { Body = [1] })).Is(HttpStatusCode.BadRequest);
        (await house.SendAsync(new("PUT", "/bucket/k") { Headers = [("x-amz-copy-source", "/bucket/a%00b")] })).Is(HttpStatusCode.BadRequest, "InvalidURI");
        (await house.SendAsync(new("GET", "/bucket?prefix=%00"))).Is(HttpStatusCode.BadRequest, "InvalidArgument");
        (await house.SendAsync(new("GET", "/bucket?list-type=2&continuation-token=00"))).Is(HttpStatusCode.BadRequest, "InvalidArgument");
        var nul = "<Delete><Object><Key>a&#0;b</Key></Object></Delete>"u8.ToArray();
        (await house.SendAsync(new("POST", "/bucket?delete") { Body = nul })).Is(HttpStatusCode.BadRequest, "MalformedXML");
        await house.NothingIsStoredAsync();
    }

    [Fact]
    public async Task Ranges_that_are_none_or_too_far()
    {
        await using var house = await S3House.StartAsync();
        (await house.SendAsync(new("PUT", "/bucket/k") { Body = "0123456789"u8.ToArray() })).Is(HttpStatusCode.OK);
        foreach (var (range, status) in s_badRanges)
        {
            var got = (await house.SendAsync(new("GET", "/bucket/k") { Headers = [("range", range)] })).Is(status);
            if (status == HttpStatusCode.RequestedRangeNotSatisfiable)
                got.Is(status, "InvalidRange");
            else
                Assert.Equal("0123456789", got.Text);
        }
    }

    [Fact]
    public async Task Ranges_of_a_source_that_are_none()
    {
        await using var house = await S3House.StartAsync();
        (await house.SendAsync(new("PUT", "/bucket/source") { Body = new byte[6_000_000] })).Is(HttpStatusCode.OK);
        var upload = (await house.SendAsync(new("POST", "/bucket/k?uploads"))).Value("UploadId");
        foreach (var range in (string[])["bytes=5000000-7000000", "bytes=-5", "bytes=5-2", "bytes=0-9223372036854775807", "bytes=0-9999999999999999999", "bytes=0-"])
        {
            var copy = new HandSigned("PUT", $"/bucket/k?partNumber=1&uploadId={upload}") { Headers = [("x-amz-copy-source", "/bucket/source"), ("x-amz-copy-source-range", range)] };
            (await house.SendAsync(copy)).Is(HttpStatusCode.BadRequest, "InvalidArgument");
        }
        Assert.Empty((await house.SendAsync(new("GET", $"/bucket/k?uploadId={upload}"))).Values("Part"));
    }

    [Fact]
    public async Task Parts_that_are_too_many_repeated_or_in_no_order()
    {
        await using var house = await S3House.StartAsync();
        var upload = $"/bucket/k?uploadId={(await house.SendAsync(new("POST", "/bucket/k?uploads"))).Value("UploadId")}";
        foreach (var number in (string[])["0", "-1", "10001", "2147483648", "99999999999999999999", "x", ""])
            (await house.SendAsync(new("PUT", $"/bucket/k?partNumber={number}&{upload.Split('?')[1]}") { Body = [1] })).Is(HttpStatusCode.BadRequest, "InvalidArgument");
        await house.NothingIsStoredAsync();

        var etag = (await house.SendAsync(new("PUT", $"/bucket/k?partNumber=1&{upload.Split('?')[1]}") { Body = [1] })).Is(HttpStatusCode.OK)["ETag"].Trim('"');
        (await CompleteAsync(house, upload, Enumerable.Range(1, 10_001).Select(n => (n, etag)))).Is(HttpStatusCode.BadRequest, "MalformedXML");
        (await CompleteAsync(house, upload, Enumerable.Range(1, 10_000).Select(n => (n, etag)))).Is(HttpStatusCode.BadRequest, "InvalidPart");
        (await CompleteAsync(house, upload, [(1, etag), (1, etag)])).Is(HttpStatusCode.BadRequest, "InvalidPartOrder");
        (await CompleteAsync(house, upload, [(2, etag), (1, etag)])).Is(HttpStatusCode.BadRequest, "InvalidPartOrder");
        (await CompleteAsync(house, upload, [(1, new string('0', 32))])).Is(HttpStatusCode.BadRequest, "InvalidPart");
        (await CompleteAsync(house, upload, [(-1, etag)])).Is(HttpStatusCode.BadRequest, "MalformedXML");
        (await house.SendAsync(new("GET", "/bucket/k"))).Is(HttpStatusCode.NotFound, "NoSuchKey");
        (await CompleteAsync(house, upload, [(1, etag)])).Is(HttpStatusCode.OK);
        (await CompleteAsync(house, upload, [(1, etag)])).Is(HttpStatusCode.NotFound, "NoSuchUpload");
    }

    [Fact]
    public async Task Xml_that_is_a_bomb_or_none()
    {
        string[] bombs =
        [
            "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]><ROOT>&b;</ROOT>",
            "<!DOCTYPE d SYSTEM \"file:///etc/passwd\"><ROOT/>",
            "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><ROOT>&x;</ROOT>",
            "<ROOT><a><a><a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></a></a></a></ROOT>",
            "<ROOT a='1' b='1' c='1' d='1' e='1' f='1' g='1' h='1' i='1' j='1'/>",
            "<ROOT",
            "\uFFFE<ROOT/>",
            "{}",
        ];
        await using var house = await S3House.StartAsync();
        var upload = (await house.SendAsync(new("POST", "/bucket/k?uploads"))).Value("UploadId");
        foreach (var (method, target, root) in ((string, string, string)[])
            [("POST", "/bucket?delete", "Delete"), ("PUT", "/another", "CreateBucketConfiguration"), ("PUT", "/bucket?cors", "CORSConfiguration"), ("POST", $"/bucket/k?uploadId={upload}", "CompleteMultipartUpload")])
        {
            foreach (var bomb in bombs)
                (await house.SendAsync(new(method, target) { Body = Encoding.UTF8.GetBytes(bomb.Replace("ROOT", root, StringComparison.Ordinal)) })).Is(HttpStatusCode.BadRequest, "MalformedXML");
        }
        (await house.SendAsync(new("GET", "/another"))).Is(HttpStatusCode.NotFound, "NoSuchBucket");
        await house.NothingIsStoredAsync();
    }

    [Fact]
    public async Task Headers_that_are_huge()
    {
        await using var house = await S3House.StartAsync();
        var put = new HandSigned("PUT", "/bucket/k") { Body = [1] };
        (await house.SendAsync(put with { Headers = [("x-amz-meta-a", new string('a', 2048))] })).Is(HttpStatusCode.BadRequest, "MetadataTooLarge");
        (await house.SendAsync(put with { Headers = [("cache-control", new string('a', 5000))] })).Is(HttpStatusCode.BadRequest, "InvalidArgument");
        (await house.SendAsync(put with { Headers = [("x-amz-meta-a", new string('a', 20_000))] })).Is(HttpStatusCode.BadRequest, "RequestHeaderSectionTooLarge");
        (await house.SendAsync(put with { Headers = [.. Enumerable.Range(0, 90).Select(n => ($"x-amz-meta-{n}", new string('a', 30)))] })).Is(HttpStatusCode.BadRequest, "MetadataTooLarge");
        // beyond this the web server does not listen
        (await house.SendAsync(put with { Headers = [("x-amz-meta-a", new string('a', 40_000))] })).Is(HttpStatusCode.RequestHeaderFieldsTooLarge);
        (await house.SendAsync(put with { Target = "/bucket/" + new string('k', 20_000) })).Is(HttpStatusCode.RequestUriTooLong);
        await house.NothingIsStoredAsync();
    }

    [Fact]
    public async Task Lengths_that_are_missing_wrong_or_too_great()
    {
        await using var house = await S3House.StartAsync();
        var put = new HandSigned("PUT", "/bucket/k") { Body = "hello"u8.ToArray() };
        await AnswersAsync(house, put, "MissingContentLength", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"u8.ToArray());
        await AnswersAsync(house, put, "EntityTooLarge", "Content-Length: 9000000000", put.Body);
        var streamed = put with { Payload = "STREAMING-UNSIGNED-PAYLOAD-TRAILER" };
        await AnswersAsync(house, streamed, "MissingContentLength", "Content-Length: 10", "5\r\nhello\r\n"u8.ToArray());
        await AnswersAsync(house, streamed with { Headers = [("x-amz-decoded-content-length", "-5")] }, "MissingContentLength", "Content-Length: 10", "5\r\nhello\r\n"u8.ToArray());
        await AnswersAsync(house, streamed with { Headers = [("x-amz-decoded-content-length", "9000000000")] }, "EntityTooLarge", "Content-Length: 10", "5\r\nhello\r\n"u8.ToArray());
        await AnswersAsync(house, streamed with { Headers = [("x-amz-decoded-content-length", "5"), ("x-amz-trailer", "x-amz-meta-a")] }, "InvalidRequest", "Content-Length: 15", "5\r\nhello\r\n0\r\n\r\n"u8.ToArray());
        await AnswersAsync(house, streamed with { Headers = [("x-amz-decoded-content-length", "4")] }, "IncompleteBody", "Content-Length: 15", "5\r\nhello\r\n0\r\n\r\n"u8.ToArray());
        await house.NothingIsStoredAsync();
    }

    static async Task AnswersAsync(S3House house, HandSigned request, string code, string length, byte[] body) => Assert.Contains(
        $"<Code>{code}</Code>", await house.SayAsync(Encoding.ASCII.GetBytes(request.Head(house.Endpoint, length, "Connection: close")), body), StringComparison.Ordinal);

    static Task<S3Reply> CompleteAsync(S3House house, string upload, IEnumerable<(int Number, string ETag)> parts)
    {
        var list = string.Concat(parts.Select(p => $"<Part><PartNumber>{p.Number}</PartNumber><ETag>{p.ETag}</ETag></Part>"));
        return house.SendAsync(new("POST", upload) { Body = Encoding.UTF8.GetBytes($"<CompleteMultipartUpload>{list}</CompleteMultipartUpload>") });
    }
}
