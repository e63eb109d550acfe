using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Api.Tencent;

/// <summary>The calls of programs with Tencent's cloud SDKs.</summary>
public sealed class CloudStories
{
    const string P = Keyring.Product;

    [Fact]
    public async Task A_program_finds_reads_and_deletes_what_a_device_uploaded()
    {
        await using var house = await StartAsync();
        var program = await CloudProgram.StartAsync(house);
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var (first, second) = (RandomNumberGenerator.GetBytes(2000), RandomNumberGenerator.GetBytes(3000));
        await UploadAsync(house, device, "pic", first);
        await UploadAsync(house, device, "pic", second);
        await device.AskUploadAsync("log", first);

        var list = (await program.CallAsync("DescribeDeviceResources", new { Offset = 0, Limit = 10, ProductID = P })).Answered();
        Assert.Equal("2", list["Response.TotalCount"]);
        Assert.Equal(["log", "pic"], Names(list, "Result"));
        Assert.Equal("2", list["Response.Result.0.Status"]);
        var one = (await program.CallAsync("DescribeDeviceResource", new { DeviceName = "dev001", Name = "pic" })).Answered();
        foreach (var (field, value) in (IEnumerable<(string, string)>)
            [("ProductID", P), ("ProductName", "Doorbell"), ("DeviceName", "dev001"), ("Name", "pic"), ("Md5", HubDevice.Md5(second)), ("Size", "3000"), ("Status", "4"), ("Percent", "100")])
            Assert.Equal(value, one[$"Response.Result.{field}"]);
        Assert.Matches("^20[0-9]{2}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]$", one["Response.Result.UpdateTime"]);

        var url = (await program.CallAsync("DownloadDeviceResource", new { ProductID = P, DeviceName = "dev001", Name = "pic" })).Answered()["Response.Url"]!;
        Assert.Equal(second, await HubDevice.GetAsync(house.Devices, url));
        (await program.CallAsync("DownloadDeviceResource", new { ProductID = P, DeviceName = "dev001", Name = "log" })).Refused("ResourceNotFound.DeviceResourceNotExist");
        (await program.CallAsync("DeleteDeviceResource", new { ProductID = P, DeviceName = "dev001", Name = "log" })).Refused("FailedOperation");
        (await program.CallAsync("DeleteDeviceResource", new { ProductID = P, DeviceName = "dev001", Name = "pic" })).Answered();
        foreach (var action in (string[])["DeleteDeviceResource", "DescribeDeviceResource", "DownloadDeviceResource"])
            (await program.CallAsync(action, new { ProductID = P, DeviceName = "dev001", Name = "pic" })).Refused("ResourceNotFound.DeviceResourceNotExist");
        Assert.Equal(HttpStatusCode.Forbidden, (await house.Devices.GetAsync(new Uri(url), House.Soon)).StatusCode);
        Assert.Equal(["log"], Names(await program.CallAsync("DescribeDeviceResources", new { Offset = 0, Limit = 10 }), "Result"));
    }

