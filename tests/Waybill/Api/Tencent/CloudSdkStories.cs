using System.Net;
using System.Text.Json;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Api.Tencent;

/// <summary>The vendor's own SDK for Node (<c>tests/tencent-sdk</c>) with nothing but its endpoint changed.</summary>
public sealed class CloudSdkStories
{
    [Fact]
    public async Task The_vendors_sdk_finds_and_reads_what_a_device_uploaded()
    {
        var directory = Path.Join(Checkout.Root, "tests", "tencent-sdk");
        Assert.SkipUnless(Directory.Exists(Path.Join(directory, "node_modules")), "The SDK is not there: npm ci in tests/tencent-sdk");
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var bytes = new byte[2000];
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, await device.AskUploadAsync("pic", bytes), bytes));
        var program = await CloudProgram.StartAsync(house);

        var (code, output) = await Tool.RunAsync("node", Path.Join(directory, "calls.cjs"), program.Endpoint.Authority, program.SecretId, program.SecretKey);
        Assert.True(code == 0, output);
        var answers = JsonElement.Parse(output).EnumerateArray().ToList();
        Assert.Equal(2, answers.Count);
        foreach (var answer in answers)
        {
            Assert.Equal((1, HubDevice.Md5(bytes)), (answer.GetProperty("total").GetInt32(), answer.GetProperty("md5").GetString()));
            Assert.Equal("ResourceNotFound.DeviceResourceNotExist", answer.GetProperty("missing").GetString());
            Assert.Equal(bytes, await HubDevice.GetAsync(house.Devices, answer.GetProperty("url").GetString()!));
        }
    }
}
