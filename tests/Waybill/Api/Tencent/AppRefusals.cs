using Waybill.Api;
using Waybill.Devices;
using Xunit;

namespace Waybill.Tests.Api.Tencent;

/// <summary>Apps with another's token, an old one, or nonsense.</summary>
public sealed class AppRefusals
{
    const string InvalidToken = "InvalidParameterValue.InvalidAccessToken";
    const string P = Keyring.Product;

    [Fact]
    public async Task A_token_is_for_its_devices_and_actions_and_its_time()
    {
        await using var house = await StartAsync();
        var mine = await PhoneApp.StartAsync(house);
        var theirs = await PhoneApp.StartAsync(house, "dev002");
        var resource = await theirs.BringAsync("a", [1, 2, 3]);
        foreach (var (action, parameters) in (IEnumerable<(string, object)>)[("AppControlDeviceResource", PhoneApp.On(resource, "1.0.0", "update", "dev002")), ("AppDescribeDeviceResource", PhoneApp.On(resource, device: "dev002"))])
            (await mine.CallAsync(action, parameters)).Refused("ResourceNotFound.DeviceNotExist");
        (await mine.CallAsync("AppControlDeviceResource", PhoneApp.On(resource, "1.0.0", "update"))).Refused("ResourceNotFound.ProductResourceNotExist");
        (await mine.CallAsync("AppGetResourceDownloadUrl", PhoneApp.Named("a", "1.0.0", []))).Refused("ResourceNotFound.ResourceFileNotExist");
        (await mine.CallAsync("AppGetResourceUploadURL", new { ProductId = Keyring.Other, UserResourceName = "a", ResourceVer = "1", FileSize = 1 })).Refused("ResourceNotFound.ProductNotExist");

        var narrow = await PhoneApp.StartAsync(house, actions: "transfers.read");
        foreach (var action in (string[])["AppGetResourceUploadURL", "AppCreateProductResource", "AppControlDeviceResource", "AppGetResourceDownloadUrl"])
            (await narrow.CallAsync(action, PhoneApp.Named("a", "1", [1]))).Refused("UnauthorizedOperation");

        var by = new Caller("test", house.Get<AdminKey>().Id, Actions.None, Scope.Everything);
        var late = house.Get<AppTokens>().Mint(by, new([P], ["dev001"]), Actions.FilesWrite, TimeSpan.Zero).Text;
        (await new PhoneApp(house, late).CallAsync("AppGetResourceUploadURL", PhoneApp.Named("a", "1", [1]))).Refused(InvalidToken);
        foreach (var no in (string[])["", "x", House.AdminKey, await house.KeyAsync("app")])
            (await new PhoneApp(house, no).CallAsync("AppGetResourceUploadURL", PhoneApp.Named("a", "1", [1]))).Refused(InvalidToken);
        var revoked = await house.TokenAsync((await house.SendAsync("POST", "/api/v1/keys/app/rotate", "{}"))["key"]!, actions: "files.write");
        (await house.SendAsync("DELETE", "/api/v1/keys/app")).Is(System.Net.HttpStatusCode.NoContent);
        (await new PhoneApp(house, revoked).CallAsync("AppGetResourceUploadURL", PhoneApp.Named("a", "1", [1]))).Refused(InvalidToken);
    }

    [Fact]
    public async Task What_devices_could_not_be_told_of_is_refused_before_it_is_brought()
    {
        await using var house = await StartAsync();
        var app = await PhoneApp.StartAsync(house);
        foreach (var (name, version) in (IEnumerable<(string, string)>)[(new('n', 45), "1"), ("a/b", "1"), ("a\"", "1"), ("..", "1"), ("a", "1/2"), ("a", new('1', 65))])
            (await app.CallAsync("AppGetResourceUploadURL", PhoneApp.Named(name, version, [1]))).Refused("InvalidParameterValue");
        foreach (var size in (long[])[-1, (long)int.MaxValue + 1])
            (await app.CallAsync("AppGetResourceUploadURL", new { ProductId = P, UserResourceName = "a", ResourceVer = "1", FileSize = size })).Refused("InvalidParameterValue");
        (await app.CallAsync("AppCreateProductResource", new { ProductId = P, UserResourceName = "a", ResourceVer = "1", FileSize = 1, FileHash = "no md5" })).Refused("InvalidParameterValue");
        foreach (var (device, method) in (IEnumerable<(string, string)>)[("dev001", "update"), ($"{P}/dev001/x", "update"), ($"{P}/dev001", "upgrade")])
            (await app.CallAsync("AppControlDeviceResource", new { DeviceId = device, ResourceName = "a", ResourceVer = "1", Method = method })).Refused("InvalidParameterValue");
        (await app.CallAsync("AppControlDeviceResource", PhoneApp.On("a", "1", "delete"))).Refused("UnsupportedOperation");
    }

    [Fact]
    public async Task Nonsense_is_named()
    {
        await using var house = await StartAsync();
        foreach (var nonsense in (string[])["{", "[]", "7", "{\"Action\":\"a\",\"Action\":\"b\"}", new('[', 1000), "{\"\\ud800\":1}", "{\"a\":\"\0\"}"])
            (await house.TokenApiAsync(nonsense)).Refused("InvalidParameterValue.InvalidJSON");
        (await house.TokenApiAsync("")).Refused("MissingParameter");
        (await house.TokenApiAsync("""{"Action":"AppDeleteEverything"}""")).Refused("InvalidAction");
        (await house.TokenApiAsync("""{"Action":["AppDescribeDeviceResource"]}""")).Refused("InvalidParameterValue");
        (await house.TokenApiAsync("""{"Action":"AppDescribeDeviceResource","AccessToken":7}""")).Refused("InvalidParameterValue");
        (await house.TokenApiAsync("""{"Action":"AppDescribeDeviceResource","AccessToken":"\ud800"}""")).Refused("InvalidParameterValue");
        (await house.TokenApiAsync("""{"Action":"AppDescribeDeviceResource"}""")).Refused(InvalidToken);
        var long_ = (await house.TokenApiAsync($$"""{"Action":"x","RequestId":"{{new string('r', 200)}}"}""")).Refused("InvalidAction");
        Assert.Equal(36, long_["Response.RequestId"]!.Length);
        (await house.TokenApiAsync($$"""{"Action":"{{new string('a', 1 << 20)}}"}""")).Refused("RequestSizeLimitExceeded");
        var app = await PhoneApp.StartAsync(house);
        foreach (var size in (object?[])["abc", true, new { }, 1.5])
            (await app.CallAsync("AppGetResourceUploadURL", new { ProductId = P, UserResourceName = "a", ResourceVer = "1", FileSize = size })).Refused("InvalidParameterValue");
        (await app.CallAsync("AppGetResourceUploadURL", new { ProductId = P, UserResourceName = "a", ResourceVer = "1" })).Refused("MissingParameter");
        (await app.CallAsync("AppGetResourceUploadURL", new { ProductId = P, UserResourceName = "a", ResourceVer = "1", FileSize = "12" })).Answered();
        (await app.CallAsync("AppGetResourceUploadURL", new { ProductId = P, UserResourceName = 5, ResourceVer = "1", FileSize = 1 })).Refused("InvalidParameterValue");
    }

    static async Task<House> StartAsync()
    {
        var house = await House.StartAsync();
        await house.DeviceAsync();
        await house.DeviceAsync(device: "dev002");
        await house.DeviceAsync(Keyring.Other, "dev009");
        return house;
    }
}