    [Fact]
    public async Task Device_resources_are_listed_by_device_by_time_and_in_pages()
    {
        await using var house = await StartAsync();
        await house.DeviceAsync(Keyring.Other, "dev009");
        var program = await CloudProgram.StartAsync(house);
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        await using var other = await HubDevice.ConnectAsync(house.Server.MqttPort, "dev009", product: Keyring.Other);
        await UploadAsync(house, device, "a", [1]);
        await UploadAsync(house, device, "b", [2]);
        await UploadAsync(house, other, "c", [3]);
        async Task<IEnumerable<string?>> ListAsync(object parameters) => Names((await program.CallAsync("DescribeDeviceResources", parameters)).Answered(), "Result");
        Assert.Equal(["c", "b", "a"], await ListAsync(new { Offset = 0, Limit = 250 }));
        Assert.Equal(["b"], await ListAsync(new { Offset = 1, Limit = 1 }));
        Assert.Equal(["b", "a"], await ListAsync(new { Offset = 0, Limit = 10, ProductID = P }));
        Assert.Equal(["c"], await ListAsync(new { Offset = 0, Limit = 10, DeviceName = "dev009" }));
        Assert.Equal(["c", "b", "a"], await ListAsync(new { Offset = 0, Limit = 10, StartTime = "2021-04-08 00:00:00", EndTime = "2099-01-01 00:00:00" }));
        Assert.Empty(await ListAsync(new { Offset = 0, Limit = 10, StartTime = "2099-01-01 00:00:00" }));
        Assert.Empty(await ListAsync(new { Offset = 0, Limit = 10, EndTime = "2021-04-08 00:00:00" }));
        foreach (var wrong in (object[])[new { Offset = 0, Limit = 251 }, new { Offset = -1, Limit = 10 }, new { Offset = 0, Limit = 10, EndTime = "yesterday" }, new { Offset = "x", Limit = 10 }])
            (await program.CallAsync("DescribeDeviceResources", wrong)).Refused("InvalidParameterValue");
        (await program.CallAsync("DescribeDeviceResources", new { Limit = 10 })).Refused("MissingParameter");
        (await program.CallAsync("DescribeDeviceResources", new { Offset = 0, Limit = 10, ProductID = "NONE" })).Refused("ResourceNotFound.ProductNotExist");
        (await program.CallAsync("DescribeDeviceResource", new { DeviceName = "none" })).Refused("ResourceNotFound.DeviceNotExist");
        (await program.CallAsync("DescribeDeviceResource", new { Name = "a" })).Refused("MissingParameter");
    }

    [Fact]
    public async Task A_program_lists_the_library_and_the_room_it_takes()
    {
        await using var house = await StartAsync();
        var program = await CloudProgram.StartAsync(house) with { Version = "2018-06-14" };
        foreach (var (name, version, size) in (IEnumerable<(string, string, int)>)[("fw", "1", 100), ("fw", "2", 200), ("tone", "1", 50)])
            (await house.PutBytesAsync($"/api/v1/products/{P}/files/{name}/{version}", RandomNumberGenerator.GetBytes(size))).Is(HttpStatusCode.Created);
        var list = (await program.CallAsync("DescribeProductResources", new { Offset = 0, Limit = 10, ProductID = P })).Answered();
        Assert.Equal("2", list["Response.TotalCount"]);
        Assert.Equal(["tone", "fw"], Names(list, "Result"));
        var one = (await program.CallAsync("DescribeProductResource", new { ProductID = P, Name = "fw" })).Answered();
        foreach (var (field, value) in (IEnumerable<(string, string)>)[("ProductID", P), ("ProductName", "Doorbell"), ("Name", "fw"), ("Size", "200"), ("Description", "2")])
            Assert.Equal(value, one[$"Response.Result.{field}"]);
        (await program.CallAsync("DescribeProductResource", new { ProductID = P, Name = "none" })).Refused("ResourceNotFound.ProductResourceNotExist");
        var use = (await program.CallAsync("GetUserResourceInfo")).Answered();
        Assert.Equal("350", use["Response.UsedSize"]);
        Assert.True(use.Json.GetProperty("Response").GetProperty("Limit").GetInt64() > 350);
    }

