using System.Net;
using System.Security.Cryptography;
using Waybill.Data;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>Files come to a device, are uploaded by it and are removed from it, in the explorer dialect.</summary>
public sealed class ExplorerStories
{
    const string Device = "/api/v1/products/ABCDE12345/devices/dev001";

    [Fact]
    public async Task A_file_comes_to_the_device_only_after_it_said_what_it_holds()
    {
        await using var house = await StartAsync();
        var bytes = RandomNumberGenerator.GetBytes(120_000);
        await house.OrderAsync("greet.wav", bytes);
        await using var device = await ExplorerTalk.ConnectAsync(house.Server.MqttPort);
        await device.ProgressAsync("other", "1", 10);
        Assert.Empty(await device.ReportVersionAsync());

        var update = await device.HearAsync("update_resource");
        Assert.Equal(("greet.wav", "1", "FILE"), (ExplorerTalk.Text(update, "resource_name"), ExplorerTalk.Text(update, "version"), ExplorerTalk.Text(update, "resource_type")));
        Assert.Equal((ExplorerTalk.Md5(bytes), 120_000), (ExplorerTalk.Text(update, "md5sum"), update.GetProperty("file_size").GetInt32()));
        await device.ProgressAsync("greet.wav", "1", 40);
        await Eventually.IsAsync("40 %", async () => (await LastAsync(house))["items.0.percent"] == "40");
        Assert.Equal(bytes, await ExplorerTalk.GetAsync(house.Devices, ExplorerTalk.Text(update, "url")));
        await device.ResultAsync("greet.wav", "1");
        await StateAsync(house, "ok");

        var look = await house.SendAsync("GET", Device);
        Assert.Equal(("greet.wav", "1"), (look["holds.files.0.name"], look["holds.files.0.version"]));
        Assert.Empty(look.Json.GetProperty("holds").GetProperty("differences").EnumerateArray());
    }

    [Fact]
    public async Task The_next_command_waits_for_the_final_report_and_a_new_report_brings_it_again()
    {
        await using var house = await StartAsync();
        await house.OrderAsync("one", [1]);
        await house.OrderAsync("two", [2]);
        await using (var device = await ExplorerTalk.ConnectAsync(house.Server.MqttPort))
        {
            await device.ReportVersionAsync(("x", "1"));
            Assert.Equal("one", ExplorerTalk.Text(await device.HearAsync("update_resource"), "resource_name"));
            await device.ReportVersionAsync(("x", "1"));
            var again = await device.HearAsync("update_resource");
            Assert.Equal("one", ExplorerTalk.Text(again, "resource_name"));
            await ExplorerTalk.GetAsync(house.Devices, ExplorerTalk.Text(again, "url"));
            // some SDKs send the final result under this method
            await device.ResultAsync("one", "1", method: "report_progress");
            Assert.Equal("two", ExplorerTalk.Text(await device.HearAsync("update_resource"), "resource_name"));
        }
        await using var later = await ExplorerTalk.ConnectAsync(house.Server.MqttPort);
        Assert.Equal(["x 1", "one 1"], await later.ReportVersionAsync(("x", "1"), ("one", "1")));
        Assert.Equal("two", ExplorerTalk.Text(await later.HearAsync("update_resource"), "resource_name"));
    }

    [Fact]
    public async Task A_device_without_room_is_not_asked_again()
    {
        await using var house = await StartAsync();
        await house.OrderAsync("big", new byte[1000]);
        await using var device = await ExplorerTalk.ConnectAsync(house.Server.MqttPort);
        await device.ReportVersionAsync(("x", "1"));
        await device.HearAsync("update_resource");
        await device.ResultAsync("big", "1", -6, "space not enough");
        await StateAsync(house, "failed");
        var failed = await LastAsync(house);
        Assert.Equal(("-6", "space not enough", "1"), (failed["items.0.code"], failed["items.0.reason"], failed["items.0.attempts"]));
        await device.ReportVersionAsync(("x", "1"));
        await device.ReportVersionAsync(("x", "1"));
        Assert.False(device.HasHeard("update_resource"));
    }

