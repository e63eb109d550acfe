using System.Net;
using System.Text;
using Xunit;

namespace Waybill.Tests.S3;

public sealed class S3BucketTests
{
    const string Rules =
        """
        <CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule><AllowedOrigin>https://*.example.com</AllowedOrigin>
        <AllowedMethod>GET</AllowedMethod><AllowedHeader>x-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds></CORSRule></CORSConfiguration>
        """;

    [Fact]
    public async Task Buckets_are_made_listed_and_removed_when_empty()
    {
        await using var s3 = await S3Host.StartAsync();
        (await s3.PutAsync("/bbb", [])).Is(HttpStatusCode.OK);
        (await s3.PutAsync("/aaa", Encoding.UTF8.GetBytes("<CreateBucketConfiguration><LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>"))).Is(HttpStatusCode.OK);
        (await s3.PutAsync("/aaa", [])).Is(HttpStatusCode.Conflict, "BucketAlreadyOwnedByYou");
        Assert.Equal(["aaa", "bbb"], (await s3.GetAsync("/")).Values("Name"));
        Assert.Equal("us-east-1", (await s3.SendAsync("HEAD", "/aaa")).Is(HttpStatusCode.OK)["x-amz-bucket-region"]);
        Assert.Equal("", (await s3.GetAsync("/aaa?location")).Is(HttpStatusCode.OK).Xml.Value);
        await s3.PutAsync("/aaa/k", [1]);
        (await s3.SendAsync("DELETE", "/aaa")).Is(HttpStatusCode.Conflict, "BucketNotEmpty");
        await s3.SendAsync("DELETE", "/aaa/k");
        (await s3.SendAsync("DELETE", "/aaa")).Is(HttpStatusCode.NoContent);
        (await s3.SendAsync("HEAD", "/aaa")).Is(HttpStatusCode.NotFound);
        (await s3.GetAsync("/aaa")).Is(HttpStatusCode.NotFound, "NoSuchBucket");
        (await s3.PutAsync("/aaa/k", [1])).Is(HttpStatusCode.NotFound, "NoSuchBucket");
    }

    [Fact]
    public async Task A_bucket_may_be_named_by_the_host()
    {
        await using var s3 = await S3Host.StartAsync();
        (await s3.PutAsync("/", [], ("Host", "box.localhost"))).Is(HttpStatusCode.OK);
        (await s3.PutAsync("/k/1", [1], ("Host", "box.localhost:9000"))).Is(HttpStatusCode.OK);
        Assert.Equal("k/1", (await s3.GetAsync("/box")).Value("Key"));
    }

    [Fact]
    public async Task Browsers_are_told_what_the_rules_allow()
    {
        await using var s3 = await S3Host.StartAsync();
        await s3.PutAsync("/box", []);
        (await s3.GetAsync("/box?cors")).Is(HttpStatusCode.NotFound, "NoSuchCORSConfiguration");
        (await s3.PutAsync("/box?cors", Encoding.UTF8.GetBytes(Rules))).Is(HttpStatusCode.OK);
        Assert.Equal("https://*.example.com", (await s3.GetAsync("/box?cors")).Value("AllowedOrigin"));
        var allowed = (await s3.SendAsync("OPTIONS", "/box/k", null,
            ("Origin", "https://a.example.com"), ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "X-Test"))).Is(HttpStatusCode.OK);
        Assert.Equal(("https://a.example.com", "GET", "60", "x-test"), (allowed["Access-Control-Allow-Origin"], allowed["Access-Control-Allow-Methods"],
            allowed["Access-Control-Max-Age"], allowed["Access-Control-Allow-Headers"]));
        (await s3.SendAsync("OPTIONS", "/box/k", null, ("Origin", "https://a.example.com"), ("Access-Control-Request-Method", "PUT"))).Is(HttpStatusCode.Forbidden, "AccessForbidden");
        (await s3.SendAsync("OPTIONS", "/box/k", null, ("Origin", "https://evil.com"), ("Access-Control-Request-Method", "GET"))).Is(HttpStatusCode.Forbidden, "AccessForbidden");
        await s3.PutAsync("/box/k", [1]);
        Assert.Equal("ETag", (await s3.GetAsync("/box/k", ("Origin", "https://a.example.com")))["Access-Control-Expose-Headers"]);
        Assert.DoesNotContain("Access-Control-Allow-Origin", (await s3.GetAsync("/box/k", ("Origin", "https://evil.com"))).Headers.Keys);
        (await s3.SendAsync("DELETE", "/box?cors")).Is(HttpStatusCode.NoContent);
        (await s3.GetAsync("/box?cors")).Is(HttpStatusCode.NotFound, "NoSuchCORSConfiguration");
    }

    [Theory]
    [InlineData("<CORSConfiguration/>", "MalformedXML")]
    [InlineData("<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PATCH</AllowedMethod></CORSRule></CORSConfiguration>", "InvalidRequest")]
    [InlineData("<CORSConfiguration><CORSRule><AllowedOrigin>**</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>", "InvalidRequest")]
    public async Task Rules_that_say_nothing_right_are_refused(string body, string code)
    {
        await using var s3 = await S3Host.StartAsync();
        await s3.PutAsync("/box", []);
        (await s3.PutAsync("/box?cors", Encoding.UTF8.GetBytes(body))).Is(HttpStatusCode.BadRequest, code);
    }
}
