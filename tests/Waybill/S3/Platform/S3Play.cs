using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Waybill.Data;
using Waybill.Objects;
using Waybill.Objects.Credentials;
using Waybill.Quotas;
using Xunit;

namespace Waybill.Tests.S3.Platform;

/// <summary>The whole server, spoken to with AWS's SDK: by the owner, and by devices with their temporary credentials.</summary>
static class S3Play
{
    public const string Product = "ABCDE12345";

    static CancellationToken Ct => House.Soon;

    public static Task<House> HouseAsync(params ReadOnlySpan<(string Key, string? Value)> settings) =>
        House.StartAsync([("S3:AccessKey", "OWNERKEY"), ("S3:SecretKey", "owner-secret-0123456789"), .. settings]);

    public static AmazonS3Client Owner(this House house) => house.Client(new BasicAWSCredentials("OWNERKEY", "owner-secret-0123456789"));

    /// <summary>The device is registered already, or is none.</summary>
    public static AmazonS3Client DeviceClient(this House house, string device = "dev001")
    {
        var made = house.Get<Waybill.Objects.Credentials.SessionCredentials>().Mint(GrantedRights.Everything, TimeSpan.FromHours(1), $"{Product}/{device}", job: null);
        return house.Client(new SessionAWSCredentials(made.AccessKey, made.Secret, made.SessionToken));
    }

    /// <summary>A bucket made over the API.</summary>
    public static async Task BucketAsync(this House house, string name = "box", string quota = "{}") =>
        (await house.SendAsync("PUT", $"/api/v1/buckets/{name}", quota)).Is(HttpStatusCode.Created, HttpStatusCode.OK);

    public static Task<PutObjectResponse> PutAsync(this AmazonS3Client s3, string key, byte[] bytes, string bucket = "box") =>
        s3.PutObjectAsync(new() { BucketName = bucket, Key = key, InputStream = new MemoryStream(bytes) }, Ct);

    /// <summary>Parts of the sizes, the last of any.</summary>
    public static async Task<CompleteMultipartUploadRequest> PartsAsync(this AmazonS3Client s3, string key, params byte[][] parts)
    {
        var begun = await s3.InitiateMultipartUploadAsync(new() { BucketName = "box", Key = key }, Ct);
        var tags = new List<PartETag>();
        for (var i = 0; i < parts.Length; i++)
        {
            var part = await s3.UploadPartAsync(new() { BucketName = "box", Key = key, UploadId = begun.UploadId, PartNumber = i + 1, InputStream = new MemoryStream(parts[i]) }, Ct);
            tags.Add(new(i + 1, part.ETag));
        }
        return new() { BucketName = "box", Key = key, UploadId = begun.UploadId, PartETags = tags };
    }

    /// <summary>The refusal of a call.</summary>
    public static async Task<AmazonS3Exception> RefusedAsync<T>(Task<T> call) => await Assert.ThrowsAsync<AmazonS3Exception>(() => call);

    /// <summary>What the bucket's counters say, and that it is so.</summary>
    public static async Task<(string? Objects, string? Bytes)> CountedAsync(this House house, string bucket = "box")
    {
        var answer = (await house.SendAsync("GET", $"/api/v1/buckets/{bucket}")).Is(HttpStatusCode.OK);
        var truth = (await house.Get<Database>().FirstAsync<BucketUsage>(
            """
            select count(*) as objects, cast(coalesce(sum(size), 0) as bigint) as bytes
            from s3_objects where bucket_id = (select id from s3_buckets where name = @bucket)
            """,
            new { bucket },
            Ct))!;
        Assert.Equal((truth.Objects.ToString(), truth.Bytes.ToString()), (answer["objects"]!, answer["bytes"]!));
        return (answer["objects"], answer["bytes"]);
    }

    /// <summary>Nothing is on the disk, and nothing is recorded.</summary>
    public static async Task NothingStoredAsync(this House house)
    {
        Assert.Equal(0, await house.Get<Database>().FirstAsync<long>("select count(*) from objects", null, Ct));
        Assert.Empty(house.Get<DiskStore>().All());
    }

    static AmazonS3Client Client(this House house, AWSCredentials credentials) => new(
        credentials,
        new AmazonS3Config { ServiceURL = house.Server.S3.OriginalString, ForcePathStyle = true, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 });
}