    [Fact]
    public async Task An_upload_of_unknown_size_is_ok_when_its_bytes_are_stored()
    {
        await using var house = await StartAsync();
        await using var device = await ExplorerTalk.ConnectAsync(house.Server.MqttPort);
        var bytes = RandomNumberGenerator.GetBytes(90_000);
        var (url, token) = await device.RequestUrlAsync("pic.jpg");
        Assert.InRange(token.Length, 1, 120);
        Assert.Equal(("upload", "sent", null), await UploadAsync(house, token));
        await device.PostResultAsync(token);
        await Eventually.IsAsync("not believed", async () => (await house.SendAsync("GET", $"/api/v1/uploads/{token}"))["step"] == "verifying");
        Assert.Equal(HttpStatusCode.OK, await ExplorerTalk.PutAsync(house.Devices, url, bytes));
        Assert.Equal(("upload", "ok", "90000"), await UploadAsync(house, token));
        var id = (await house.SendAsync("GET", $"/api/v1/uploads/{token}")).Id;
        Assert.Equal(bytes, await house.Api.GetByteArrayAsync(new Uri($"/api/v1/transfers/{id}/content", UriKind.Relative), House.Soon));
        Assert.Equal(HttpStatusCode.OK, await ExplorerTalk.PutAsync(house.Devices, url, bytes));
        bytes[7] ^= 1;
        Assert.Equal(HttpStatusCode.Forbidden, await ExplorerTalk.PutAsync(house.Devices, url, bytes));
        Assert.Equal(HttpStatusCode.Forbidden, await ExplorerTalk.PutAsync(house.Devices, url, [1]));
    }

    [Fact]
    public async Task A_token_is_of_one_device_and_nonsense_names_nothing()
    {
        await using var house = await StartAsync();
        await house.SendAsync("PUT", "/api/v1/products/ABCDE12345/devices/dev002", """{"secret":"MDEyMzQ1Njc4OWFiY2RlZg=="}""");
        await using var device = await ExplorerTalk.ConnectAsync(house.Server.MqttPort);
        await using var other = await ExplorerTalk.ConnectAsync(house.Server.MqttPort, "dev002");
        var (_, token) = await device.RequestUrlAsync("pic.jpg");
        await other.PostResultAsync(token, -1, "post_fail");
        await other.PostResultAsync("tok-123", -1, "post_fail");
        await other.ReportVersionAsync(("x", "1"));
        Assert.Equal(("upload", "sent", null), await UploadAsync(house, token));
        (await house.SendAsync("GET", "/api/v1/uploads/tok-123")).IsProblem(HttpStatusCode.NotFound, "transfer_not_found");
    }

    [Fact]
    public async Task A_file_is_removed_and_one_that_is_not_there_is_as_good_as_removed()
    {
        await using var house = await StartAsync();
        await using var device = await ExplorerTalk.ConnectAsync(house.Server.MqttPort);
        await device.ReportVersionAsync(("a", "1"), ("b", "2"));
        await RemoveAsync(house, "a", "1");
        var command = await device.HearAsync("del_resource");
        Assert.Equal(("a", "1", "FILE"), (ExplorerTalk.Text(command, "resource_name"), ExplorerTalk.Text(command, "version"), ExplorerTalk.Text(command, "resource_type")));
        Assert.Equal(("1", null), Difference(await house.SendAsync("GET", Device)));
        await device.ResultAsync("a", "1", method: "del_result");
        await StateAsync(house, "ok");
        await RemoveAsync(house, "gone", "1");
        await device.HearAsync("del_resource");
        await device.ResultAsync("gone", "1", -2, "file_not_exist", "del_result");
        await StateAsync(house, "ok");
        Assert.Equal(["b 2"], await device.ReportVersionAsync());

        var history = await house.SendAsync("GET", Device + "/held-files?limit=1");
        Assert.Equal(("a", null), (history["items.0.changes.0.name"], history["items.0.changes.0.version"]));
        var older = (await house.SendAsync("GET", $"{Device}/held-files?after={history["next"]}")).Is(HttpStatusCode.OK);
        Assert.Equal(("a", "1"), (older["items.0.changes.0.name"], older["items.0.changes.0.version"]));
        Assert.Equal(("b", "2", null), (older["items.0.changes.1.name"], older["items.0.changes.1.version"], older["next"]));
        (await house.SendAsync("DELETE", Device)).Is(HttpStatusCode.NoContent);
        Assert.Equal(0, await house.Get<Database>().FirstAsync<int>("select count(*) from held_changes", null, House.Soon));
    }

