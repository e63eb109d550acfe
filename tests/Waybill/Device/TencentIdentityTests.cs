using System.Text;
using Waybill.Device;
using Waybill.Mqtt;
using Xunit;

namespace Waybill.Tests.Device;

/// <summary>Credentials against what real SDKs have sent.</summary>
public sealed class TencentIdentityTests
{
    [Theory]
    [InlineData(TencentHash.Sha1, "ABCDE12345dev001;21010406;y3HZ3;92233720368547758", "6be6f020d06a1f00428aa84bfc81f5af8c461d1f;hmacsha1")]
    [InlineData(TencentHash.Sha1, "ABCDE12345dev001;21010406;NC8wX;1795219000066", "096ece5d29278737987a0eb09b1ee47a9aed7d63;hmacsha1")]
    [InlineData(TencentHash.Sha256, "ABCDE12345dev001;12010126;abcde;2147483647", "c32c1fd86fc1deb02694c27abfaec9daac6683c5007416e99b78ea654d3cc0c6;hmacsha256")]
    public void Signs_as_the_vendor_does(TencentHash hash, string userName, string password)
    {
        var identity = new TencentIdentity("ABCDE12345", "dev001", "MDEyMzQ1Njc4OWFiY2RlZg==") { Hash = hash };
        Assert.Equal(password, identity.Sign(userName));
    }

    [Fact]
    public void Connects_under_product_and_name_with_its_expiry_and_a_new_connection_id()
    {
        var identity = new TencentIdentity("ABCDE12345", "dev001", "MDEyMzQ1Njc4OWFiY2RlZg==") { Expiry = 92233720368547758, AppId = "12010126" };
        var first = identity.NewConnect(MqttVersion.V31, 60);
        var second = identity.NewConnect(MqttVersion.V31, 60);
        Assert.Equal("ABCDE12345dev001", first.ClientId);
        Assert.Matches("^ABCDE12345dev001;12010126;[A-Za-z0-9]{5};92233720368547758$", first.UserName);
        Assert.NotEqual(first.UserName, second.UserName);
        Assert.Equal(identity.Sign(first.UserName!), Encoding.ASCII.GetString(first.Password!.Value.Span));
    }
}
