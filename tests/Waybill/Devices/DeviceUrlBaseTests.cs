using System.Net;
using Microsoft.Extensions.Configuration;
using Waybill.Devices;
using Waybill.Link;
using Waybill.Settings;
using Xunit;

namespace Waybill.Tests.Devices;

public sealed class DeviceUrlBaseTests
{
    [Theory]
    [InlineData(null, null, "192.0.2.1", 80, "http://192.0.2.1")]
    [InlineData(null, null, "::ffff:192.0.2.1", 8080, "http://192.0.2.1:8080")]
    [InlineData(null, null, "2001:db8::1", 8080, "http://[2001:db8::1]:8080")]
    [InlineData("http://files.example.com", null, "192.0.2.1", 8080, "http://files.example.com")]
    [InlineData("http://files.example.com", "https://doorbells.example.com", "192.0.2.1", 8080, "https://doorbells.example.com")]
    public void A_device_is_sent_where_its_product_the_configuration_or_its_connection_says(string? publicUrl, string? productUrl, string local, int port, string expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Waybill:PublicUrl", publicUrl)]).Build();
        var urls = new DeviceUrlBase(WaybillConfiguration.Read(configuration));
        urls.Bound(new(IPAddress.IPv6Any, port), tls: false);
        Assert.Equal(expected, urls.For(new DeviceIdentity(1, "ABCDE12345", "d", [], productUrl), IPAddress.Parse(local)));
    }

    [Fact]
    public void A_listener_with_an_address_of_its_own_is_where_devices_go()
    {
        var urls = new DeviceUrlBase(WaybillConfiguration.Read(new ConfigurationBuilder().Build()));
        urls.Bound(new(IPAddress.Parse("198.51.100.7"), 443), tls: true);
        Assert.Equal("https://198.51.100.7", urls.For(new DeviceIdentity(1, "ABCDE12345", "d", [], null), IPAddress.Loopback));
    }
}
