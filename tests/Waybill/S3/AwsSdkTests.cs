using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Waybill.Objects.Credentials;
using Waybill.Tests.Objects;
using Xunit;

namespace Waybill.Tests.S3;

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
        await using var host = await SdkHost.StartAsync();
        using var s3 = host.Client(host.Owner);

        await s3.PutObjectAsync(new() { BucketName = "bucket", Key = key, ContentBody = "hello" }, Ct);
        Assert.Equal("hello"u8.ToArray(), await host.GetAsync(key));
    }

    [Theory]
    [InlineData(RequestChecksumCalculation.WHEN_SUPPORTED, true, false)]
    [InlineData(RequestChecksumCalculation.WHEN_SUPPORTED, false, false)]
    [InlineData(RequestChecksumCalculation.WHEN_REQUIRED, true, false)]
    [InlineData(RequestChecksumCalculation.WHEN_REQUIRED, false, false)]
    public async Task A_body_comes_whole_however_it_is_signed(RequestChecksumCalculation checksums, bool chunked, bool unsigned)
    {
        await using var host = await SdkHost.StartAsync();
        using var s3 = host.Client(host.Owner, checksums);
        var bytes = StoreDirectory.Random(300_000);

        await s3.PutObjectAsync(
            new() { BucketName = "bucket", Key = "k", InputStream = new MemoryStream(bytes), UseChunkEncoding = chunked, DisablePayloadSigning = unsigned }, Ct);

        Assert.Equal(bytes, await host.GetAsync("k"));
    }

    [Theory]
    [InlineData("CRC32")]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    public async Task A_checksum_comes_behind_the_body(string algorithm)
    {
        await using var host = await SdkHost.StartAsync();
        using var s3 = host.Client(host.Owner);
        var bytes = StoreDirectory.Random(200_001);

        await s3.PutObjectAsync(
            new() { BucketName = "bucket", Key = "k", InputStream = new MemoryStream(bytes), ChecksumAlgorithm = new ChecksumAlgorithm(algorithm) }, Ct);

        Assert.Equal(bytes, await host.GetAsync("k"));
        var kept = await s3.GetObjectMetadataAsync(new() { BucketName = "bucket", Key = "k", ChecksumMode = ChecksumMode.ENABLED }, Ct);
        Assert.Single(((string?[])[kept.ChecksumCRC32, kept.ChecksumCRC32C, kept.ChecksumSHA1, kept.ChecksumSHA256]).OfType<string>());
    }

    [Fact]
    public async Task A_presigned_URL_is_good_for_its_method_and_time()
    {
        await using var host = await SdkHost.StartAsync();
        using var s3 = host.Client(host.Owner);
        using var http = new HttpClient();
        var url = await s3.GetPreSignedURLAsync(
            new() { BucketName = "bucket", Key = "a b", Verb = HttpVerb.PUT, Expires = DateTime.UtcNow.AddMinutes(20), Protocol = Protocol.HTTP });

        Assert.True((await http.PutAsync(url, new ByteArrayContent("hello"u8.ToArray()), Ct)).IsSuccessStatusCode);
        Assert.Equal("hello"u8.ToArray(), await host.GetAsync("a b"));
        Assert.Contains("SignatureDoesNotMatch", await http.GetStringOfAnyAsync(url), StringComparison.Ordinal);
        Assert.Contains("SignatureDoesNotMatch", await http.GetStringOfAnyAsync(url.Replace("a%20b", "a%20c", StringComparison.Ordinal)), StringComparison.Ordinal);
        host.Clock.Advance(TimeSpan.FromMinutes(21));
        Assert.Contains("Request has expired", await http.GetStringOfAnyAsync(url), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_keys_are_told_apart()
    {
        await using var host = await SdkHost.StartAsync();
        Assert.Equal("InvalidAccessKeyId", await host.RefusalAsync(new BasicAWSCredentials("AKIAUNKNOWN", host.OwnerKeys.Secret)));
        Assert.Equal("SignatureDoesNotMatch", await host.RefusalAsync(new BasicAWSCredentials(host.OwnerKeys.AccessKey, "wrong")));
        Assert.Equal("InvalidToken", await host.RefusalAsync(new SessionAWSCredentials(host.OwnerKeys.AccessKey, host.OwnerKeys.Secret, "token")));
        host.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal("RequestTimeTooSkewed", await host.RefusalAsync(host.Owner));
    }

    [Fact]
    public async Task An_assumed_role_does_what_its_policy_allows_until_it_ends()
    {
        await using var host = await SdkHost.StartAsync();
        var credentials = await host.AssumeAsync(host.Owner, UploadOnly);

        Assert.Null(await host.RefusalAsync(credentials, "dock1/a"));
        Assert.Equal("AccessDenied", await host.RefusalAsync(credentials, "dock2/a"));
        var other = await host.AssumeAsync(host.Owner, UploadOnly);
        Assert.Equal("InvalidToken", await host.RefusalAsync(new SessionAWSCredentials(credentials.AccessKeyId, credentials.SecretAccessKey, other.SessionToken)));
        Assert.Equal("InvalidAccessKeyId", await host.RefusalAsync(new BasicAWSCredentials(credentials.AccessKeyId, credentials.SecretAccessKey)));
        Assert.Equal("SignatureDoesNotMatch", await host.RefusalAsync(new SessionAWSCredentials(credentials.AccessKeyId, "wrong", credentials.SessionToken)));
    }

    [Fact]
    public async Task Temporary_credentials_end()
    {
        await using var host = await SdkHost.StartAsync();
        var credentials = host.Mint("dock1", "job1", TimeSpan.FromMinutes(5));
        Assert.Null(await host.RefusalAsync(credentials));
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("ExpiredToken", await host.RefusalAsync(credentials));
    }

    [Fact]
    public async Task A_role_is_assumed_by_lasting_keys_only_and_with_a_policy_that_is_understood()
    {
        await using var host = await SdkHost.StartAsync();
        var credentials = await host.AssumeAsync(host.Owner, UploadOnly);
        var chained = await Assert.ThrowsAsync<AmazonSecurityTokenServiceException>(() => host.AssumeAsync(credentials, UploadOnly));
        Assert.Equal("AccessDenied", chained.ErrorCode);
        var denied = await Assert.ThrowsAsync<MalformedPolicyDocumentException>(
            () => host.AssumeAsync(host.Owner, UploadOnly.Replace("Allow", "Deny", StringComparison.Ordinal)));
        Assert.Contains("Effect", denied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_end_with_their_device_or_job()
    {
        await using var host = await SdkHost.StartAsync();
        var (first, second, third) = (host.Mint("dock1", "job1"), host.Mint("dock1", "job2"), host.Mint("dock2", "job3"));

        await host.Host.Get<Revocations>().RevokeJobAsync("job1", Ct);
        Assert.Equal((string?[])["AccessDenied", null, null], await RefusalsAsync(host, first, second, third));
        await host.Host.Get<Revocations>().RevokeDeviceAsync("dock1", Ct);
        Assert.Equal((string?[])["AccessDenied", "AccessDenied", null], await RefusalsAsync(host, first, second, third));
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((string?[])[null], await RefusalsAsync(host, host.Mint("dock1", "job1")));
    }

    static async Task<List<string?>> RefusalsAsync(SdkHost host, params AWSCredentials[] credentials)
    {
        var refusals = new List<string?>();
        foreach (var one in credentials)
            refusals.Add(await host.RefusalAsync(one));
        return refusals;
    }
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
