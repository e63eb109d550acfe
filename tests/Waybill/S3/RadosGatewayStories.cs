using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Waybill.Tests.Api;
using Xunit;

namespace Waybill.Tests.S3;

/// <summary>Credentials of other S3 storage, where it is a real Ceph: <c>tests/radosgw.sh</c> starts one, <c>WAYBILL_TEST_RADOSGW</c> is its URL.</summary>
public sealed class RadosGatewayStories
{
    const string Credentials = $"/api/v1/products/{Keyring.Product}/devices/dev001/storage-credentials";
    const string Denied = "AccessDenied";

    static readonly string? s_url = Environment.GetEnvironmentVariable("WAYBILL_TEST_RADOSGW");

    [Fact]
    public async Task Credentials_for_uploads_put_below_the_prefix_and_do_nothing_else()
    {
        await using var house = await StartAsync();
        var made = (await house.SendAsync("POST", Credentials, """{"issuer":"ceph","prefix":"logs/dock1/","actions":["upload"],"job":"log-1"}""")).Is(HttpStatusCode.OK);
        var device = made.Credentials();

        Assert.Equal((s_url, "minio", "us-east-1", "docks"), (made["endpoint"], made["provider"], made["region"], made["bucket"]));
        Assert.InRange(made.Json.GetProperty("expiresAt").GetDateTime() - DateTime.UtcNow, TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(61));
        Assert.Null(await PutAsync(device, "logs/dock1/a"));
        Assert.Null(await PutPartsAsync(device, "logs/dock1/b"));
        foreach (var outside in (string[])["a", "logs/dock10/a", "logs/dock2/a"])
            Assert.Equal(Denied, await PutAsync(device, outside));
        Assert.Equal(Denied, await CallAsync(device, s3 => s3.DeleteObjectAsync("docks", "logs/dock1/a", House.Soon)));
        Assert.Equal(Denied, await CallAsync(device, s3 => s3.GetObjectAsync("docks", "logs/dock1/a", House.Soon)));
        Assert.Equal(Denied, await ListAsync(device, "logs/dock1/"));
        Assert.Equal(Denied, await CallAsync(device, s3 => s3.PutBucketAsync("another", House.Soon)));
        var token = made["sessionToken"]!;
        var tampered = new SessionAWSCredentials(made["accessKey"], made["secretKey"], token[..20] + (token[20] == 'A' ? 'B' : 'A') + token[21..]);
        Assert.NotNull(await PutAsync(tampered, "logs/dock1/a"));
    }

    [Fact]
    public async Task Credentials_for_reading_read_and_list_below_the_prefix()
    {
        await using var house = await StartAsync();
        Assert.Null(await PutAsync(Owner, "media/a"));
        var made = (await house.SendAsync("POST", Credentials, """{"issuer":"ceph","prefix":"media/","actions":["read","list"]}""")).Is(HttpStatusCode.OK);
        var reader = made.Credentials();

        Assert.Null(await CallAsync(reader, s3 => s3.GetObjectAsync("docks", "media/a", House.Soon)));
        Assert.Null(await ListAsync(reader, "media/"));
        Assert.Equal(Denied, await ListAsync(reader, "logs/"));
        Assert.Equal(Denied, await ListAsync(reader, ""));
        Assert.Equal(Denied, await PutAsync(reader, "media/a"));
    }

    [Theory]
    [InlineData("AccessKey", "UNKNOWNACCESSKEY", "Waybill:S3:Issuers:ceph:AccessKey")]
    [InlineData("SecretKey", "not-the-secret-of-it", "Waybill:S3:Issuers:ceph:SecretKey")]
    [InlineData("RoleArn", "arn:aws:iam:::role/none", "Waybill:S3:Issuers:ceph:RoleArn")]
    public async Task What_it_refuses_comes_with_the_remedy(string key, string value, string remedy)
    {
        await using var house = await StartAsync(($"S3:Issuers:ceph:{key}", value));
        var refused = await house.SendAsync("POST", Credentials, """{"issuer":"ceph","prefix":"logs/","actions":["upload"]}""");
        refused.IsProblem(HttpStatusCode.BadGateway, "issuer_refused");
        Assert.Contains(remedy, refused["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain("testersecretkey", refused.Text, StringComparison.Ordinal);
    }

    static AWSCredentials Owner => new BasicAWSCredentials("TESTERACCESSKEY", "testersecretkey");

    static async Task<House> StartAsync(params (string Key, string? Value)[] settings)
    {
        Assert.SkipUnless(s_url is { Length: > 0 }, "No RadosGW: tests/radosgw.sh start DIR, and its URL as WAYBILL_TEST_RADOSGW.");
        using (var s3 = StoragePlay.S3(s_url!, Owner))
            await s3.PutBucketAsync("docks", House.Soon);
        var house = await House.StartAsync(
        [
            ("S3:Issuers:ceph:Provider", "minio"), ("S3:Issuers:ceph:Endpoint", s_url), ("S3:Issuers:ceph:Bucket", "docks"),
            ("S3:Issuers:ceph:RoleArn", "arn:aws:iam:::role/device"), ("S3:Issuers:ceph:AccessKey", "TESTERACCESSKEY"), ("S3:Issuers:ceph:SecretKey", "testersecretkey"),
            .. settings,
        ]);
        await house.DeviceAsync();
        return house;
    }

    /// <summary>Without a body: that of a PUT which it refuses this server takes for the connection's next request.</summary>
    static Task<string?> PutAsync(AWSCredentials by, string key) =>
        CallAsync(by, s3 => s3.PutObjectAsync(new() { BucketName = "docks", Key = key, InputStream = new MemoryStream(), UseChunkEncoding = false }, House.Soon));

    static Task<string?> ListAsync(AWSCredentials by, string prefix) =>
        CallAsync(by, s3 => s3.ListObjectsV2Async(new() { BucketName = "docks", Prefix = prefix }, House.Soon));

    static Task<string?> PutPartsAsync(AWSCredentials by, string key) => CallAsync(by, async s3 =>
    {
        var begun = await s3.InitiateMultipartUploadAsync("docks", key, House.Soon);
        var sent = await s3.UploadPartAsync(
            new UploadPartRequest { BucketName = "docks", Key = key, UploadId = begun.UploadId, PartNumber = 1, InputStream = new MemoryStream(new byte[1000]) }, House.Soon);
        return await s3.CompleteMultipartUploadAsync(
            new() { BucketName = "docks", Key = key, UploadId = begun.UploadId, PartETags = [new(1, sent.ETag)] }, House.Soon);
    });

    static Task<string?> CallAsync<T>(AWSCredentials by, Func<AmazonS3Client, Task<T>> call) => StoragePlay.TryAsync(StoragePlay.S3(s_url!, by), call);
}
