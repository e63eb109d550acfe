using System.Net;
using System.Security.Cryptography;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Api.Tencent;

/// <summary>The vendor's whole flow: an app, and a device with file management.</summary>
public sealed class AppExplorerStories
{
    [Fact]
    public async Task An_app_updates_and_deletes_a_file_on_its_device()
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("PUT", $"/api/v1/products/{Keyring.Product}", """{"name":"Doorbell","dialects":["tencent-explorer"]}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", $"/api/v1/products/{Keyring.Product}/devices/dev001", """{"secret":"MDEyMzQ1Njc4OWFiY2RlZg=="}""")).Is(HttpStatusCode.Created);
        var app = await PhoneApp.StartAsync(house);
        var bytes = RandomNumberGenerator.GetBytes(5000);
        await using var device = await ExplorerTalk.ConnectAsync(house.Server.MqttPort);
        await device.ReportVersionAsync();

        var resource = await app.BringAsync("ring.mp3", bytes);
        (await app.CallAsync("AppControlDeviceResource", PhoneApp.On(resource, "1.0.0", "update"))).Answered();
        var update = await device.HearAsync("update_resource");
        Assert.Equal((resource, "1.0.0", "FILE"), (ExplorerTalk.Text(update, "resource_name"), ExplorerTalk.Text(update, "version"), ExplorerTalk.Text(update, "resource_type")));
        Assert.Equal(bytes, await HubDevice.GetAsync(house.Devices, ExplorerTalk.Text(update, "url")));
        await device.ProgressAsync(resource, "1.0.0", 50);
        await StatusAsync("3");
        await device.ResultAsync(resource, "1.0.0");
        await StatusAsync("4");

        (await app.CallAsync("AppControlDeviceResource", PhoneApp.On(resource, "1.0.0", "delete"))).Answered();
        Assert.Equal(resource, ExplorerTalk.Text(await device.HearAsync("del_resource"), "resource_name"));
        await device.ResultAsync(resource, "1.0.0", method: "del_result");
        await Eventually.IsAsync("deleted", async () =>
            (await app.CallAsync("AppDescribeDeviceResource", PhoneApp.On(resource)))["Response.Error.Code"] == "ResourceNotFound.DeviceResourceNotExist");

        Task StatusAsync(string status) => Eventually.IsAsync(
            $"status {status}", async () => (await app.CallAsync("AppDescribeDeviceResource", PhoneApp.On(resource)))["Response.Resource.Status"] == status);
    }

    [Fact]
    public async Task A_name_that_is_too_long_for_the_device_s_reports_is_refused_before_it_is_brought()
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("PUT", $"/api/v1/products/{Keyring.Product}", """{"name":"Doorbell","dialects":["tencent-explorer"]}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", $"/api/v1/products/{Keyring.Product}/devices/dev001", """{"secret":"MDEyMzQ1Njc4OWFiY2RlZg=="}""")).Is(HttpStatusCode.Created);
        var app = await PhoneApp.StartAsync(house);
        foreach (var (name, version) in (IEnumerable<(string, string)>)[(new('n', 45), "1"), ("a", new('1', 33)), (new('n', 44), new('1', 27))])
            (await app.CallAsync("AppGetResourceUploadURL", PhoneApp.Named(name, version, [1]))).Refused("InvalidParameterValue");
        (await app.CallAsync("AppGetResourceUploadURL", PhoneApp.Named(new('n', 44), new('1', 26), [1]))).Answered();
    }
}
