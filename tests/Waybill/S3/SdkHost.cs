using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Waybill.Objects.Credentials;
using Xunit;

namespace Waybill.Tests.S3;

/// <summary>The endpoint as it is, a bucket named <c>bucket</c>, and clients of AWS's SDK.</summary>
sealed class SdkHost : IAsyncDisposable
{
    SdkHost(S3Host host, ShiftedClock clock) => (Host, Clock) = (host, clock);

    public S3Host Host { get; }

    public ShiftedClock Clock { get; }

    public OwnerKeyPair OwnerKeys => Host.Get<OwnerKeyPair>();

    public AWSCredentials Owner => new BasicAWSCredentials(OwnerKeys.AccessKey, OwnerKeys.Secret);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<SdkHost> StartAsync()
    {
        var clock = new ShiftedClock();
        var started = new SdkHost(await S3Host.StartAsync(clock: clock, signed: true), clock);
        using var s3 = started.Client(started.Owner);
        await s3.PutBucketAsync("bucket", Ct);
        return started;
    }

    public AmazonS3Client Client(AWSCredentials credentials, RequestChecksumCalculation checksums = RequestChecksumCalculation.WHEN_SUPPORTED) => new(
        credentials,
        new AmazonS3Config
        {
            ServiceURL = Host.Http.BaseAddress!.OriginalString,
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            RequestChecksumCalculation = checksums,
            MaxErrorRetry = 0,
        });

    public async Task<Credentials> AssumeAsync(AWSCredentials credentials, string policy)
    {
        using var sts = new AmazonSecurityTokenServiceClient(
            credentials,
            new AmazonSecurityTokenServiceConfig { ServiceURL = Host.Http.BaseAddress!.OriginalString, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 });
        var answer = await sts.AssumeRoleAsync(
            new() { RoleArn = "arn:aws:iam:::role/device", RoleSessionName = "job-1", DurationSeconds = 900, Policy = policy }, Ct);
        return answer.Credentials;
    }

    public SessionAWSCredentials Mint(string device, string job, TimeSpan? lifetime = null)
    {
        var made = Host.Get<SessionCredentials>().Mint(GrantedRights.Everything, lifetime ?? TimeSpan.FromHours(1), device, job);
        return new(made.AccessKey, made.Secret, made.SessionToken);
    }

    /// <summary>The code with which a PUT is refused; null when it is not.</summary>
    public async Task<string?> RefusalAsync(AWSCredentials credentials, string key = "k")
    {
        using var s3 = Client(credentials);
        try
        {
            await s3.PutObjectAsync(new() { BucketName = "bucket", Key = key, ContentBody = "hello" }, Ct);
            return null;
        }
        catch (AmazonS3Exception e)
        {
            return e.ErrorCode;
        }
    }

    public async Task<byte[]> GetAsync(string key)
    {
        using var s3 = Client(Owner);
        using var got = await s3.GetObjectAsync("bucket", key, Ct);
        using var bytes = new MemoryStream();
        await got.ResponseStream.CopyToAsync(bytes, Ct);
        return bytes.ToArray();
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
