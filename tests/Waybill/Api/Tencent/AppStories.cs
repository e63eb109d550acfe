using System.Net;
using System.Security.Cryptography;
using Waybill.Data;
using Waybill.Files;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Api.Tencent;

/// <summary>The calls of existing apps, to the devices of their users and back.</summary>
public sealed class AppStories
{
    const string Describe = "AppDescribeDeviceResource";

    [Fact]
    public async Task An_app_sends_a_recording_to_its_device_and_follows_it()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var app = await PhoneApp.StartAsync(house);
        var bytes = RandomNumberGenerator.GetBytes(20_000);
        var resource = await app.BringAsync("zd.mp3", bytes);
        Assert.Matches("^USER_[0-9a-f]{10}_RES_zd.mp3$", resource);
        (await app.CallAsync(Describe, PhoneApp.On(resource))).Refused("ResourceNotFound.DeviceResourceNotExist");
        var ordered = (await app.CallAsync("AppControlDeviceResource", PhoneApp.On(resource, "1.0.0", "update"))).Answered();
        Assert.Equal("""{"Response":{"RequestId":"the-app-s-own-id"}}""", ordered.Text);
        Assert.Equal("1", (await app.CallAsync(Describe, PhoneApp.On(resource)))["Response.Resource.Status"]);

        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        await device.SayAsync("""{"type":"get_download_task"}""");
        var task = await device.HearAsync("get_download_task_rsp");
        Assert.Equal(resource, task.GetProperty("name").GetString());
        Assert.Equal(HubDevice.Md5(bytes), task.GetProperty("md5sum").GetString());
        Assert.Equal(bytes, await HubDevice.GetAsync(house.Devices, task.GetProperty("url").GetString()!));
        await device.ReportAsync("download", resource);