    [Fact]
    public async Task A_list_of_devices_is_put_to_its_place_and_lies_in_the_library()
    {
        await using var house = await StartAsync();
        var program = await CloudProgram.StartAsync(house);
        var place = (await program.CallAsync("CreateTaskFileUrl", new { ProductId = P })).Answered();
        var csv = Encoding.UTF8.GetBytes("dev001\ndev002\n");
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, place["Response.Url"]!, csv));
        Assert.Equal(csv, await house.Api.GetByteArrayAsync(new Uri($"/api/v1/products/{P}/files/{place["Response.FileName"]}/1/content", UriKind.Relative), House.Soon));
        Assert.Empty(Names(await program.CallAsync("DescribeProductResources", new { Offset = 0, Limit = 10 }), "Result"));
        var large = (await program.CallAsync("CreateTaskFileUrl", new { ProductId = P }))["Response.Url"]!;
        Assert.Equal(HttpStatusCode.Forbidden, await HubDevice.PutAsync(house.Devices, large, new byte[(4 << 20) + 1]));
    }

    [Fact]
    public async Task A_program_sees_how_pushes_of_a_file_fare()
    {
        await using var house = await StartAsync();
        foreach (var name in (string[])["dev002", "dev003"])
            await house.DeviceAsync(device: name);
        var program = await CloudProgram.StartAsync(house);
        byte[] bytes = [1, 2, 3];
        await house.OrderAsync("fw", bytes);
        foreach (var device in (string[])["dev002", "dev003"])
            (await house.SendAsync("POST", "/api/v1/transfers", Order(device))).Is(HttpStatusCode.Created);
        var canceled = (await house.SendAsync("GET", "/api/v1/transfers?device=dev003"))["items.0.id"];
        (await house.SendAsync("POST", $"/api/v1/transfers/{canceled}/cancel")).Is(HttpStatusCode.OK);
        await using (var device = await HubDevice.ConnectAsync(house.Server.MqttPort))
        {
            await device.SayAsync("""{"type":"get_download_task"}""");
            await HubDevice.GetAsync(house.Devices, (await device.HearAsync("get_download_task_rsp")).GetProperty("url").GetString()!);
            await device.ReportAsync("download", "fw");
        }
        await Eventually.IsAsync("one done", async () => (await program.CallAsync("DescribePushResourceTaskStatistics", new { ProductID = P, Name = "fw" }))["Response.SuccessTotal"] == "1");
        var counts = (await program.CallAsync("DescribePushResourceTaskStatistics", new { ProductID = P, Name = "fw" })).Answered();
        Assert.Equal(("1", "1"), (counts["Response.FailureTotal"], counts["Response.UpgradingTotal"]));
        async Task<Reply> TasksAsync(params object[] filters) => (await program.CallAsync("DescribeResourceTasks", new { ProductID = P, Name = "fw", Offset = 0, Limit = 10, Filters = filters })).Answered();
        var all = await TasksAsync();
        Assert.Equal("3", all["Response.Total"]);
        Assert.Equal(["5", "1", "4"], all.Json.GetProperty("Response").GetProperty("TaskInfos").EnumerateArray().Select(t => t.GetProperty("Status").ToString()));
        Assert.Equal(JsonValueKind.Number, all.Json.GetProperty("Response").GetProperty("TaskInfos")[0].GetProperty("TaskId").ValueKind);
        Assert.Equal("1", (await TasksAsync(new { Key = "Status", Value = "4" }))["Response.Total"]);
        Assert.Equal("1", (await TasksAsync(new { Key = "DeviceName", Value = "dev002" }, new { Key = "Status", Value = "1" }))["Response.Total"]);
        (await program.CallAsync("DescribeResourceTasks", new { ProductID = P, Name = "fw", Offset = 0, Limit = 10, Filters = "x" })).Refused("InvalidParameterValue");
        (await program.CallAsync("DescribeResourceTasks", new { ProductID = P, Name = "none", Offset = 0, Limit = 10 })).Refused("ResourceNotFound.ProductResourceNotExist");
    }

    static string Order(string device) => $$"""{"kind":"download","product":"{{P}}","device":"{{device}}","file":{"name":"fw","version":"1"} }""";

    static IEnumerable<string?> Names(Reply reply, string list) =>
        reply.Json.GetProperty("Response").GetProperty(list).EnumerateArray().Select(r => r.GetProperty("Name").GetString());

    static async Task UploadAsync(House house, HubDevice device, string name, byte[] bytes) =>
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, await device.AskUploadAsync(name, bytes), bytes));

    static async Task<House> StartAsync()
    {
        var house = await House.StartAsync();
        await house.DeviceAsync();
        return house;
    }
}
