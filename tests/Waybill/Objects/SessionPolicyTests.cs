using Waybill.Objects.Credentials;
using Xunit;

namespace Waybill.Tests.Objects;

public sealed class SessionPolicyTests
{
    const string Upload = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject","s3:Abort*"],"Resource":"arn:aws:s3:::logs/dock1/*"}]}""";

    [Theory]
    [InlineData("s3:PutObject", "logs", "dock1/a", true)]
    [InlineData("s3:AbortMultipartUpload", "logs", "dock1/a/b", true)]
    [InlineData("s3:PutObject", "logs", "dock1", false)]
    [InlineData("s3:PutObject", "logs", "dock10/a", false)]
    [InlineData("s3:PutObject", "logs", "Dock1/a", false)]
    [InlineData("s3:PutObject", "logs2", "dock1/a", false)]
    [InlineData("s3:GetObject", "logs", "dock1/a", false)]
    [InlineData("s3:ListBucket", "logs", "", false)]
    [InlineData("s3:Unheard", "logs", "dock1/a", false)]
    public void A_policy_allows_what_it_says(string action, string bucket, string key, bool allowed) =>
        Assert.Equal(allowed, Rights(Upload).Allow(action, bucket, key));

    [Theory]
    [InlineData("s3:ListBucket", "logs", "", false)]
    [InlineData("s3:ListBucket", "logs", "dock", false)]
    [InlineData("s3:ListBucket", "logs", "dock1/", true)]
    [InlineData("s3:ListBucket", "logs", "dock1/2026", true)]
    [InlineData("s3:GetBucketLocation", "logs", "", false)]
    public void A_part_of_a_bucket_may_be_listed_by_who_has_it(string action, string bucket, string key, bool allowed) =>
        Assert.Equal(allowed, Rights(Upload.Replace("\"s3:PutObject\"", "\"s3:*\"", StringComparison.Ordinal)).Allow(action, bucket, key));

    [Fact]
    public void Several_stars_are_one() => Assert.True(Rights(Upload.Replace("/*", "/**", StringComparison.Ordinal)).Allow("s3:PutObject", "logs", "dock1/a"));

    [Fact]
    public void A_bucket_and_its_objects_are_two_resources()
    {
        var bucket = Rights("""{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::logs"}}""");
        Assert.True(bucket.Allow(S3Actions.ListBucket, "logs", "any"));
        Assert.True(bucket.Allow(S3Actions.DeleteBucket, "logs"));
        Assert.False(bucket.Allow(S3Actions.GetObject, "logs", "a"));
    }

    [Fact]
    public void A_layer_never_widens_what_lies_below()
    {
        var rights = Rights(Upload).Narrowed(S3Rights("""{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"""));
        Assert.True(rights.Allow(S3Actions.PutObject, "logs", "dock1/a"));
        Assert.False(rights.Allow(S3Actions.PutObject, "logs", "dock2/a"));
        Assert.False(rights.Allow(S3Actions.GetObject, "logs", "dock1/a"));
        Assert.False(new GrantedRights([]).Allow(S3Actions.GetObject, "logs", "dock1/a"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Statement":[]}""")]
    [InlineData("""{"Statement":[1]}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"\ud800","Resource":"*"}}""")]
    [InlineData("""{"\ud800":1,"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::logs/\ud800/*"}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"s3:prefix":"a/*"}}}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"}}""")]
    [InlineData("""{"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Effect":"Allow","Action":"s3:*","Resource":"*"}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","NotAction":"s3:PutObject","Resource":"*"}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"s3:*","NotResource":"*"}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{}}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"ec2:*","Resource":"*"}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":["s3:PutObject",1],"Resource":"*"}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":[],"Resource":"*"}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":[]}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"s3:*"}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"s3:PutObjectTorrent","Resource":"*"}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:sqs:::q"}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::logs/*/a"}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::logs/?"}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}/*"}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"},"Principal":"*"}""")]
    [InlineData("""{"Statement":[[[[[[[[[[]]]]]]]]]]}""")]
    public void What_is_not_understood_is_refused(string policy)
    {
        var (rights, refusal) = SessionPolicy.Read(policy);
        Assert.Null(rights);
        Assert.Equal("MalformedPolicyDocument", refusal!.Code);
    }

    [Fact]
    public void A_policy_is_bounded() => Assert.Equal("PackedPolicyTooLarge", SessionPolicy.Read(Upload + new string(' ', 2048)).Refusal!.Code);

    static GrantedRights Rights(string policy) => GrantedRights.Everything.Narrowed(S3Rights(policy));

    static S3Right[] S3Rights(string policy) => SessionPolicy.Read(policy).Rights!;
}
