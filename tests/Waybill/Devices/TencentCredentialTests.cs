using System.Text;
using Waybill.Devices;
using Xunit;

namespace Waybill.Tests.Devices;

/// <summary>The vectors were sent by the vendor's SDKs or computed from its documentation.</summary>
public sealed class TencentCredentialTests
{
    const string Secret = "MDEyMzQ1Njc4OWFiY2RlZg==";
    static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_795_000_000);

    [Theory]
    [InlineData("21010406;y3HZ3;92233720368547758", "6be6f020d06a1f00428aa84bfc81f5af8c461d1f;hmacsha1")]
    [InlineData("21010406;NC8wX;1795219000066", "096ece5d29278737987a0eb09b1ee47a9aed7d63;hmacsha1")]
    [InlineData("12010126;abcde;2147483647", "c32c1fd86fc1deb02694c27abfaec9daac6683c5007416e99b78ea654d3cc0c6;hmacsha256")]
    [InlineData("12010126;abcde;2147483647", "C32C1FD86FC1DEB02694C27ABFAEC9DAAC6683C5007416E99B78EA654D3CC0C6;hmacsha256")]
    public void What_the_vendors_clients_send_is_signed(string rest, string password)
    {
        var credentials = Parse($"ABCDE12345dev001;{rest}", password)!;
        Assert.Equal(("ABCDE12345", "dev001"), (credentials.Product, credentials.Device));
        Assert.True(credentials.IsSignedWith(Secret));
        Assert.False(credentials.IsExpired(Now));
        Assert.False(credentials.IsSignedWith("b3RoZXJzZWNyZXQwMTIzNA=="));
        Assert.False(credentials.IsSignedWith(null));
        Assert.False(credentials.IsSignedWith("no base64"));
    }

    [Theory]
    [InlineData("1794999999", true)]
    [InlineData("0", true)]
    [InlineData("00000000000000000000000000000000000000000001", true)]
    [InlineData("1795000001", false)]
    [InlineData("99999999999999999999999999999999999999", false)]
    public void Expiry_is_a_decimal_of_any_length(string expiry, bool expired) =>
        Assert.Equal(expired, Parse($"ABCDE12345dev001;1;c;{expiry}", new string('0', 40) + ";hmacsha1")!.IsExpired(Now));

    [Theory]
    [InlineData("ABCDE12345dev001;1;c;2147483647", "00;hmacsha1")]
    [InlineData("ABCDE12345dev001;1;c;2147483647", "0000000000000000000000000000000000000000")]
    [InlineData("ABCDE12345dev001;1;c;2147483647", "0000000000000000000000000000000000000000;hmacmd5")]
    [InlineData("ABCDE12345dev001;1;c;2147483647", "zz00000000000000000000000000000000000000;hmacsha1")]
    [InlineData("ABCDE12345dev001;1;c;-1", "0000000000000000000000000000000000000000;hmacsha1")]
    [InlineData("ABCDE12345dev001;1;c;", "0000000000000000000000000000000000000000;hmacsha1")]
    [InlineData("ABCDE12345dev001;1;c;12345678901234567890123456789012345678901234567890123456789012345", "0000000000000000000000000000000000000000;hmacsha1")]
    [InlineData("ABCDE12345dev002;1;c;2147483647", "0000000000000000000000000000000000000000;hmacsha1")]
    [InlineData("ABCDE12345dev001;1;c", "0000000000000000000000000000000000000000;hmacsha1")]
    [InlineData("", "")]
    public void Anything_else_is_not_a_device(string userName, string password) => Assert.Null(Parse(userName, password));

    [Theory]
    [InlineData("ABCDE12345")]
    [InlineData("ABCDE")]
    public void A_client_id_without_a_device_is_not_one(string clientId) =>
        Assert.Null(TencentCredentials.Parse(clientId, $"{clientId};1;c;2147483647", Encoding.ASCII.GetBytes(new string('0', 40) + ";hmacsha1")));

    static TencentCredentials? Parse(string userName, string password) =>
        TencentCredentials.Parse("ABCDE12345dev001", userName, Encoding.ASCII.GetBytes(password));
}
