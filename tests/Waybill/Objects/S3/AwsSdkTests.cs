using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Waybill.Objects.S3Endpoint.Credentials;
using Waybill.Objects.S3Endpoint.Signing;
using Xunit;

namespace Waybill.Tests.Objects.S3;

/// <summary>AWS's own SDK signs.</summary>
public sealed class AwsSdkTests
{
    const string UploadOnly = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::bucket/dock1/*"}]}""";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plain.txt")]
    [InlineData("a b+c/d&e=f%20g.txt")]
    [InlineData("日志/一.log")]
    [InlineData("!*'();:@,$~-_.[]{}|^`\\\"<>#?")]
    public async Task A_key_of_any_name_is_put_and_got(string key)
    {
        await using var endpoint = await SignedEndpoint.StartAsync();
        using var s3 = Client(endpoint, Owner(endpoint));

        await s3.PutObjectAsync(new() { BucketName = "bucket", Key = key, ContentBody = "hello" }, Ct);
        Assert.Equal("hello"u8.ToArray(), endpoint.Body);
        using var got = await s3.GetObjectAsync("bucket", key, Ct);
    }

    [Theory]
    [InlineData(RequestChecksumCalculation.WHEN_SUPPORTED, true, false, PayloadKind.SignedChunksWithTrailer)]
    [InlineData(RequestChecksumCalculation.WHEN_SUPPORTED, false, false, PayloadKind.Hashed)]
    [InlineData(RequestChecksumCalculation.WHEN_REQUIRED, true, false, PayloadKind.SignedChunks)]
    [InlineData(RequestChecksumCalculation.WHEN_REQUIRED, false, false, PayloadKind.Hashed)]
    public async Task A_body_comes_whole_however_it_is_signed(RequestChecksumCalculation checksums, bool chunked, bool unsigned, PayloadKind kind)
    {
        await using var endpoint = await SignedEndpoint.StartAsync();
        using var s3 = Client(endpoint, Owner(endpoint), checksums);
        var bytes = StoreDirectory.Random(300_000);

        await s3.PutObjectAsync(
            new() { BucketName = "bucket", Key = "k", InputStream = new MemoryStream(bytes), UseChunkEncoding = chunked, DisablePayloadSigning = unsigned }, Ct);

        Assert.Equal(kind, endpoint.Kind);
        Assert.Equal(bytes, endpoint.Body);
        Assert.Equal(kind == PayloadKind.SignedChunksWithTrailer, endpoint.Checksum is not null);
    }

    [Theory]
    [InlineData("CRC32")]
    [InlineData("CRC32C")]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    public async Task A_checksum_comes_behind_the_body(string algorithm)
    {
        await using var endpoint = await SignedEndpoint.StartAsync();
        using var s3 = Client(endpoint, Owner(endpoint));
        var bytes = StoreDirectory.Random(200_001);

        await s3.PutObjectAsync(
            new() { BucketName = "bucket", Key = "k", InputStream = new MemoryStream(bytes), ChecksumAlgorithm = new ChecksumAlgorithm(algorithm) }, Ct);

        Assert.Equal(bytes, endpoint.Body);
        Assert.NotNull(endpoint.Checksum);
    }

    [Fact]
    public async Task A_presigned_URL_is_good_for_its_method_and_time()
    {
        await using var endpoint = await SignedEndpoint.StartAsync();
        using var s3 = Client(endpoint, Owner(endpoint));
        using var http = new HttpClient();
        var url = await s3.GetPreSignedURLAsync(
            new() { BucketName = "bucket", Key = "a b", Verb = HttpVerb.PUT, Expires = DateTime.UtcNow.AddMinutes(20), Protocol = Protocol.HTTP });

        Assert.True((await http.PutAsync(url, new ByteArrayContent("hello"u8.ToArray()), Ct)).IsSuccessStatusCode);
        Assert.Equal("hello"u8.ToArray(), endpoint.Body);
        Assert.Contains("SignatureDoesNotMatch", await http.GetStringOfAnyAsync(url), StringComparison.Ordinal);
        Assert.Contains("SignatureDoesNotMatch", await http.GetStringOfAnyAsync(url.Replace("a%20b", "a%20c", StringComparison.Ordinal)), StringComparison.Ordinal);
        endpoint.Clock.Advance(TimeSpan.FromMinutes(21));
        Assert.Contains("Request has expired", await http.GetStringOfAnyAsync(url), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_keys_are_told_apart()
    {
        await using var endpoint = await SignedEndpoint.StartAsync();
        Assert.Equal("InvalidAccessKeyId", await RefusalAsync(endpoint, new BasicAWSCredentials("AKIAUNKNOWN", endpoint.Owner.Secret)));
        Assert.Equal("SignatureDoesNotMatch", await RefusalAsync(endpoint, new BasicAWSCredentials(endpoint.Owner.AccessKey, "wrong")));
        Assert.Equal("InvalidToken", await RefusalAsync(endpoint, new SessionAWSCredentials(endpoint.Owner.AccessKey, endpoint.Owner.Secret, "token")));
        endpoint.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal("RequestTimeTooSkewed", await RefusalAsync(endpoint, Owner(endpoint)));
    }

    [Fact]
    public async Task An_assumed_role_does_what_its_policy_allows_until_it_ends()
    {
        await using var endpoint = await SignedEndpoint.StartAsync();
        var credentials = await AssumeAsync(endpoint, Owner(endpoint), UploadOnly);

        Assert.Null(await RefusalAsync(endpoint, credentials, "dock1/a"));
        Assert.Equal("AccessDenied", await RefusalAsync(endpoint, credentials, "dock2/a"));
        var other = await AssumeAsync(endpoint, Owner(endpoint), UploadOnly);
        Assert.Equal("InvalidToken", await RefusalAsync(endpoint, new SessionAWSCredentials(credentials.AccessKeyId, credentials.SecretAccessKey, other.SessionToken)));
        Assert.Equal("InvalidAccessKeyId", await RefusalAsync(endpoint, new BasicAWSCredentials(credentials.AccessKeyId, credentials.SecretAccessKey)));
        Assert.Equal("SignatureDoesNotMatch", await RefusalAsync(endpoint, new SessionAWSCredentials(credentials.AccessKeyId, "wrong", credentials.SessionToken)));
        endpoint.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal("ExpiredToken", await RefusalAsync(endpoint, credentials, "dock1/a"));
    }

    [Fact]
    public async Task A_role_is_assumed_by_lasting_keys_only_and_with_a_policy_that_is_understood()
    {
        await using var endpoint = await SignedEndpoint.StartAsync();
        var credentials = await AssumeAsync(endpoint, Owner(endpoint), UploadOnly);
        var chained = await Assert.ThrowsAsync<AmazonSecurityTokenServiceException>(() => AssumeAsync(endpoint, credentials, UploadOnly));
        Assert.Equal("AccessDenied", chained.ErrorCode);
        var denied = await Assert.ThrowsAsync<MalformedPolicyDocumentException>(
            () => AssumeAsync(endpoint, Owner(endpoint), UploadOnly.Replace("Allow", "Deny", StringComparison.Ordinal)));
        Assert.Contains("Effect", denied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_end_with_their_device_or_job()
    {
        await using var endpoint = await SignedEndpoint.StartAsync();
        var (first, second, third) = (Mint(endpoint, "dock1", "job1"), Mint(endpoint, "dock1", "job2"), Mint(endpoint, "dock2", "job3"));

        await endpoint.Revocations.RevokeJobAsync("job1", Ct);
        Assert.Equal(["AccessDenied", null, null], await RefusalsAsync(endpoint, first, second, third));
        await endpoint.Revocations.RevokeDeviceAsync("dock1", Ct);
        Assert.Equal(["AccessDenied", "AccessDenied", null], await RefusalsAsync(endpoint, first, second, third));
        endpoint.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([null], await RefusalsAsync(endpoint, Mint(endpoint, "dock1", "job1")));
    }

    static SessionAWSCredentials Mint(SignedEndpoint endpoint, string device, string job)
    {
        var made = endpoint.Sessions.Mint(GrantedRights.Everything, TimeSpan.FromHours(1), device, job);
        return new(made.AccessKey, made.Secret, made.SessionToken);
    }

    static async Task<string?[]> RefusalsAsync(SignedEndpoint endpoint, params AWSCredentials[] credentials)
    {
        var refusals = new List<string?>();
        foreach (var one in credentials)
            refusals.Add(await RefusalAsync(endpoint, one));
        return [.. refusals];
    }

    static async Task<string?> RefusalAsync(SignedEndpoint endpoint, AWSCredentials credentials, string key = "k")
    {
        using var s3 = Client(endpoint, credentials);
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

    static async Task<SessionAWSCredentials> AssumeAsync(SignedEndpoint endpoint, AWSCredentials credentials, string policy)
    {
        using var sts = new AmazonSecurityTokenServiceClient(
            credentials, new AmazonSecurityTokenServiceConfig { ServiceURL = endpoint.Url, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 });
        var answer = await sts.AssumeRoleAsync(
            new() { RoleArn = "arn:aws:iam:::role/device", RoleSessionName = "job-1", DurationSeconds = 900, Policy = policy }, Ct);
        return new(answer.Credentials.AccessKeyId, answer.Credentials.SecretAccessKey, answer.Credentials.SessionToken);
    }

    static BasicAWSCredentials Owner(SignedEndpoint endpoint) => new(endpoint.Owner.AccessKey, endpoint.Owner.Secret);

    static AmazonS3Client Client(
        SignedEndpoint endpoint, AWSCredentials credentials, RequestChecksumCalculation checksums = RequestChecksumCalculation.WHEN_SUPPORTED) => new(
        credentials,
        new AmazonS3Config
        {
            ServiceURL = endpoint.Url,
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            RequestChecksumCalculation = checksums,
            MaxErrorRetry = 0,
        });
}

static class AnyAnswer
{
    /// <summary>What is answered, whatever the status.</summary>
    public static async Task<string> GetStringOfAnyAsync(this HttpClient http, string url)
    {
        using var answer = await http.GetAsync(url, TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
