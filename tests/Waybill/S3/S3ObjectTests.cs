using System.Net;
using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace Waybill.Tests.S3;

public sealed class S3ObjectTests
{
    static readonly byte[] s_bytes = Encoding.UTF8.GetBytes("0123456789");

    [Fact]
    public async Task What_was_put_is_got_with_all_that_was_said_of_it()
    {
        await using var s3 = await StartAsync();
        var put = (await s3.PutAsync("/box/a/b.txt", s_bytes, ("Content-Type", "text/plain"), ("Cache-Control", "no-store"), ("x-amz-meta-Color", "red"))).Is(HttpStatusCode.OK);
        Assert.Equal("\"781e5e245d69b566979b86e28d23f2c7\"", put["ETag"]);
        var got = (await s3.GetAsync("/box/a/b.txt")).Is(HttpStatusCode.OK);
        Assert.Equal("0123456789", got.Text);
        Assert.Equal(("text/plain", "no-store", "red", put["ETag"]), (got["Content-Type"], got["Cache-Control"], got["x-amz-meta-color"], got["ETag"]));
        var head = (await s3.SendAsync("HEAD", "/box/a/b.txt")).Is(HttpStatusCode.OK);
        Assert.Equal(("10", "text/plain", ""), (head["Content-Length"], head["Content-Type"], head.Text));
        Assert.Equal("application/json", (await s3.GetAsync("/box/a/b.txt?response-content-type=application%2Fjson"))["Content-Type"]);
    }

    [Theory]
    [InlineData("a b+c", "/box/a%20b+c")]
    [InlineData("航线/日志 (1).txt", "/box/%E8%88%AA%E7%BA%BF/%E6%97%A5%E5%BF%97%20(1).txt")]
    [InlineData("a//b/../c/./d", "/box/a//b/../c/./d")]
    [InlineData("%2F;?&=#", "/box/%252F%3B%3F%26%3D%23")]
    [InlineData("trailing/", "/box/trailing/")]
    public async Task A_key_is_what_was_sent_and_nothing_resolves_it(string key, string target)
    {
        await using var s3 = await StartAsync();
        (await s3.PutAsync(target, s_bytes)).Is(HttpStatusCode.OK);
        (await s3.GetAsync(target)).Is(HttpStatusCode.OK);
        Assert.Equal(key, (await s3.GetAsync("/box")).Value("Key"));
        (await s3.SendAsync("DELETE", target)).Is(HttpStatusCode.NoContent);
        (await s3.GetAsync(target)).Is(HttpStatusCode.NotFound, "NoSuchKey");
    }

