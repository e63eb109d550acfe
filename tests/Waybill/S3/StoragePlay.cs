using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Waybill.Objects.Credentials;

namespace Waybill.Tests.S3;

/// <summary>Calls of AWS's SDK at the whole server, in a bucket named <c>box</c>. Each says how it was refused; null when it was not.</summary>
static class StoragePlay
{
    public const string Bucket = "box";

    public static AWSCredentials Owner(this House house) =>
        new BasicAWSCredentials(house.Get<OwnerKeyPair>().AccessKey, house.Get<OwnerKeyPair>().Secret);

    public static AmazonS3Client S3(this House house, AWSCredentials by) => S3(house.Server.S3.OriginalString, by);

    public static AmazonS3Client S3(string url, AWSCredentials by, string region = "us-east-1") => new(by, new AmazonS3Config
    {
        ServiceURL = url,
        ForcePathStyle = true,
        AuthenticationRegion = region,
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        MaxErrorRetry = 0,
    });

    public static async Task BucketAsync(this House house)
    {
        using var s3 = house.S3(house.Owner());
        await s3.PutBucketAsync(Bucket, House.Soon);
    }

    public static Task<string?> PutAsync(this House house, AWSCredentials by, string key) =>
        house.TryAsync(by, s3 => s3.PutObjectAsync(new() { BucketName = Bucket, Key = key, ContentBody = "hello" }, House.Soon));

    public static Task<string?> GetAsync(this House house, AWSCredentials by, string key) => house.TryAsync(by, s3 => s3.GetObjectAsync(Bucket, key, House.Soon));

    public static Task<string?> DeleteAsync(this House house, AWSCredentials by, string key) => house.TryAsync(by, s3 => s3.DeleteObjectAsync(Bucket, key, House.Soon));

    public static Task<string?> ListAsync(this House house, AWSCredentials by, string prefix) =>
        house.TryAsync(by, s3 => s3.ListObjectsV2Async(new() { BucketName = Bucket, Prefix = prefix }, House.Soon));

    /// <summary>In two steps, as devices send what is long.</summary>
    public static Task<string?> PutPartsAsync(this House house, AWSCredentials by, string key) => house.TryAsync(by, async s3 =>
    {
        var begun = await s3.InitiateMultipartUploadAsync(Bucket, key, House.Soon);
        var part = new UploadPartRequest { BucketName = Bucket, Key = key, UploadId = begun.UploadId, PartNumber = 1, InputStream = new MemoryStream(new byte[1000]) };
        var sent = await s3.UploadPartAsync(part, House.Soon);
        return await s3.CompleteMultipartUploadAsync(
            new() { BucketName = Bucket, Key = key, UploadId = begun.UploadId, PartETags = [new(1, sent.ETag)] }, House.Soon);
    });

    public static async Task<SessionAWSCredentials> AssumeAsync(this House house, AWSCredentials by, string session, string? policy = null)
    {
        using var sts = new AmazonSecurityTokenServiceClient(
            by, new AmazonSecurityTokenServiceConfig { ServiceURL = house.Server.S3.OriginalString, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 });
        var ask = new AssumeRoleRequest { RoleArn = "arn:aws:iam:::role/any", RoleSessionName = session, DurationSeconds = 900, Policy = policy };
        var given = (await sts.AssumeRoleAsync(ask, House.Soon)).Credentials;
        return new(given.AccessKeyId, given.SecretAccessKey, given.SessionToken);
    }

    /// <summary>A key of the S3 endpoint with these rights.</summary>
    public static async Task<(string AccessKey, AWSCredentials Credentials)> StorageKeyAsync(this House house, string rights)
    {
        var made = (await house.SendAsync("POST", "/api/v1/storage/keys", $$"""{"name":"tool","rights":[{{rights}}]}""")).Is(HttpStatusCode.Created);
        return (made["accessKey"]!, new BasicAWSCredentials(made["accessKey"], made["secretKey"]));
    }

    public static SessionAWSCredentials Credentials(this Reply made) => new(made["accessKey"], made["secretKey"], made["sessionToken"]);

    public static async Task<string?> TryAsync<T>(AmazonS3Client s3, Func<AmazonS3Client, Task<T>> call)
    {
        try
        {
            using (s3)
                await call(s3);
            return null;
        }
        catch (AmazonS3Exception e)
        {
            return e.ErrorCode;
        }
    }

    static Task<string?> TryAsync<T>(this House house, AWSCredentials by, Func<AmazonS3Client, Task<T>> call) => TryAsync(house.S3(by), call);
}
