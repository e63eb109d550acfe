using System.Net;
using System.Text;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Waybill.Link;
using Xunit;

namespace Waybill.Tests.Devices;

public sealed class GatewayLoginTests
{
    const string Docks = "/api/v1/products/docks";

    [Fact]
    public async Task A_dock_comes_in_with_its_serial_number_and_either_secret_during_the_overlap()
    {
        await using var house = await StartAsync();
        Assert.Equal("docks", (await SerialAsync(house, "SN1", "first"))!.Product);
        Assert.Null(await SerialAsync(house, "SN0", "first"));
        Assert.Null(await SerialAsync(house, "no serial", "first"));
        (await house.SendAsync("POST", $"{Docks}/devices/SN1/secret:rotate", """{"secret":"second","overlapSeconds":3600}""")).Is(HttpStatusCode.OK);
        Assert.NotNull(await SerialAsync(house, "SN1", "first"));
        Assert.NotNull(await SerialAsync(house, "SN1", "second"));
        (await house.SendAsync("POST", $"{Docks}/devices/SN1/secret:rotate", """{"secret":"third","overlapSeconds":0}""")).Is(HttpStatusCode.OK);
        Assert.Equal("password_wrong", await RefusalAsync(() => SerialAsync(house, "SN1", "second")));
        (await house.SendAsync("PATCH", $"{Docks}/devices/SN1", """{"disabled":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal("device_disabled", await RefusalAsync(() => SerialAsync(house, "SN1", "third")));
    }

    [Fact]
    public async Task A_device_of_another_dialect_does_not_come_in_by_its_name()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        Assert.Null(await SerialAsync(house, "dev001", "MDEyMzQ1Njc4OWFiY2RlZg=="));
    }

    [Fact]
    public async Task The_login_of_a_product_finds_its_enabled_devices_as_they_are_at_each_connect()
    {
        await using var house = await StartAsync();
        var login = (await ProductAsync(house, "pilots", "open"))!;
        Assert.Equal(("docks", "dji"), (login.Product, Assert.Single(login.Dialects)));
        Assert.Equal("SN1", login.Find("SN1")!.Name);
        Assert.Null(login.Find("SN2"));
        (await house.SendAsync("PUT", $"{Docks}/devices/SN2", "{}")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PATCH", $"{Docks}/devices/SN1", """{"disabled":true}""")).Is(HttpStatusCode.OK);
        var again = (await ProductAsync(house, "pilots", "open"))!;
        Assert.NotNull(again.Find("SN2"));
        Assert.Null(again.Find("SN1"));
        Assert.Null(login.Find("SN1"));
        (await house.SendAsync("PUT", $"{Docks}/devices/SN3", "{}")).Is(HttpStatusCode.Created);
        (await house.SendAsync("DELETE", $"{Docks}/devices/SN2")).Is(HttpStatusCode.NoContent);
        again = (await ProductAsync(house, "pilots", "open"))!;
        Assert.NotNull(again.Find("SN3"));
        Assert.Null(again.Find("SN2"));
    }

    [Fact]
    public async Task A_wrong_password_a_disabled_product_and_another_dialect_are_refused()
    {
        await using var house = await StartAsync();
        Assert.Null(await ProductAsync(house, "nobody", "open"));
        Assert.Equal("password_wrong", await RefusalAsync(() => ProductAsync(house, "pilots", "shut")));
        var before = (await ProductAsync(house, "pilots", "open"))!;
        Assert.Equal("password_wrong", await RefusalAsync(() => ProductAsync(house, "pilots", "shut")));
        (await house.SendAsync("PATCH", Docks, """{"login":{"password":"new"}}""")).Is(HttpStatusCode.OK);
        Assert.Equal("password_wrong", await RefusalAsync(() => ProductAsync(house, "pilots", "open")));
        var after = (await ProductAsync(house, "pilots", "new"))!;
        Assert.NotEqual(before.Version, after.Version);
        Assert.Equal((after.User, after.Version), (await house.Get<ProductLogins>().StandingAsync(House.Soon))[after.ProductId]);
        (await house.SendAsync("PATCH", Docks, """{"disabled":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal("device_disabled", await RefusalAsync(() => ProductAsync(house, "pilots", "new")));
        Assert.Empty(await house.Get<ProductLogins>().StandingAsync(House.Soon));
    }

    static async Task<House> StartAsync()
    {
        var house = await House.StartAsync();
        (await house.SendAsync("PUT", Docks, """{"dialects":["dji"],"login":{"user":"pilots","password":"open"}}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", $"{Docks}/devices/SN1", """{"secret":"first"}""")).Is(HttpStatusCode.Created);
        return house;
    }

    static Task<DeviceIdentity?> SerialAsync(House house, string sn, string password) =>
        house.Get<DeviceLogin>().AdmitSerialAsync(sn, Encoding.UTF8.GetBytes(password), House.Soon).AsTask();

    static Task<ProductLogin?> ProductAsync(House house, string user, string password) =>
        house.Get<DeviceLogin>().AdmitProductAsync(user, Encoding.UTF8.GetBytes(password), House.Soon).AsTask();

    static async Task<string> RefusalAsync(Func<Task> admit) => (await Assert.ThrowsAsync<RefusedException>(admit)).Code;
}
