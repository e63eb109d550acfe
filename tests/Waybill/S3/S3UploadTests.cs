using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Waybill.S3.Rows;
using Waybill.Settings;
using Xunit;

namespace Waybill.Tests.S3;

public sealed class S3UploadTests
{
    static readonly byte[] s_first = RandomNumberGenerator.GetBytes(2_000_000);
    static readonly byte[] s_second = RandomNumberGenerator.GetBytes(700_001);
    static readonly byte[] s_last = RandomNumberGenerator.GetBytes(3);

    [Fact]
    public async Task Parts_out_of_order_become_one_object()
    {
        await using var s3 = await StartAsync();
        var upload = await BeginAsync(s3, "big file", ("Content-Type", "video/mp4"), ("x-amz-meta-n", "1"));
        var third = await PartAsync(s3, upload, 9, s_last);
        var second = await PartAsync(s3, upload, 5, s_second);
        await PartAsync(s3, upload, 1, s_last);
        var first = await PartAsync(s3, upload, 1, s_first);
        var done = (await CompleteAsync(s3, upload, (1, first), (5, second), (9, third))).Is(HttpStatusCode.OK);
        byte[] md5s = [.. MD5.HashData(s_first), .. MD5.HashData(s_second), .. MD5.HashData(s_last)];
        Assert.Equal($"\"{Convert.ToHexStringLower(MD5.HashData(md5s))}-3\"", done.Value("ETag"));
        var got = (await s3.GetAsync("/box/big%20file")).Is(HttpStatusCode.OK);
        Assert.Equal((byte[])[.. s_first, .. s_second, .. s_last], got.Body);
        Assert.Equal(("video/mp4", "1", done.Value("ETag")), (got["Content-Type"], got["x-amz-meta-n"], got["ETag"]));
        (await s3.GetAsync(upload)).Is(HttpStatusCode.NotFound, "NoSuchUpload");
        Assert.Equal(3, await s3.UnusedAsync());
    }

