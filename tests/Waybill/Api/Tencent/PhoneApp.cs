using System.Net;
using System.Text.Json;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Api.Tencent;

/// <summary>An app as Tencent's SDKs for phones call: everything in the body, the answer in <c>Response</c>.</summary>
sealed class PhoneApp(House house, string token)
{
    public const string All = "files.read files.write transfers.read transfers.write";

    public static async Task<PhoneApp> StartAsync(House house, string device = "dev001", string actions = All) =>
        new(house, await house.TokenAsync(House.AdminKey, device, actions));

    public Task<Reply> CallAsync(string action, object parameters) => house.TokenApiAsync(Merged(action, parameters));

    /// <summary>Brings a file, as the app's flow is: URL, PUT, create. Its name on devices comes back.</summary>
    public async Task<string> BringAsync(string name, byte[] bytes, string version = "1.0.0")
    {
        var open = (await CallAsync("AppGetResourceUploadURL", Named(name, version, bytes))).Answered();
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, open["Response.UploadUrl"]!, bytes));
        var created = (await CallAsync("AppCreateProductResource", Named(name, version, bytes))).Answered();
        Assert.Equal(open["Response.ResourceName"], created["Response.ResourceName"]);
        return created["Response.ResourceName"]!;
    }

    public static object Named(string name, string version, byte[] bytes) => new
    {
        ProductId = Keyring.Product,
        UserResourceName = name,
        ResourceVer = version,
        FileSize = bytes.Length,
        FileHash = HubDevice.Md5(bytes),
        ResourceType = "FILE",
        ReadProtect = 1,
    };

    public static object On(string resource, string? version = null, string? method = null, string device = "dev001") =>
        new { DeviceId = $"{Keyring.Product}/{device}", ResourceName = resource, ResourceVer = version, Method = method };

    string Merged(string action, object parameters)
    {
        var all = JsonSerializer.SerializeToNode(parameters)!.AsObject();
        (all["Action"], all["AccessToken"], all["RequestId"]) = (action, token, "the-app-s-own-id");
        return all.ToJsonString();
    }
}