    [Theory]
    [InlineData("/box/a%FFb", "InvalidURI")]
    [InlineData("/box/a%2", "InvalidURI")]
    [InlineData("/box/a/../../b", "InvalidURI")]
    [InlineData("/Box_/a", "InvalidBucketName")]
    [InlineData("/10.0.0.1/a", "InvalidBucketName")]
    public async Task A_name_that_is_none_is_refused(string target, string code)
    {
        await using var s3 = await StartAsync();
        (await s3.PutAsync(target, s_bytes)).Is(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task A_key_holds_no_nul()
    {
        await using var s3 = await StartAsync();
        (await s3.PutAsync("/box/a%00b", s_bytes)).Is(HttpStatusCode.BadRequest);
        (await s3.PutAsync("/box/k", [], ("x-amz-copy-source", "/box/a%00b"))).Is(HttpStatusCode.BadRequest, "InvalidURI");
    }

    [Fact]
    public async Task A_key_has_at_most_1024_bytes()
    {
        await using var s3 = await StartAsync();
        (await s3.PutAsync("/box/" + new string('k', 1024), s_bytes)).Is(HttpStatusCode.OK);
        (await s3.PutAsync("/box/" + new string('k', 1025), s_bytes)).Is(HttpStatusCode.BadRequest, "KeyTooLongError");
    }

    [Theory]
    [InlineData("bytes=0-3", HttpStatusCode.PartialContent, "0123")]
    [InlineData("bytes=-3", HttpStatusCode.PartialContent, "789")]
    [InlineData("bytes=8-99999999999999999999999", HttpStatusCode.PartialContent, "89")]
    [InlineData("bytes=5-2", HttpStatusCode.OK, "0123456789")]
    [InlineData("bytes=0-1,4-5", HttpStatusCode.OK, "0123456789")]
    public async Task A_range_is_cut_out(string range, HttpStatusCode status, string expected)
    {
        await using var s3 = await StartAsync();
        await s3.PutAsync("/box/k", s_bytes);
        Assert.Equal(expected, (await s3.GetAsync("/box/k", ("Range", range))).Is(status).Text);
    }

    [Theory]
    [InlineData("bytes=10-")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=99999999999999999999-")]
    public async Task A_range_beyond_the_object_is_refused(string range)
    {
        await using var s3 = await StartAsync();
        await s3.PutAsync("/box/k", s_bytes);
        (await s3.GetAsync("/box/k", ("Range", range))).Is(HttpStatusCode.RequestedRangeNotSatisfiable, "InvalidRange");
    }

    [Fact]
    public async Task Conditions_are_kept()
    {
        await using var s3 = await StartAsync();
        var put = await s3.PutAsync("/box/k", s_bytes);
        var (etag, past, future) = (put["ETag"], DateTimeOffset.UtcNow.AddHours(-1).ToString("R"), DateTimeOffset.UtcNow.AddHours(1).ToString("R"));
        (await s3.GetAsync("/box/k", ("If-None-Match", etag))).Is(HttpStatusCode.NotModified);
        (await s3.GetAsync("/box/k", ("If-Modified-Since", future))).Is(HttpStatusCode.NotModified);
        (await s3.GetAsync("/box/k", ("If-Match", "\"other\""))).Is(HttpStatusCode.PreconditionFailed, "PreconditionFailed");
        (await s3.GetAsync("/box/k", ("If-Unmodified-Since", past))).Is(HttpStatusCode.PreconditionFailed, "PreconditionFailed");
        (await s3.GetAsync("/box/k", ("If-Match", etag), ("If-Unmodified-Since", past))).Is(HttpStatusCode.OK);
        (await s3.PutAsync("/box/k", s_bytes, ("If-None-Match", "*"))).Is(HttpStatusCode.PreconditionFailed, "PreconditionFailed");
        (await s3.PutAsync("/box/k", [1], ("If-Match", etag))).Is(HttpStatusCode.OK);
        (await s3.PutAsync("/box/none", [1], ("If-Match", etag))).Is(HttpStatusCode.NotFound, "NoSuchKey");
    }

    [Theory]
    [InlineData("x-amz-checksum-crc32", "poTD6Q==")]
    [InlineData("x-amz-checksum-crc32c", "KAw9bQ==")]
    [InlineData("x-amz-checksum-sha1", "h6zOxnvmdcJwW4m1n8wWX5dS6xY=")]
    [InlineData("x-amz-checksum-sha256", "hNiYd/DUBB77a/kaFqAkjy/VjCc=")]
    public async Task A_wrong_or_broken_checksum_stores_nothing(string header, string wrong)
    {
        await using var s3 = await StartAsync();
        var refused = await s3.PutAsync("/box/k", s_bytes, (header, wrong));
        refused.Is(HttpStatusCode.BadRequest);
        Assert.Contains(refused.Value("Code"), (string[])["BadDigest", "InvalidRequest"]);
        (await s3.GetAsync("/box/k")).Is(HttpStatusCode.NotFound, "NoSuchKey");
        Assert.Empty(s3.Store.All());
    }

    [Fact]
    public async Task A_right_checksum_is_kept_and_given()
    {
        await using var s3 = await StartAsync();
        (string Header, string Value)[] sums =
        [
            // CRC of "123456789" as the catalogues of checksums give them
            ("x-amz-checksum-crc32", Convert.ToBase64String([0xCB, 0xF4, 0x39, 0x26])),
            ("x-amz-checksum-crc32c", Convert.ToBase64String([0xE3, 0x06, 0x92, 0x83])),
            ("x-amz-checksum-sha1", Convert.ToBase64String(SHA1.HashData("123456789"u8))),
            ("x-amz-checksum-sha256", Convert.ToBase64String(SHA256.HashData("123456789"u8))),
        ];
        foreach (var (header, value) in sums)
        {
            Assert.Equal(value, (await s3.PutAsync("/box/k", "123456789"u8.ToArray(), (header, value))).Is(HttpStatusCode.OK)[header]);
            Assert.Equal(value, (await s3.GetAsync("/box/k", ("x-amz-checksum-mode", "ENABLED")))[header]);
            Assert.DoesNotContain(header, (await s3.GetAsync("/box/k", ("x-amz-checksum-mode", "ENABLED"), ("Range", "bytes=0-1"))).Headers.Keys);
        }
    }

    [Fact]
    public async Task A_body_that_is_not_what_was_said_stores_nothing()
    {
        await using var s3 = await StartAsync();
        (await s3.PutAsync("/box/k", s_bytes, ("Content-MD5", Convert.ToBase64String(MD5.HashData([1]))))).Is(HttpStatusCode.BadRequest, "BadDigest");
        (await s3.PutAsync("/box/k", s_bytes, ("Content-MD5", "nonsense"))).Is(HttpStatusCode.BadRequest, "InvalidDigest");
        (await s3.PutAsync("/box/k", s_bytes, ("x-amz-content-sha256", new string('a', 64)))).Is(HttpStatusCode.BadRequest, "XAmzContentSHA256Mismatch");
        Assert.Empty(s3.Store.All());
    }

    [Fact]
    public async Task Content_that_no_key_names_any_more_is_marked_and_what_one_still_names_is_not()
    {
        await using var s3 = await StartAsync();
        await s3.PutAsync("/box/a", [1]);
        await s3.PutAsync("/box/b", [1]);
        await s3.PutAsync("/box/a", [2]);
        Assert.Equal(0, await s3.UnusedAsync());
        await s3.SendAsync("DELETE", "/box/b");
        Assert.Equal(1, await s3.UnusedAsync());
        await s3.PutAsync("/box/c", [1]);
        Assert.Equal(0, await s3.UnusedAsync());
    }

    [Fact]
    public async Task Concurrent_puts_of_one_key_leave_one_and_mark_the_others()
    {
        await using var s3 = await StartAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => s3.PutAsync("/box/k", [(byte)n])));
        Assert.All(replies, r => r.Is(HttpStatusCode.OK));
        Assert.Equal(15, await s3.UnusedAsync());
        Assert.Single((await s3.GetAsync("/box")).Values("Key"));
    }

    [Fact]
    public async Task A_copy_names_the_same_bytes_with_old_or_new_metadata()
    {
        await using var s3 = await StartAsync();
        await s3.PutAsync("/box/a%20b", s_bytes, ("x-amz-meta-n", "1"), ("Content-Type", "text/plain"));
        var copied = (await s3.PutAsync("/box/copy", [], ("x-amz-copy-source", "/box/a%20b"))).Is(HttpStatusCode.OK);
        Assert.Equal("\"781e5e245d69b566979b86e28d23f2c7\"", copied.Value("ETag"));
        Assert.Equal(("1", "text/plain"), ((await s3.GetAsync("/box/copy"))["x-amz-meta-n"], (await s3.GetAsync("/box/copy"))["Content-Type"]));
        (await s3.PutAsync("/box/copy", [], ("x-amz-copy-source", "box/copy"), ("x-amz-metadata-directive", "REPLACE"), ("x-amz-meta-n", "2"))).Is(HttpStatusCode.OK);
        Assert.Equal("2", (await s3.GetAsync("/box/copy"))["x-amz-meta-n"]);
        Assert.Single(s3.Store.All());
        (await s3.PutAsync("/box/copy", [], ("x-amz-copy-source", "box/copy"))).Is(HttpStatusCode.BadRequest, "InvalidRequest");
        (await s3.PutAsync("/box/copy", [], ("x-amz-copy-source", "box/none"))).Is(HttpStatusCode.NotFound, "NoSuchKey");
        (await s3.PutAsync("/box/copy", [], ("x-amz-copy-source", "nonsense"))).Is(HttpStatusCode.BadRequest, "InvalidArgument");
        (await s3.PutAsync("/box/copy", [], ("x-amz-copy-source", "box/closed/k"))).Is(HttpStatusCode.Forbidden, "AccessDenied");
        (await s3.PutAsync("/box/x", [], ("x-amz-copy-source", "box/copy"), ("x-amz-copy-source-if-none-match", "\"781e5e245d69b566979b86e28d23f2c7\"")))
            .Is(HttpStatusCode.PreconditionFailed, "PreconditionFailed");
    }

    [Fact]
    public async Task Many_are_deleted_at_once_and_each_is_told()
    {
        await using var s3 = await StartAsync();
        await s3.PutAsync("/box/a+b", [1]);
        await s3.PutAsync("/box/c", [2]);
        var body = "<Delete><Object><Key>a+b</Key></Object><Object><Key>none</Key></Object><Object><Key>closed/x</Key></Object></Delete>";
        var deleted = (await s3.SendAsync("POST", "/box?delete", Encoding.UTF8.GetBytes(body))).Is(HttpStatusCode.OK);
        Assert.Equal(["a+b", "none", "closed/x"], deleted.Values("Key"));
        Assert.Equal("AccessDenied", deleted.Value("Code"));
        Assert.Equal("c", (await s3.GetAsync("/box")).Value("Key"));
    }

    [Theory]
    [InlineData("<Delete><Object><Key>a</Key></Object>")]
    [InlineData("<Delete/>")]
    [InlineData("<Other/>")]
    [InlineData("")]
    [InlineData("<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><Delete><Object><Key>&b;</Key></Object></Delete>")]
    [InlineData("<Delete><a><a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></a></a></Delete>")]
    public async Task Xml_that_is_wrong_or_a_bomb_is_refused(string body)
    {
        await using var s3 = await StartAsync();
        (await s3.SendAsync("POST", "/box?delete", Encoding.UTF8.GetBytes(body))).Is(HttpStatusCode.BadRequest, "MalformedXML");
    }

    [Theory]
    [InlineData("GET", "/box?versioning")]
    [InlineData("GET", "/box/k?acl")]
    [InlineData("PUT", "/box?lifecycle")]
    [InlineData("GET", "/box/k?versionId=1")]
    [InlineData("POST", "/box/k")]
    public async Task What_is_not_offered_says_so(string method, string target)
    {
        await using var s3 = await StartAsync();
        (await s3.SendAsync(method, target)).Is(HttpStatusCode.NotImplemented, "NotImplemented");
    }

    [Theory]
    [InlineData("x-amz-acl", "public-read", HttpStatusCode.BadRequest, "AccessControlListNotSupported")]
    [InlineData("x-amz-grant-read", "id=1", HttpStatusCode.BadRequest, "AccessControlListNotSupported")]
    [InlineData("x-amz-storage-class", "GLACIER", HttpStatusCode.BadRequest, "InvalidStorageClass")]
    [InlineData("x-amz-tagging", "a=b", HttpStatusCode.NotImplemented, "NotImplemented")]
    [InlineData("x-amz-server-side-encryption", "AES256", HttpStatusCode.NotImplemented, "NotImplemented")]
    public async Task A_header_that_would_not_be_obeyed_is_refused(string name, string value, HttpStatusCode status, string code)
    {
        await using var s3 = await StartAsync();
        (await s3.PutAsync("/box/k", s_bytes, (name, value))).Is(status, code);
        Assert.Empty(s3.Store.All());
    }

    static async Task<S3Host> StartAsync()
    {
        var s3 = await S3Host.StartAsync();
        (await s3.PutAsync("/box", [])).Is(HttpStatusCode.OK);
        return s3;
    }
}
