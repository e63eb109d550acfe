using Microsoft.Extensions.Configuration;
using Waybill.Objects.Credentials;
using Waybill.Objects.Credentials.Issuers;
using Waybill.Settings;
using Xunit;

namespace Waybill.Tests.S3;

public sealed class IssuerSettingsTests
{
    [Fact]
    public void Every_mistake_is_told_and_no_secret()
    {
        var wrong = Assert.Throws<SettingsException>(() => Read(
            ("a:Provider", "azure"), ("a:Bucket", "b"),
            ("b:Provider", "aws"), ("b:Bucket", "docks/x"), ("b:SecretKey", "quite-secret"), ("b:Longest", "00:10:00"), ("b:Rolearm", "x"),
            ("c:Provider", "minio"), ("c:Bucket", "docks"), ("c:Endpoint", "ceph:7480"), ("c:AccessKey", "k"), ("c:SecretKey", "quite-secret"),
            ("d:Provider", "ali"), ("d:Bucket", "docks"), ("d:Region", "cn hangzhou"), ("d:RoleArn", "arn:aws:iam::1:role/x"), ("d:AccessKey", "k"), ("d:SecretKey", "s"),
            ("e:Provider", "ours"), ("e:Bucket", "docks"), ("e:SecretKey", "quite-secret"), ("e:Longest", "8"),
            ("ours:Provider", "ours")));
        foreach (var mistake in (string[])
        [
            "Issuers:a:Provider = 'azure': must be ours, aws, minio or ali", "Issuers:a:Endpoint: is missing", "Issuers:a:AccessKey: is missing",
            "Issuers:b:Bucket = 'docks/x'", "Issuers:b:Region: is missing", "Issuers:b:RoleArn: is missing", "Issuers:b:AccessKey: is missing", "Issuers:b:Longest = '00:10:00'",
            "Issuers:b:Rolearm: there is no such setting; did you mean Waybill:S3:Issuers:b:RoleArn?",
            "Issuers:c:Endpoint = 'ceph:7480'", "Issuers:d:Region = 'cn hangzhou'", "Issuers:d:RoleArn = 'arn:aws:iam::1:role/x': must be the ARN of a role, acs:ram::",
            "Issuers:e:SecretKey: there is no such setting", "Issuers:e:Longest = '8.00:00:00': must be at most", "Issuers:ours: must have another name",
        ])
            Assert.Contains(wrong.Mistakes, m => m.StartsWith("Waybill:S3:" + mistake, StringComparison.Ordinal));
        Assert.DoesNotContain("quite-secret", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aws", "eu-central-1", "https://s3.eu-central-1.amazonaws.com", "https://sts.eu-central-1.amazonaws.com")]
    [InlineData("aws", "cn-north-1", "https://s3.cn-north-1.amazonaws.com.cn", "https://sts.cn-north-1.amazonaws.com.cn")]
    [InlineData("ali", "cn-hangzhou", "https://oss-cn-hangzhou.aliyuncs.com", "https://sts.cn-hangzhou.aliyuncs.com")]
    public void Addresses_follow_from_the_region(string provider, string region, string endpoint, string sts)
    {
        var role = provider == "ali" ? "acs:ram::1:role/x" : "arn:aws:iam::1:role/x";
        var read = Read(("x:Provider", provider), ("x:Region", region), ("x:Bucket", "docks"), ("x:RoleArn", role), ("x:AccessKey", "k"), ("x:SecretKey", "s"));
        Assert.Equal(["ours", "x"], read.Select(r => r.Name));
        Assert.Equal((endpoint, sts, TimeSpan.FromHours(1)), (read[1].Endpoint, read[1].StsEndpoint, read[1].Longest));
    }

    [Fact]
    public void A_policy_of_AWS_is_for_one_prefix()
    {
        var ask = new CredentialAsk("docks", "a/b/", S3Actions.Upload, TimeSpan.FromHours(1));
        Assert.Equal(
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject","s3:AbortMultipartUpload","s3:ListMultipartUploadParts"],"Resource":"arn:aws:s3:::docks/a/b/*"}]}""",
            PrefixPolicy.Aws(ask));
        Assert.Equal(
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBucket","s3:ListBucketMultipartUploads"],"Resource":"arn:aws:s3:::docks","Condition":{"StringLike":{"s3:prefix":"a/b/*"}}}]}""",
            PrefixPolicy.Aws(ask with { Actions = CredentialAsk.Listing }));
    }

    [Fact]
    public void No_secret_is_written_with_the_rest()
    {
        var settings = new IssuerSettings("x", StorageKind.Aws) { Region = "r", SecretKey = "quite-secret" };
        var issued = new IssuedCredentials("aws", "b", "p/", new("key", "quite-secret", "quite-secret", DateTimeOffset.UtcNow)) { Endpoint = "https://x", Region = "r" };
        Assert.DoesNotContain("quite-secret", $"{settings} {issued}", StringComparison.Ordinal);
    }

    static IReadOnlyList<IssuerSettings> Read(params (string Key, string Value)[] settings) => WaybillConfiguration.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Waybill:S3:Issuers:{s.Key}", (string?)s.Value))).Build()).S3.Issuers;
}
