using System.Net;
using System.Text;
using Microsoft.Extensions.Hosting;
using Waybill.Data;
using Waybill.S3.Rows;
using Xunit;

namespace Waybill.Tests.S3;

/// <summary>The endpoint as one part of the server among others.</summary>
public sealed class WholeServerStories
{
    [Fact]
    public async Task Its_port_serves_nothing_else_and_no_other_port_serves_it()
    {
        await using var house = await S3House.StartAsync();
        foreach (var path in (string[])["/healthz", "/api/v1/products", "/o/abc", "/openapi/v1.json"])
        {
            var answer = await house.FetchAsync(house.Endpoint.OriginalString.TrimEnd('/') + path);
            Assert.Contains(answer.Value("Code"), (string[])["AccessDenied", "InvalidBucketName"]);
        }
        using var elsewhere = new HandSigned("GET", "/bucket").For(house.House.Server.Api);
        Assert.Equal(HttpStatusCode.NotFound, (await house.House.Devices.SendAsync(elsewhere, Tests.House.Soon)).StatusCode);
    }

    [Fact]
    public async Task What_is_stored_outlives_a_restart()
    {
        await using var house = await S3House.StartAsync();
        (await house.SendAsync(new("PUT", "/bucket/k") { Body = "kept"u8.ToArray() })).Is(HttpStatusCode.OK);
        var upload = (await house.SendAsync(new("POST", "/bucket/parts?uploads"))).Value("UploadId");
        var role = await house.AssumeAsync("""{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}""");
        var part = (await house.SendAsync(new("PUT", $"/bucket/parts?partNumber=1&uploadId={upload}") { Body = "part"u8.ToArray() })).Is(HttpStatusCode.OK)["ETag"];

        await house.RestartAsync();
        Assert.Equal("kept", (await house.SendAsync(new("GET", "/bucket/k"))).Is(HttpStatusCode.OK).Text);
        var body = Encoding.UTF8.GetBytes($"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{part}</ETag></Part></CompleteMultipartUpload>");
        (await house.SendAsync(new("POST", $"/bucket/parts?uploadId={upload}") { Body = body, AccessKey = role.AccessKeyId, Secret = role.SecretAccessKey, Token = role.SessionToken }))
            .Is(HttpStatusCode.OK);
        Assert.Equal("part", (await house.SendAsync(new("GET", "/bucket/parts"))).Text);
    }

    [Fact]
    public async Task An_upload_that_nobody_ended_is_given_up_in_time()
    {
        await using var house = await S3House.StartAsync(("S3:AbandonedAfter", "1.00:00:00"));
        var (old, young) = ((await house.SendAsync(new("POST", "/bucket/k?uploads"))).Value("UploadId"), (await house.SendAsync(new("POST", "/bucket/k?uploads"))).Value("UploadId"));
        foreach (var upload in (string[])[old, young])
            (await house.SendAsync(new("PUT", $"/bucket/k?partNumber=1&uploadId={upload}") { Body = Encoding.ASCII.GetBytes(upload) })).Is(HttpStatusCode.OK);
        var (id, begun) = (Convert.ToInt64(old, 16), DateTimeOffset.UtcNow.AddHours(-25).ToUnixTimeMilliseconds());
        await house.Database.WriteAsync(db => db.RunAsync("update s3_uploads set created_at = @begun where id = @id", new { id, begun }), Tests.House.Soon);

        await house.House.Get<IEnumerable<IHostedService>>().OfType<AbandonedUploads>().Single().SweepAsync(Tests.House.Soon);
        Assert.Equal([young], (await house.SendAsync(new("GET", "/bucket?uploads"))).Values("UploadId"));
        (await house.SendAsync(new("GET", $"/bucket/k?uploadId={old}"))).Is(HttpStatusCode.NotFound, "NoSuchUpload");
        Assert.Equal(1, await house.Database.FirstAsync<long>("select count(*) from objects where unused_at is not null", null, Tests.House.Soon));
    }

    [Fact]
    public async Task A_browser_is_told_what_the_rules_of_the_bucket_allow()
    {
        await using var house = await S3House.StartAsync();
        var rules = "<CORSConfiguration><CORSRule><AllowedOrigin>https://app.example.com</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedHeader>content-type</AllowedHeader><ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>"u8.ToArray();
        (await house.SendAsync(new("PUT", "/bucket?cors") { Body = rules })).Is(HttpStatusCode.OK);
        var url = new HandSigned("PUT", "/bucket/k").Presigned(house.Endpoint, 60);

        using var preflight = new HttpRequestMessage(HttpMethod.Options, url);
        preflight.Headers.Add("Origin", "https://app.example.com");
        preflight.Headers.Add("Access-Control-Request-Method", "PUT");
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type");
        using var allowed = await house.Http.SendAsync(preflight, Tests.House.Soon);
        Assert.Equal((HttpStatusCode.OK, "https://app.example.com"), (allowed.StatusCode, allowed.Headers.GetValues("Access-Control-Allow-Origin").Single()));
        using var put = new HttpRequestMessage(HttpMethod.Put, url) { Content = new ByteArrayContent([1]) };
        put.Headers.Add("Origin", "https://app.example.com");
        using var stored = await house.Http.SendAsync(put, Tests.House.Soon);
        Assert.Equal((HttpStatusCode.OK, "ETag"), (stored.StatusCode, stored.Headers.GetValues("Access-Control-Expose-Headers").Single()));
        using var other = new HttpRequestMessage(HttpMethod.Options, url);
        other.Headers.Add("Origin", "https://evil.example.com");
        other.Headers.Add("Access-Control-Request-Method", "PUT");
        (await S3Reply.OfAsync(await house.Http.SendAsync(other, Tests.House.Soon))).Is(HttpStatusCode.Forbidden, "AccessForbidden");
    }
}
