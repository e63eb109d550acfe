using System.Net;
using System.Text;
using Waybill.Link;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Tests.Api;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Gate;

/// <summary>Nobody gets somebody else's session by its client id.</summary>
public sealed class ClientIdStories
{
    const string Id = "ABCDE12345dev001";
    const string Topic = "ABCDE12345/dev001/t";

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V50)]
    public async Task An_account_with_the_client_id_of_a_device_is_refused_and_the_device_stays(MqttVersion version)
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var login = await AppLogin.MakeAsync(house.Api);
        // whether or not it is there
        await RefusedAsync(house, login.Connect(Id, version));
        await using var device = await AppClient.DialAsync(house.Server.MqttPort, TencentLogin.Of("ABCDE12345", "dev001").Connect(version));
        await device.SubscribeAsync(Topic);
        await RefusedAsync(house, login.Connect(Id, version));
        await RefusedAsync(house, login.Staying(Id, version));
        await using var app = await AppClient.DialAsync(house.Server.MqttPort, login.Connect("app", version));
        await app.SayAsync(Topic, "still there");
        Assert.Equal("still there", await device.TextAsync());
        var refusals = await house.SendAsync("GET", $"/api/v1/mqtt/refusals?client={Id}");
        Assert.Equal(["client_id_taken", "client_id_taken", "client_id_taken"], ScopeStories.Of(refusals, "reason"));
        Assert.Equal("app", refusals["items.0.user"]);
    }

    [Fact]
    public async Task A_device_gets_its_client_id_from_who_had_it_before_it_was_registered()
    {
        await using var house = await House.StartAsync();
        var login = await AppLogin.MakeAsync(house.Api);
        await using var app = await AppClient.DialAsync(house.Server.MqttPort, login.Staying(Id));
        await house.DeviceAsync();
        await using var device = await AppClient.DialAsync(house.Server.MqttPort, TencentLogin.Of("ABCDE12345", "dev001").Connect(MqttVersion.V50));
        Assert.Equal(MqttReasonCode.SessionTakenOver, await app.Mqtt.Closed.WaitAsync(House.Soon));
        Assert.Equal(1, house.Get<DeviceConnections>().Count);
    }

    [Fact]
    public async Task A_dock_takes_no_session_of_an_account_a_device_or_another_dock()
    {
        await using var house = await DocksAsync();
        await house.DeviceAsync();
        var login = await AppLogin.MakeAsync(house.Api);
        await using (var away = await AppClient.DialAsync(house.Server.MqttPort, login.Staying("away")))
            await away.SubscribeAsync("t", MqttQos.ExactlyOnce);
        await using var here = await AppClient.DialAsync(house.Server.MqttPort, login.Connect("here"));
        await here.SayAsync("t", "kept");
        await using var dock = await AppClient.DialAsync(house.Server.MqttPort, Dock("SN1", "dock"));
        foreach (var id in (string[])["away", "here", "dock", Id])
            await RefusedAsync(house, Dock("SN2", id));
        Assert.False(here.Mqtt.Closed.IsCompleted || dock.Mqtt.Closed.IsCompleted);
        await using var back = await AppClient.DialAsync(house.Server.MqttPort, login.Staying("away"));
        Assert.Equal("kept", await back.TextAsync());
        // the same dock, whose connection broke unseen
        await using var again = await AppClient.DialAsync(house.Server.MqttPort, Dock("SN1", "dock"));
        await dock.Mqtt.Closed.WaitAsync(House.Soon);
    }

    [Fact]
    public async Task With_the_login_of_a_product_a_dock_takes_over_from_itself_alone()
    {
        await using var house = await DocksAsync();
        var login = await AppLogin.MakeAsync(house.Api);
        await using var app = await AppClient.DialAsync(house.Server.MqttPort, login.Connect("app"));
        await RefusedAsync(house, Dock("pilots", "app", "open"));
        var first = await AppClient.DialAsync(house.Server.MqttPort, Dock("pilots", "dock", "open"));
        await first.SubscribeAsync("thing/product/SN1/services");
        await Eventually.IsAsync("it is known which", () => house.Get<DeviceConnections>().Count == 1);
        await using var again = await AppClient.DialAsync(house.Server.MqttPort, Dock("pilots", "dock", "open"));
        await first.Mqtt.Closed.WaitAsync(House.Soon);
        await first.DisposeAsync();
        await RefusedAsync(house, login.Connect("dock"));
    }

    /// <summary>A product of docks with a login, and the docks SN1 and SN2.</summary>
    static async Task<House> DocksAsync()
    {
        var house = await House.StartAsync();
        (await house.SendAsync("PUT", "/api/v1/products/docks", """{"name":"Docks","dialects":["dji"],"login":{"user":"pilots","password":"open"}}""")).Is(HttpStatusCode.Created);
        foreach (var sn in (string[])["SN1", "SN2"])
            (await house.SendAsync("PUT", $"/api/v1/products/docks/devices/{sn}", """{"secret":"dock-secret"}""")).Is(HttpStatusCode.Created);
        return house;
    }

    static MqttConnect Dock(string user, string clientId, string password = "dock-secret") =>
        new() { Version = MqttVersion.V50, ClientId = clientId, UserName = user, Password = Encoding.UTF8.GetBytes(password), KeepAliveSeconds = 60 };

    static async Task RefusedAsync(House house, MqttConnect connect) =>
        Assert.Equal(MqttReasonCode.ClientIdentifierNotValid, (await Assert.ThrowsAsync<MqttException>(() => AppClient.DialAsync(house.Server.MqttPort, connect))).Reason);
}
