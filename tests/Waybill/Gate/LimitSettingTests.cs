using System.Net;
using System.Text;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Client;
using Waybill.Settings;
using Xunit;

namespace Waybill.Tests.Gate;

public sealed class LimitSettingTests
{
    [Fact]
    public async Task Every_setting_is_the_limit_that_it_is_named_after()
    {
        await using var house = await House.StartAsync(
            ("Mqtt:Connections", "101"), ("Mqtt:ConnectionsPerAddress", "102"), ("Mqtt:ConnectDeadline", "00:00:07"), ("Mqtt:ConnectSize", "1003"),
            ("Mqtt:PacketSize", "2004"), ("Mqtt:InFlight", "105"), ("Mqtt:QueuedBytes", "3006"), ("Mqtt:PublishRate", "107"), ("Mqtt:KeepAlive", "00:01:48"),
            ("Mqtt:Subscriptions", "109"), ("Mqtt:SessionExpiry", "00:01:50"), ("Mqtt:OfflineSessions", "111"), ("Mqtt:OfflineMessages", "112"),
            ("Mqtt:OfflineBytes", "113"), ("Mqtt:OfflineDrop", "newest"), ("Mqtt:Retained", "114"), ("Mqtt:RetainedBytes", "115"),
            ("Mqtt:Connecting", "116"), ("Mqtt:ClosingRate", "117"), ("Mqtt:ProxyNetworks", "10.1.0.0/16,::1/128"));
        var mqtt = house.Get<WaybillSettings>().Mqtt;
        var limits = new MqttBrokerOptions
        {
            MaximumConnections = 101,
            MaximumConnectionsPerAddress = 102,
            ConnectTimeout = TimeSpan.FromSeconds(7),
            MaximumConnectSize = 1003,
            MaximumPacketSize = 2004,
            MaximumInFlight = 105,
            MaximumQueuedBytes = 3006,
            MaximumPublishRate = 107,
            MaximumKeepAliveSeconds = 108,
            MaximumSubscriptions = 109,
            MaximumSessionExpirySeconds = 110,
            MaximumOfflineSessions = 111,
            MaximumOfflineMessages = 112,
            MaximumOfflineBytes = 113,
            WhenOfflineQueueIsFull = MqttDrop.Newest,
            MaximumRetainedMessages = 114,
            MaximumRetainedBytes = 115,
        };
        Assert.Equal(limits, mqtt.Limits);
        Assert.Equal((116, 117), (mqtt.Connecting, mqtt.ClosingRate));
        Assert.Equal([IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("::1/128")], mqtt.ProxyNetworks);
    }

    [Theory]
    [InlineData(16 << 10, 1 << 20, false, true)]
    [InlineData(32 << 10, 1 << 20, true, true)]
    [InlineData(32 << 10, 4 << 10, true, false)]
    public async Task CONNECT_has_a_size_of_its_own(int connectSize, int packetSize, bool mayConnect, bool maySay)
    {
        await using var house = await House.StartAsync(("Mqtt:ConnectSize", $"{connectSize}"), ("Mqtt:PacketSize", $"{packetSize}"));
        var login = await AppLogin.MakeAsync(house.Api);
        var text = new string('x', 20 << 10);
        var large = login.Connect("app") with { Will = new("gone", Encoding.ASCII.GetBytes(text)) };
        if (!mayConnect)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => AppClient.DialAsync(house.Server.MqttPort, large));
            large = login.Connect("app");
        }
        await using var app = await AppClient.DialAsync(house.Server.MqttPort, large);
        // the client has been told how large a packet may be
        var saying = await Record.ExceptionAsync(() => app.SayAsync("t", text));
        Assert.Equal(maySay ? null : MqttReasonCode.PacketTooLarge, (saying as MqttException)?.Reason);
        Assert.Equal(maySay, saying is null);
    }
}