    [Fact]
    public async Task A_device_that_lost_its_list_gets_it_back_and_what_does_not_fit_is_shown()
    {
        await using var house = await StartAsync();
        await using var device = await ExplorerTalk.ConnectAsync(house.Server.MqttPort);
        var files = Enumerable.Range(1, 40).Select(i => ($"a-file-with-a-long-name-{i:000}.wav", "1.0.0")).ToArray();
        await device.ReportVersionAsync(files);
        var told = await device.ReportVersionAsync();
        Assert.InRange(told.Count, 15, 39);
        Assert.Equal(files.Reverse().Take(told.Count).Select(f => $"{f.Item1} {f.Item2}"), told);
        var look = await house.SendAsync("GET", Device);
        Assert.Equal(40, look.Json.GetProperty("holds").GetProperty("files").GetArrayLength());
        Assert.Equal(
            files.Reverse().Skip(told.Count).Select(f => f.Item1),
            look.Json.GetProperty("holds").GetProperty("notTold").EnumerateArray().Select(n => n.GetString()));
    }

    [Fact]
    public async Task Other_services_on_the_topic_are_left_alone()
    {
        await using var house = await StartAsync();
        await using var device = await ExplorerTalk.ConnectAsync(house.Server.MqttPort);
        await device.SayAsync("""{"method":"unbind_device","clientToken":"c","timestamp":1}""");
        await device.SayAsync("not json at all \u0000");
        Assert.Equal(["x 1"], await device.ReportVersionAsync(("x", "1")));
    }

    [Fact]
    public async Task What_a_device_cannot_be_told_of_is_refused()
    {
        await using var house = await StartAsync();
        (await house.PutBytesAsync($"/api/v1/products/ABCDE12345/files/{new string('n', 60)}/{new string('1', 31)}", [1])).Is(HttpStatusCode.Created);
        var order = $$$"""{"kind":"download","product":"ABCDE12345","device":"dev001","file":{"name":"{{{new string('n', 60)}}}","version":"{{{new string('1', 31)}}}"}}""";
        (await house.SendAsync("POST", "/api/v1/transfers", order)).IsProblem(HttpStatusCode.UnprocessableEntity, "not_for_device");
    }

    [Fact]
    public async Task A_product_of_both_dialects_is_told_in_the_one_its_device_speaks()
    {
        await using var house = await StartAsync("tencent-hub", "tencent-explorer");
        await house.OrderAsync("one", [1]);
        await using (var explorer = await ExplorerTalk.ConnectAsync(house.Server.MqttPort))
        {
            await explorer.ReportVersionAsync(("x", "1"));
            Assert.Equal("one", ExplorerTalk.Text(await explorer.HearAsync("update_resource"), "resource_name"));
        }
        await using var hub = await HubDevice.ConnectAsync(house.Server.MqttPort);
        await hub.AskUploadAsync("log", [1]);
        Assert.Equal("one", ExplorerTalk.Text(await hub.HearAsync("download"), "name"));
        await RemoveAsync(house, "x", "1");
        await hub.AskUploadAsync("log2", [1]);
        Assert.False(hub.HasHeard("del_resource"));
    }

    static async Task<House> StartAsync(params string[] dialects)
    {
        var house = await House.StartAsync(("PublicUrl", "http://files.example.com"));
        var names = string.Join(',', (dialects.Length > 0 ? dialects : ["tencent-explorer"]).Select(d => $"\"{d}\""));
        (await house.SendAsync("PUT", "/api/v1/products/ABCDE12345", $$"""{"name":"Doorbell","dialects":[{{names}}]}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", Device, """{"secret":"MDEyMzQ1Njc4OWFiY2RlZg=="}""")).Is(HttpStatusCode.Created);
        return house;
    }

    static async Task RemoveAsync(House house, string name, string version) => (await house.SendAsync(
        "POST",
        "/api/v1/transfers",
        $$$"""{"kind":"removal","product":"ABCDE12345","device":"dev001","file":{"name":"{{{name}}}","version":"{{{version}}}"}}""")).Is(HttpStatusCode.Created);

    static Task<Reply> LastAsync(House house) => house.SendAsync("GET", "/api/v1/transfers?limit=1");

    static Task StateAsync(House house, string state) => Eventually.IsAsync(state, async () => (await LastAsync(house))["items.0.state"] == state);

    static async Task<(string?, string?, string?)> UploadAsync(House house, string token)
    {
        var upload = (await house.SendAsync("GET", $"/api/v1/uploads/{token}")).Is(HttpStatusCode.OK);
        return (upload["kind"], upload["state"], upload["file.size"]);
    }

    static (string?, string?) Difference(Reply look) => (look["holds.differences.0.has"], look["holds.differences.0.wanted"]);
}