        await Eventually.IsAsync("delivered", async () => (await app.CallAsync(Describe, PhoneApp.On(resource)))["Response.Resource.Status"] == "4");
        var told = (await app.CallAsync(Describe, PhoneApp.On(resource))).Answered();
        foreach (var (field, value) in (IEnumerable<(string, string)>)[("ProductId", Keyring.Product), ("DeviceName", "dev001"), ("ResourceName", resource), ("ResourceVer", "1.0.0"), ("ResourceType", "FILE")])
            Assert.Equal(value, told[$"Response.Resource.{field}"]);
        Assert.InRange(told.Json.GetProperty("Response").GetProperty("Resource").GetProperty("CreateTime").GetInt64(), DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);
        Assert.Equal("ok", (await house.SendAsync("GET", "/api/v1/transfers"))["items.0.state"]);
    }

    [Fact]
    public async Task The_bytes_must_be_those_that_were_announced()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var app = await PhoneApp.StartAsync(house);
        var (bytes, other) = (RandomNumberGenerator.GetBytes(1000), RandomNumberGenerator.GetBytes(1000));
        var named = PhoneApp.Named("a", "1", bytes);
        (await app.CallAsync("AppCreateProductResource", named)).Refused("ResourceNotFound.ResourceFileNotExist");
        var url = (await app.CallAsync("AppGetResourceUploadURL", named)).Answered()["Response.UploadUrl"]!;
        Assert.Equal(HttpStatusCode.Forbidden, await HubDevice.PutAsync(house.Devices, url, bytes[..999]));
        Assert.Equal(HttpStatusCode.NotFound, await HubDevice.PutAsync(house.Devices, url + "x", bytes));
        Assert.Equal(HttpStatusCode.NotFound, (await house.Devices.GetAsync(new Uri(url), House.Soon)).StatusCode);
        (await app.CallAsync("AppCreateProductResource", named)).Refused("ResourceNotFound.ResourceFileNotExist");
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, url, other));
        (await app.CallAsync("AppCreateProductResource", named)).Refused("FailedOperation.ResourceFileNotMatch");
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, url, bytes));
        (await app.CallAsync("AppCreateProductResource", named)).Answered();
        (await app.CallAsync("AppCreateProductResource", named)).Answered();
        var next = (await app.CallAsync("AppGetResourceUploadURL", PhoneApp.Named("a", "1", other)))["Response.UploadUrl"]!;
        Assert.Equal(HttpStatusCode.Forbidden, await HubDevice.PutAsync(house.Devices, url, bytes));
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, next, other));
        (await app.CallAsync("AppCreateProductResource", PhoneApp.Named("a", "1", other))).Refused("FailedOperation.ProductResourceDuplicate");
    }

    [Fact]
    public async Task Of_bytes_whose_slot_was_superseded_under_way_nothing_stays()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var app = await PhoneApp.StartAsync(house);
        byte[] bytes = RandomNumberGenerator.GetBytes(1000), other = RandomNumberGenerator.GetBytes(1001);
        var url = (await app.CallAsync("AppGetResourceUploadURL", PhoneApp.Named("a", "1", bytes)))["Response.UploadUrl"]!;
        using var held = new HeldContent(bytes);
        var put = house.Devices.PutAsync(new Uri(new Uri(url).AbsolutePath, UriKind.Relative), held, House.Soon);
        await Eventually.IsAsync("a body on its way", () => Directory.GetFiles(Path.Join(house.Directory, "incoming")).Length == 1);
        (await app.CallAsync("AppGetResourceUploadURL", PhoneApp.Named("a", "1", other))).Answered();
        held.Release();
        using var answer = await put;
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(Directory.GetFiles(house.Directory, Convert.ToHexStringLower(SHA256.HashData(bytes)), SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_slot_closes_with_its_device_and_its_product()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var app = await PhoneApp.StartAsync(house);
        byte[] bytes = [1, 2, 3];
        var url = (await app.CallAsync("AppGetResourceUploadURL", PhoneApp.Named("a", "1", bytes)))["Response.UploadUrl"]!;
        foreach (var path in (string[])[$"/api/v1/products/{Keyring.Product}", $"/api/v1/products/{Keyring.Product}/devices/dev001"])
        {
            (await house.SendAsync("PATCH", path, """{"disabled":true}""")).Is(HttpStatusCode.OK);
            Assert.Equal(HttpStatusCode.Forbidden, await HubDevice.PutAsync(house.Devices, url, bytes));
            (await house.SendAsync("PATCH", path, """{"disabled":false}""")).Is(HttpStatusCode.OK);
        }
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, url, bytes));
    }

    [Fact]
    public async Task A_user_reads_back_what_he_brought_for_a_time()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var app = await PhoneApp.StartAsync(house);
        var bytes = RandomNumberGenerator.GetBytes(500);
        await app.BringAsync("a.mp3", bytes);
        object Ask(int? life) => new { ProductId = Keyring.Product, UserResourceName = "a.mp3", ResourceVer = "1.0.0", EffectiveTime = life };
        var url = (await app.CallAsync("AppGetResourceDownloadUrl", Ask(null))).Answered()["Response.DownloadUrl"]!;
        Assert.Equal(bytes, await HubDevice.GetAsync(house.Devices, url));
        Assert.Equal(HttpStatusCode.NotFound, await HubDevice.PutAsync(house.Devices, url, bytes));
        var brief = (await app.CallAsync("AppGetResourceDownloadUrl", Ask(1)))["Response.DownloadUrl"]!;
        await Eventually.IsAsync("the URL's end", async () => (await house.Devices.GetAsync(new Uri(brief), House.Soon)).StatusCode == HttpStatusCode.Forbidden);
        (await app.CallAsync("AppGetResourceDownloadUrl", Ask(86_401))).Refused("InvalidParameterValue");
        (await app.CallAsync("AppGetResourceDownloadUrl", new { ProductId = Keyring.Product, UserResourceName = "b", ResourceVer = "1" })).Refused("ResourceNotFound.ResourceFileNotExist");
    }

    [Fact]
    public async Task Users_of_one_device_have_names_of_their_own_and_a_user_of_two_has_one()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await house.DeviceAsync(device: "dev002");
        var names = new List<string>();
        foreach (var user in (string[])["alice", "bob", "alice"])
        {
            var body = $$"""{"product":"{{Keyring.Product}}","devices":["dev001","dev002"],"actions":["files.read","files.write"],"user":"{{user}}"}""";
            var token = (await house.SendAsync("POST", "/api/v1/app-tokens", body)).Is(HttpStatusCode.OK)["token"]!;
            names.Add(await new PhoneApp(house, token).BringAsync("a", [1, 2, 3]));
        }
        Assert.Equal(names[0], names[2]);
        Assert.NotEqual(names[0], names[1]);
        foreach (var device in (string[])["dev001", "dev002"])
            Assert.Equal(names.Distinct().Order(), ScopeStories.Of(await house.SendAsync("GET", $"/api/v1/products/{Keyring.Product}/devices/{device}/files"), "name").Order());
    }

    [Fact]
    public async Task Bytes_that_nobody_made_a_file_go_and_those_of_a_file_stay()
    {
        await using var house = await House.StartAsync(("Objects:Grace", "00:00:00.1"));
        await house.DeviceAsync();
        var app = await PhoneApp.StartAsync(house);
        byte[] kept = [1, 2, 3];
        byte[][] lost = [[1], [2]];
        await app.BringAsync("kept", kept);
        // the second takes the place of the first, and nobody takes the second
        foreach (var bytes in lost)
        {
            var url = (await app.CallAsync("AppGetResourceUploadURL", PhoneApp.Named("lost", "1", bytes)))["Response.UploadUrl"]!;
            Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, url, bytes));
        }
        await Eventually.IsAsync("the replaced bytes gone", () => !File.Exists(ObjectPath(house, lost[0])));
        await house.Get<Database>().WriteAsync(db => db.RunAsync("update upload_slots set expires_at = 0"), House.Soon);
        Assert.True(File.Exists(ObjectPath(house, lost[1])));
        await house.Get<UploadSlots>().SweepAsync(House.Soon);
        await Eventually.IsAsync("bytes that nobody took gone", () => !File.Exists(ObjectPath(house, lost[1])));
        (await app.CallAsync("AppCreateProductResource", PhoneApp.Named("lost", "1", lost[1]))).Refused("ResourceNotFound.ResourceFileNotExist");
        Assert.True(File.Exists(ObjectPath(house, kept)));
    }

    [Fact]
    public async Task URLs_begin_with_the_public_one_or_with_where_the_app_called()
    {
        foreach (var known in (string?[])[null, "https://files.example.com"])
        {
            await using var house = await House.StartAsync(("PublicUrl", known));
            await house.DeviceAsync();
            var app = await PhoneApp.StartAsync(house);
            var url = (await app.CallAsync("AppGetResourceUploadURL", PhoneApp.Named("a", "1", [1])))["Response.UploadUrl"]!;
            Assert.StartsWith($"{known ?? house.Server.Api.ToString().TrimEnd('/')}/o/f/", url, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Where_the_api_has_a_listener_of_its_own_URLs_lead_to_the_one_for_devices()
    {
        await using var house = await House.StartAsync(
            ("Listeners:api:Port", "0"), ("Listeners:api:Roles", "api"), ("Listeners:dev:Port", "0"), ("Listeners:dev:Roles", "devices"));
        await house.DeviceAsync();
        var app = await PhoneApp.StartAsync(house);
        var url = new Uri((await app.CallAsync("AppGetResourceUploadURL", PhoneApp.Named("a", "1", [1])))["Response.UploadUrl"]!);
        Assert.NotEqual(house.Server.Api.Port, url.Port);
        Assert.Equal(house.Server.Devices.Port, url.Port);
    }

    static string ObjectPath(House house, byte[] bytes)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return Path.Join(house.Directory, "objects", hash[..2], hash);
    }
}
