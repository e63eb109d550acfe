using System.Net;
using Amazon.Runtime;
using Waybill.Tests.Protocols;
using Waybill.Tests.S3;
using Waybill.Tests.Transcripts;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>Docks that are told of other storage, where it is a real Ceph: <c>tests/radosgw.sh</c> starts one, <c>WAYBILL_TEST_RADOSGW</c> is its URL.</summary>
public sealed class DockStorageStories
{
    static readonly string? s_url = Environment.GetEnvironmentVariable("WAYBILL_TEST_RADOSGW");

    [Theory]
    [InlineData("logs")]
    [InlineData("logs-first-generation")]
    public async Task Logs_in_other_storage_are_seen_there_and_can_be_read_here(string name)
    {
        await using var house = await StartAsync();
        await using var dock = await PlayedDock.StartAsync(house);
        (await house.SendAsync("PATCH", $"/api/v1/products/{PlayedDockApi.Product}", """{"dji":{"storage":{"issuer":"ceph"}}}""")).Is(HttpStatusCode.OK);
        foreach (var step in Transcript.Of("DjiCloud").Single(t => t.Name == name).Steps)
            await dock.PlayAsync(step);
        var log = (await house.SendAsync("GET", "/api/v1/logs?limit=1")).Is(HttpStatusCode.OK).Json.GetProperty("items")[0];
        foreach (var archive in log.GetProperty("archives").EnumerateArray())
        {
            var content = (await house.Api.GetAsync(new Uri($"/api/v1/logs/{log.GetProperty("id")}/archives/{archive.GetProperty("module")}/content", UriKind.Relative), House.Soon)).EnsureSuccessStatusCode();
            Assert.Equal(archive.GetProperty("size").GetInt64(), (await content.Content.ReadAsByteArrayAsync(House.Soon)).Length);
        }
    }

    [Fact]
    public async Task Storage_that_gives_no_credentials_shows_in_the_request_and_is_asked_again()
    {
        await using var house = await StartAsync(("S3:Issuers:ceph:SecretKey", "not-the-secret-of-it"), ("Logs:Again", "00:00:00.500"));
        await using var dock = await PlayedDock.StartAsync(house);
        (await house.SendAsync("PATCH", $"/api/v1/products/{PlayedDockApi.Product}", """{"dji":{"storage":{"issuer":"ceph"}}}""")).Is(HttpStatusCode.OK);
        var steps = Transcript.Of("DjiCloud").Single(t => t.Name == "logs-aircraft-off").Steps;
        foreach (var step in steps.TakeWhile(s => !s.Text.Contains("fileupload_start", StringComparison.Ordinal)))
            await dock.PlayAsync(step);
        var reason = await ReasonAsync(house);
        Assert.Contains("Waybill:S3:Issuers:ceph:SecretKey", reason, StringComparison.Ordinal);
        // other storage, and the dock is told
        (await house.SendAsync("PATCH", $"/api/v1/products/{PlayedDockApi.Product}", """{"dji":{"storage":{"issuer":""}}}""")).Is(HttpStatusCode.OK);
        foreach (var step in steps.SkipWhile(s => !s.Text.Contains("fileupload_start", StringComparison.Ordinal)))
            await dock.PlayAsync(step);
    }

    static async Task<string> ReasonAsync(House house)
    {
        string? reason = null;
        await Eventually.IsAsync("a reason", async () => (reason = (await house.SendAsync("GET", "/api/v1/logs?limit=1")).Is(HttpStatusCode.OK)["items.0.reason"]) is not null);
        return reason!;
    }

    static async Task<House> StartAsync(params (string Key, string? Value)[] settings)
    {
        Assert.SkipUnless(s_url is { Length: > 0 }, "No RadosGW: tests/radosgw.sh start DIR, and its URL as WAYBILL_TEST_RADOSGW.");
        using (var s3 = StoragePlay.S3(s_url!, new BasicAWSCredentials("TESTERACCESSKEY", "testersecretkey")))
            await s3.PutBucketAsync("docks", House.Soon);
        return await House.StartAsync(
        [
            ("S3:Issuers:ceph:Provider", "minio"), ("S3:Issuers:ceph:Endpoint", s_url), ("S3:Issuers:ceph:Bucket", "docks"), ("S3:Issuers:ceph:Longest", "01:00:00"),
            ("S3:Issuers:ceph:RoleArn", "arn:aws:iam:::role/device"), ("S3:Issuers:ceph:AccessKey", "TESTERACCESSKEY"), ("S3:Issuers:ceph:SecretKey", "testersecretkey"),
            .. settings,
        ]);
    }
}