    [Fact]
    public async Task An_answer_that_takes_its_time_is_begun_before()
    {
        await using var s3 = await S3Host.StartAsync(new S3Settings { SmallestPart = 1000, LongestSilence = TimeSpan.FromMilliseconds(1) });
        await s3.PutAsync("/box", []);
        var upload = await BeginAsync(s3, "k");
        var first = await PartAsync(s3, upload, 1, s_first);
        var refused = await CompleteAsync(s3, upload, (1, first), (2, first));
        Assert.Equal(("InvalidPart", refused["x-amz-request-id"]), (refused.Value("Code"), refused.Value("RequestId")));
        const string Begun = "<?xml version=\"1.0\" encoding=\"utf-8\"?> ";
        using var response = await s3.WhileUploadsAreHeldAsync(() => BegunAsync(s3, upload, (1, first), Begun));
        using var rest = new StreamReader(await response.Content.ReadAsStreamAsync(House.Soon));
        var done = XElement.Parse(Begun + await rest.ReadToEndAsync(House.Soon));
        Assert.Equal((await s3.GetAsync("/box/k")).Is(HttpStatusCode.OK)["ETag"], done.Elements().Single(e => e.Name.LocalName == "ETag").Value);
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_the_upload_stays()
    {
        await using var s3 = await StartAsync();
        var upload = await BeginAsync(s3, "k");
        var (first, small) = (await PartAsync(s3, upload, 1, s_first), await PartAsync(s3, upload, 2, s_last));
        (await CompleteAsync(s3, upload, (2, small), (1, first))).Is(HttpStatusCode.BadRequest, "InvalidPartOrder");
        (await CompleteAsync(s3, upload, (1, first), (1, first))).Is(HttpStatusCode.BadRequest, "InvalidPartOrder");
        (await CompleteAsync(s3, upload, (1, small))).Is(HttpStatusCode.BadRequest, "InvalidPart");
        (await CompleteAsync(s3, upload, (1, first), (3, small))).Is(HttpStatusCode.BadRequest, "InvalidPart");
        (await CompleteAsync(s3, upload)).Is(HttpStatusCode.BadRequest, "MalformedXML");
        var third = await PartAsync(s3, upload, 3, s_second);
        (await CompleteAsync(s3, upload, (1, first), (2, small), (3, third))).Is(HttpStatusCode.BadRequest, "EntityTooSmall");
        (await s3.PutAsync($"{upload}&partNumber=10001", [1])).Is(HttpStatusCode.BadRequest, "InvalidArgument");
        (await s3.PutAsync($"{upload}&partNumber=0", [1])).Is(HttpStatusCode.BadRequest, "InvalidArgument");
        (await s3.PutAsync("/box/other?uploadId=1&partNumber=1", [1])).Is(HttpStatusCode.NotFound, "NoSuchUpload");
        (await s3.PutAsync("/box/k?uploadId=nonsense&partNumber=1", [1])).Is(HttpStatusCode.NotFound, "NoSuchUpload");
        (await CompleteAsync(s3, upload, (1, first), (3, third))).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Ten_thousand_and_one_parts_are_too_many()
    {
        await using var s3 = await StartAsync();
        var upload = await BeginAsync(s3, "k");
        (await CompleteAsync(s3, upload, [.. Enumerable.Range(1, 10_001).Select(n => (n, "\"0\""))])).Is(HttpStatusCode.BadRequest, "MalformedXML");
    }

    [Fact]
    public async Task An_aborted_upload_is_gone_with_its_parts()
    {
        await using var s3 = await StartAsync();
        var upload = await BeginAsync(s3, "k");
        await PartAsync(s3, upload, 1, s_first);
        (await s3.SendAsync("DELETE", upload)).Is(HttpStatusCode.NoContent);
        (await s3.SendAsync("DELETE", upload)).Is(HttpStatusCode.NotFound, "NoSuchUpload");
        (await s3.PutAsync($"{upload}&partNumber=2", [1])).Is(HttpStatusCode.NotFound, "NoSuchUpload");
        Assert.Equal(1, await s3.UnusedAsync());
    }

    [Fact]
    public async Task An_abandoned_upload_is_given_up()
    {
        await using var s3 = await S3Host.StartAsync(new S3Settings { AbandonedAfter = TimeSpan.FromMilliseconds(-1000) });
        await s3.PutAsync("/box", []);
        var upload = await BeginAsync(s3, "k");
        await PartAsync(s3, upload, 1, s_last);
        await new AbandonedUploads(s3.Get<UploadRows>(), s3.Get<S3Settings>(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<AbandonedUploads>.Instance)
            .SweepAsync(House.Soon);
        (await s3.GetAsync(upload)).Is(HttpStatusCode.NotFound, "NoSuchUpload");
        Assert.Equal(1, await s3.UnusedAsync());
    }

    [Fact]
    public async Task Parts_and_uploads_are_listed_in_pages()
    {
        await using var s3 = await StartAsync();
        var upload = await BeginAsync(s3, "b/k");
        foreach (var number in (int[])[3, 1, 2])
            await PartAsync(s3, upload, number, s_last);
        var page = await s3.GetAsync($"{upload}&max-parts=2");
        Assert.Equal(["1", "2"], page.Values("PartNumber"));
        Assert.Equal(("true", "2"), (page.Value("IsTruncated"), page.Value("NextPartNumberMarker")));
        Assert.Equal(["3"], (await s3.GetAsync($"{upload}&part-number-marker=2")).Values("PartNumber"));

        await BeginAsync(s3, "a");
        await BeginAsync(s3, "b/k");
        await BeginAsync(s3, "c");
        var all = await s3.GetAsync("/box?uploads");
        Assert.Equal(["a", "b/k", "b/k", "c"], all.Values("Key"));
        Assert.Equal(["a", "c"], (await s3.GetAsync("/box?uploads&delimiter=/")).Values("Key"));
        var ids = new List<string>();
        for (var from = ""; ;)
        {
            var one = await s3.GetAsync($"/box?uploads&max-uploads=1{from}");
            ids.AddRange(one.Values("UploadId"));
            if (one.Value("IsTruncated") == "false")
                break;
            from = $"&key-marker={Uri.EscapeDataString(one.Value("NextKeyMarker"))}&upload-id-marker={one.Value("NextUploadIdMarker")}";
        }
        Assert.Equal(all.Values("UploadId"), ids);
    }

    [Fact]
    public async Task A_part_may_be_copied_from_an_object_or_a_piece_of_it()
    {
        await using var s3 = await StartAsync();
        byte[] source = [.. s_first, .. s_first, .. s_first];
        await s3.PutAsync("/box/source", source);
        await s3.PutAsync("/box/small", s_second);
        var upload = await BeginAsync(s3, "k");
        var first = (await s3.PutAsync($"{upload}&partNumber=1", [], ("x-amz-copy-source", "/box/source"), ("x-amz-copy-source-range", "bytes=1-1000000"))).Is(HttpStatusCode.OK);
        var second = (await s3.PutAsync($"{upload}&partNumber=2", [], ("x-amz-copy-source", "/box/small"))).Is(HttpStatusCode.OK);
        (await s3.PutAsync($"{upload}&partNumber=3", [], ("x-amz-copy-source", "/box/source"), ("x-amz-copy-source-range", "bytes=0-6000000"))).Is(HttpStatusCode.BadRequest, "InvalidArgument");
        (await s3.PutAsync($"{upload}&partNumber=3", [], ("x-amz-copy-source", "/box/source"), ("x-amz-copy-source-range", "bytes=-5"))).Is(HttpStatusCode.BadRequest, "InvalidArgument");
        (await CompleteAsync(s3, upload, (1, first.Value("ETag")), (2, second.Value("ETag")))).Is(HttpStatusCode.OK);
        Assert.Equal((byte[])[.. source[1..1_000_001], .. s_second], (await s3.GetAsync("/box/k")).Body);
    }

    [Fact]
    public async Task A_source_that_is_copied_stays_open_for_who_else_reads_it()
    {
        await using var s3 = await StartAsync();
        await s3.PutAsync("/box/source", new byte[6_000_000]);
        using var read = s3.Store.Open(s3.Store.All().Single());
        var upload = await BeginAsync(s3, "k");
        for (var number = 1; number <= 3; number++)
            (await s3.PutAsync($"{upload}&partNumber={number}", [], ("x-amz-copy-source", "/box/source"), ("x-amz-copy-source-range", "bytes=0-999"))).Is(HttpStatusCode.OK);
        Assert.Equal(10, read.Read(new byte[10], 0));
    }

    [Theory]
    [InlineData("COMPOSITE")]
    [InlineData("FULL_OBJECT")]
    public async Task A_checksum_is_that_of_the_parts_or_of_the_whole(string type)
    {
        await using var s3 = await StartAsync();
        var upload = await BeginAsync(s3, "k", ("x-amz-checksum-algorithm", "CRC32C"), ("x-amz-checksum-type", type));
        var digits = Encoding.ASCII.GetBytes("123456789");
        var part = await s3.PutAsync($"{upload}&partNumber=1", digits, ("x-amz-sdk-checksum-algorithm", "CRC32C"));
        Assert.Equal("4waSgw==", part["x-amz-checksum-crc32c"]);
        var done = (await CompleteAsync(s3, upload, (1, part["ETag"]))).Is(HttpStatusCode.OK);
        Assert.Equal(type, done.Value("ChecksumType"));
        var value = done.Value("ChecksumCRC32C");
        if (type == "FULL_OBJECT")
            Assert.Equal("4waSgw==", value);
        else
            Assert.EndsWith("-1", value, StringComparison.Ordinal);
        Assert.Equal(value, (await s3.SendAsync("HEAD", "/box/k", null, ("x-amz-checksum-mode", "ENABLED")))["x-amz-checksum-crc32c"]);
    }

    static async Task<string> BeginAsync(S3Host s3, string key, params (string, string)[] headers)
    {
        var target = "/box/" + Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal);
        var begun = (await s3.SendAsync("POST", target + "?uploads", null, headers)).Is(HttpStatusCode.OK);
        return $"{target}?uploadId={begun.Value("UploadId")}";
    }

    static async Task<string> PartAsync(S3Host s3, string upload, int number, byte[] bytes) =>
        (await s3.PutAsync(string.Create(CultureInfo.InvariantCulture, $"{upload}&partNumber={number}"), bytes)).Is(HttpStatusCode.OK)["ETag"];

    static async Task<S3Reply> CompleteAsync(S3Host s3, string upload, params (int Number, string ETag)[] parts)
    {
        using var body = Completing(parts);
        return await s3.SendAsync("POST", upload, await body.ReadAsByteArrayAsync(House.Soon));
    }

    static ByteArrayContent Completing(params (int Number, string ETag)[] parts)
    {
        var list = string.Concat(parts.Select(p => $"<Part><PartNumber>{p.Number}</PartNumber><ETag>{p.ETag.Replace("\"", "&quot;", StringComparison.Ordinal)}</ETag></Part>"));
        return new(Encoding.UTF8.GetBytes($"<CompleteMultipartUpload>{list}</CompleteMultipartUpload>"));
    }

    /// <summary>The answer to a completion, read as far as the text.</summary>
    static async Task<HttpResponseMessage> BegunAsync(S3Host s3, string upload, (int Number, string ETag) part, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, s3.Http.BaseAddress!.OriginalString.TrimEnd('/') + upload) { Content = Completing(part) };
        var response = await s3.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, House.Soon);
        var begun = new byte[text.Length];
        await (await response.Content.ReadAsStreamAsync(House.Soon)).ReadExactlyAsync(begun, House.Soon);
        Assert.Equal(text, Encoding.UTF8.GetString(begun));
        return response;
    }

    static async Task<S3Host> StartAsync()
    {
        var s3 = await S3Host.StartAsync();
        (await s3.PutAsync("/box", [])).Is(HttpStatusCode.OK);
        return s3;
    }
}
