using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Waybill.Objects;
using Waybill.S3.Signing;
using Xunit;

namespace Waybill.Tests.S3;

public sealed class SignatureTests
{
    [Fact]
    public void The_published_examples_are_true() => Assert.All(PublishedRequest.All, r => Assert.Null(r.Verdict()));

    [Fact]
    public void They_are_false_with_another_secret() =>
        Assert.All(PublishedRequest.All, r => Assert.Equal("SignatureDoesNotMatch", r.Verdict(secret: PublishedRequest.Secret + "x")));

    [Fact]
    public void They_are_false_for_another_method_path_or_query()
    {
        Assert.All(PublishedRequest.All, r => Assert.Equal("SignatureDoesNotMatch", (r with { Method = "DELETE" }).Verdict()));
        Assert.All(PublishedRequest.All, r => Assert.Equal("SignatureDoesNotMatch", (r with { Path = r.Path + "x" }).Verdict()));
        Assert.All(PublishedRequest.All, r => Assert.Equal("SignatureDoesNotMatch", (r with { Query = r.Query + "&x" }).Verdict()));
    }

    [Theory]
    [InlineData("/test%24file.text")]
    [InlineData("/t%65st$file.text")]
    public void A_path_is_signed_in_one_spelling(string path) => Assert.Null((PublishedRequest.Put with { Path = path }).Verdict());

    [Fact]
    public void The_order_of_the_query_does_not_matter() =>
        Assert.Null((PublishedRequest.List with { Query = "prefix=%4a&max-keys=2" }).Verdict());

    [Theory]
    [InlineData("examplebucket.s3.amazonaws.com:9000")]
    [InlineData("examplebucket.s3.amazonaws.com:443")]
    public void A_host_is_signed_with_and_without_its_port(string host) => Assert.Null(PublishedRequest.Get.With(("Host", host)).Verdict());

    [Fact]
    public void Spaces_in_headers_do_not_matter_but_another_host_does()
    {
        Assert.Null(PublishedRequest.Get.With(("Range", " bytes=0-9  ")).Verdict());
        Assert.Equal("SignatureDoesNotMatch", PublishedRequest.Get.With(("Host", "otherbucket.s3.amazonaws.com")).Verdict());
        Assert.Equal("SignatureDoesNotMatch", PublishedRequest.Get.With(("Range", "bytes=0-10")).Verdict());
        Assert.Equal("SignatureDoesNotMatch", PublishedRequest.Get.With(("Range", null)).Verdict());
    }

    [Theory]
    [InlineData(-15, null)]
    [InlineData(15, null)]
    [InlineData(-16, "RequestTimeTooSkewed")]
    [InlineData(16, "RequestTimeTooSkewed")]
    public void Clocks_may_be_a_quarter_of_an_hour_apart(int minutes, string? verdict) =>
        Assert.Equal(verdict, PublishedRequest.Get.Verdict(PublishedRequest.Time.AddMinutes(minutes)));

    [Theory]
    [InlineData(-15 * 60, null)]
    [InlineData(-16 * 60, "AccessDenied")]
    [InlineData(86_400, null)]
    [InlineData(86_401, "AccessDenied")]
    public void A_presigned_URL_ends(int seconds, string? verdict) =>
        Assert.Equal(verdict, PublishedRequest.Presigned.Verdict(PublishedRequest.Time.AddSeconds(seconds)));

    [Theory]
    [InlineData("86400", "0")]
    [InlineData("86400", "604801")]
    [InlineData("86400", "-1")]
    [InlineData("86400", "1e3")]
    [InlineData("86400", "99999999999999999999")]
    [InlineData("Expires=86400", "Expires=86400&X-Amz-Expires=86400")]
    [InlineData("SignedHeaders=host", "Signedheaders=host")]
    [InlineData("Algorithm=AWS4-HMAC-SHA256", "Algorithm=AWS4-ECDSA-P256-SHA256")]
    [InlineData("20130524T000000Z", "20130525T000000Z")]
    [InlineData("20130524T000000Z", "yesterday")]
    [InlineData("%2Faws4_request", "%2Faws5_request")]
    [InlineData("Signature=ae", "Signature=AE")]
    [InlineData("Signature=ae", "Signature=")]
    public void A_presigned_URL_must_be_well_formed(string part, string instead) => Assert.Equal(
        "AuthorizationQueryParametersError",
        (PublishedRequest.Presigned with { Query = PublishedRequest.Presigned.Query.Replace(part, instead, StringComparison.Ordinal) }).Verdict());

