using System.Text;
using Waybill.Api.Tencent;
using Xunit;

namespace Waybill.Tests.Api.Tencent;

/// <summary>The example of the vendor's page "Signature v3" (DescribeInstances), with its documentation key and the signatures printed there.</summary>
public sealed class Tc3SignatureTests
{
    const string Payload = """{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}""";
    const string Timestamp = "1551113065";
    const string ContentType = "application/json; charset=utf-8";
    const string Host = "cvm.tencentcloudapi.com";

    [Theory]
    [InlineData("Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168")]
    [InlineData("Gu5t9xGARNpq86cd98joQYCN3*******", "2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c")]
    public void The_vendor_s_example_is_signed_as_printed(string key, string signature)
    {
        var authorization = Tc3Authorization.Of(
            $"TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature={signature}");
        Assert.Equal(signature, Tc3Signature.Of(authorization, [ContentType, Host], Timestamp, Encoding.UTF8.GetBytes(Payload), key));
        Assert.Equal(signature, new Signing(ContentType, Host, Payload, Timestamp, "cvm").Signature(key));
        // names and values are made lower case, whatever was sent
        Assert.Equal(signature, Tc3Signature.Of(authorization, [ContentType.ToUpperInvariant(), $" {Host} "], Timestamp, Encoding.UTF8.GetBytes(Payload), key));
        Assert.NotEqual(signature, Tc3Signature.Of(authorization, [ContentType, Host], Timestamp, Encoding.UTF8.GetBytes(Payload + " "), key));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer wbk_1_x")]
    [InlineData("TC3-HMAC-SHA256")]
    [InlineData("TC3-HMAC-SHA256 ,,,")]
    [InlineData("TC3-HMAC-SHA256 Credential=a/2019-02-25/cvm, SignedHeaders=content-type;host, Signature=")]
    [InlineData("TC3-HMAC-SHA256 Credential=a/2019-02-25/cvm/aws4_request, SignedHeaders=content-type;host, Signature=" + Zeros)]
    [InlineData("TC3-HMAC-SHA256 Credential=a/2019-02-25//tc3_request, SignedHeaders=content-type;host, Signature=" + Zeros)]
    [InlineData("TC3-HMAC-SHA256 Credential=a/2019-02-25/cvm/tc3_request, SignedHeaders=host, Signature=" + Zeros)]
    [InlineData("TC3-HMAC-SHA256 Credential=a/2019-02-25/cvm/tc3_request, SignedHeaders=content-type, Signature=" + Zeros)]
    [InlineData("TC3-HMAC-SHA256 Credential=a/2019-02-25/cvm/tc3_request, SignedHeaders=host;content-type, Signature=" + Zeros)]
    [InlineData("TC3-HMAC-SHA256 Credential=a/2019-02-25/cvm/tc3_request, SignedHeaders=Content-Type;Host, Signature=" + Zeros)]
    [InlineData("TC3-HMAC-SHA256 Credential=a/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host;host, Signature=" + Zeros)]
    [InlineData("TC3-HMAC-SHA256 Credential=a/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=0")]
    [InlineData("TC3-HMAC-SHA256 Credential=a/2019-02-25/cvm/tc3_request, Credential=b, SignedHeaders=content-type;host, Signature=" + Zeros)]
    public void What_is_no_authorization_is_refused(string? header) =>
        Assert.Equal("AuthFailure.InvalidAuthorization", Assert.Throws<RefusedException>(() => Tc3Authorization.Of(header)).Code);

    const string Zeros = "0000000000000000000000000000000000000000000000000000000000000000";
}