    [Theory]
    [InlineData("AWS4-HMAC-SHA256 ", "AWS ", "InvalidRequest")]
    [InlineData("AWS4-HMAC-SHA256 ", "Bearer ", "InvalidRequest")]
    [InlineData("Credential=", "Credentials=", "AuthorizationHeaderMalformed")]
    [InlineData("/s3/", "/ec2/", "AuthorizationHeaderMalformed")]
    [InlineData("/20130524/", "/20130525/", "AuthorizationHeaderMalformed")]
    [InlineData("/us-east-1/", "/", "AuthorizationHeaderMalformed")]
    [InlineData("host;", "host;host;", "AuthorizationHeaderMalformed")]
    [InlineData("host;", "Host;", "AuthorizationHeaderMalformed")]
    [InlineData("host;", "", "AccessDenied")]
    [InlineData(";x-amz-date", "", "AccessDenied")]
    [InlineData(",Signature=", ",Signature=0", "AuthorizationHeaderMalformed")]
    [InlineData(",Signature=f", ",Signature=F", "AuthorizationHeaderMalformed")]
    [InlineData(",Signature=", ",Signature=,Signature=", "AuthorizationHeaderMalformed")]
    [InlineData("/us-east-1/", "/eu-west-1/", "SignatureDoesNotMatch")]
    [InlineData("host;range;", "range;host;", "SignatureDoesNotMatch")]
    [InlineData(",", ", ", null)]
    public void An_authorization_must_be_well_formed(string part, string instead, string? verdict)
    {
        var changed = PublishedRequest.Get.Headers.Authorization.ToString().Replace(part, instead, StringComparison.Ordinal);
        Assert.Equal(verdict, PublishedRequest.Get.With(("Authorization", changed)).Verdict());
    }

    [Fact]
    public void What_S3_acts_on_must_be_signed()
    {
        Assert.Equal("AccessDenied", PublishedRequest.Get.With(("x-amz-meta-a", "b")).Verdict());
        Assert.Equal("AccessDenied", PublishedRequest.Presigned.With(("X-Amz-Acl", "public-read")).Verdict());
        Assert.Null(PublishedRequest.Get.With(("User-Agent", "b")).Verdict());
    }

    [Fact]
    public void One_signature_and_only_one_is_wanted()
    {
        Assert.Equal("AccessDenied", PublishedRequest.Get.With(("Authorization", null)).Verdict());
        Assert.Equal("InvalidArgument", PublishedRequest.Presigned.With(("Authorization", (string?)PublishedRequest.Get.Headers.Authorization)).Verdict());
    }

    [Theory]
    [InlineData("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "NotImplemented")]
    [InlineData("e3b0", "InvalidArgument")]
    [InlineData(null, "InvalidRequest")]
    public void It_is_said_what_is_signed_of_the_body(string? payload, string verdict) =>
        Assert.Equal(verdict, PublishedRequest.Get.With(("x-amz-content-sha256", payload)).Verdict());

    [Fact]
    public void A_body_that_was_read_already_may_be_signed_without_saying_so()
    {
        var body = "Action=AssumeRole&Version=2011-06-15"u8.ToArray();
        var sts = Sign(body, "sts") with { BodyHash = Sha256Digest.FromBytes(SHA256.HashData(body)) };

        Assert.Null(sts.Verdict());
        Assert.Equal("InvalidRequest", (sts with { BodyHash = null }).Verdict());
        Assert.Equal("SignatureDoesNotMatch", (sts with { BodyHash = Sha256Digest.FromBytes(SHA256.HashData([])) }).Verdict());
    }

    static IncomingRequest Sign(byte[] body, string service)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        var canonical = $"POST\n/\n\nhost:127.0.0.1:9000\nx-amz-date:20130524T000000Z\n\nhost;x-amz-date\n{hash}";
        var scope = $"20130524/us-east-1/{service}/aws4_request";
        var toSign = $"AWS4-HMAC-SHA256\n20130524T000000Z\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope.Split('/').Aggregate(
            Encoding.UTF8.GetBytes("AWS4" + PublishedRequest.Secret), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        return new("POST", "/", "", new HeaderDictionary
        {
            ["Host"] = "127.0.0.1:9000",
            ["X-Amz-Date"] = "20130524T000000Z",
            ["Authorization"] = $"AWS4-HMAC-SHA256 Credential={PublishedRequest.AccessKey}/{scope}, SignedHeaders=host;x-amz-date, Signature={signature}",
        });
    }
}
