using System.Net;
using System.Security.Cryptography;
using Waybill.Data;
using Waybill.Objects;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Quotas;

public sealed class RetentionStories
{
    const string Product = "/api/v1/products/ABCDE12345";
    const string Retention = Product + "/upload-retention";
    const long Day = 24 * 3600 * 1000;

    [Fact]
    public async Task A_dry_run_tells_what_goes_and_a_run_removes_it()
    {
        await using var house = await StartAsync(("Objects:Grace", "00:00:00.1"));
        var ids = await UploadAsync(house, "a", "b", "c", "d");
        (await house.SendAsync("PUT", Product + "/upload-rules", """{"keepNewest":2}""")).Is(HttpStatusCode.OK);
        var look = (await house.SendAsync("POST", Retention, """{"dryRun":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal(("True", "2", "2000", "a", "b"), (look["dryRun"], look["files"], look["bytes"], look["items.0.file"], look["items.1.file"]));
        Assert.Equal(ids["a"], look["items.0.id"]);
        foreach (var id in ids.Values)
            (await house.SendAsync("GET", $"/api/v1/transfers/{id}/content")).Is(HttpStatusCode.OK);

        var run = (await house.SendAsync("POST", Retention, "{}")).Is(HttpStatusCode.OK);
        Assert.Equal(("False", "2", "2000", "False"), (run["dryRun"], run["files"], run["bytes"], run["more"]));
        var gone = await house.SendAsync("GET", $"/api/v1/transfers/{ids["a"]}");
        Assert.Equal(("ok", null, "1000", "removed by retention: 3 newer ones are kept"), (gone["state"], gone["file.sha256"], gone["file.size"], gone["reason"]));
        var content = (await house.SendAsync("GET", $"/api/v1/transfers/{ids["b"]}/content")).IsProblem(HttpStatusCode.NotFound, "content_not_found");
        Assert.Contains("removed by retention", content["detail"], StringComparison.Ordinal);
        (await house.SendAsync("GET", $"/api/v1/transfers/{ids["c"]}/content")).Is(HttpStatusCode.OK);
        await Eventually.IsAsync("the bytes gone", () => house.Get<DiskStore>().All().Count() == 2);
        var page = await house.SendAsync("GET", Product + "/devices/dev001");
        Assert.Equal(("2", "2000"), (page["uploads.files"], page["uploads.bytes"]));
        Assert.Equal("0", (await house.SendAsync("POST", Retention, """{"dryRun":true}"""))["files"]);
    }

    [Fact]
    public async Task Bytes_that_another_upload_has_too_stay()
    {
        await using var house = await StartAsync(("Objects:Grace", "00:00:00.1"));
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var bytes = RandomNumberGenerator.GetBytes(1000);
        foreach (var name in (string[])["a", "b"])
            Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, await device.AskUploadAsync(name, bytes), bytes));
        (await house.SendAsync("PUT", Product + "/upload-rules", """{"keepNewest":1}""")).Is(HttpStatusCode.OK);
        Assert.Equal("1", (await house.SendAsync("POST", Retention, "{}"))["files"]);
        var marked = await house.Get<Database>().FirstAsync<long>("select count(*) from objects where unused_at is not null", null, House.Soon);
        Assert.Equal(0, marked);
    }

    [Fact]
    public async Task Uploads_go_by_themselves_when_their_days_are_over_and_a_devices_own_rules_go_before()
    {
        await using var house = await StartAsync(("Retention:Every", "00:00:00.1"));
        await house.DeviceAsync(device: "dev002");
        var ids = await UploadAsync(house, "a", "b");
        var others = await UploadAsync(house, "dev002", ["a"]);
        await AgeAsync(house, 8 * Day, "kind = 0 and name = 'a'");
        (await house.SendAsync("PUT", Product + "/devices/dev002/upload-rules", """{"keepDays":9}""")).Is(HttpStatusCode.OK);
        (await house.SendAsync("PUT", Product + "/upload-rules", """{"keepDays":7}""")).Is(HttpStatusCode.OK);
        await Eventually.IsAsync("the old one gone", async () =>
            (await house.SendAsync("GET", $"/api/v1/transfers/{ids["a"]}"))["reason"] == "removed by retention: kept for 7 days");
        (await house.SendAsync("GET", $"/api/v1/transfers/{ids["b"]}/content")).Is(HttpStatusCode.OK);
        (await house.SendAsync("GET", $"/api/v1/transfers/{others["a"]}/content")).Is(HttpStatusCode.OK);
        Assert.Contains("waybill_retention_uploads_total 1", await house.Api.GetStringAsync(new Uri("/metrics", UriKind.Relative), House.Soon), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transfers_that_ended_long_ago_are_forgotten_but_for_what_is_there()
    {
        await using var house = await StartAsync(("Retention:Every", "00:00:00.1"), ("Retention:Transfers", "30"));
        var kept = (await UploadAsync(house, "kept"))["kept"];
        var removed = (await UploadAsync(house, "removed"))["removed"];
        await using (var device = await HubDevice.ConnectAsync(house.Server.MqttPort))
            await device.AskUploadAsync("canceled", [1]);
        var canceled = await NewestAsync(house);
        (await house.SendAsync("POST", $"/api/v1/transfers/{canceled}/cancel")).Is(HttpStatusCode.OK);
        var (before, now) = (await OrderedAsync(house, "fw.bin", "1"), await OrderedAsync(house, "fw.bin", "2"));
        var young = await OrderedAsync(house, "young.bin", "1");
        await SqlAsync(house, "update transfers set state = 10, due_at = null where kind = 1 and name = 'fw.bin'");
        await SqlAsync(house, "update transfers set state = 11, due_at = null where kind = 1 and name = 'young.bin'");
        await SqlAsync(house, "update transfers set sha256 = null where name = 'removed'");
        await AgeAsync(house, 31 * Day, "name <> 'young.bin'");
        foreach (var forgotten in (string[])[canceled, removed, before])
            await Eventually.IsAsync("forgotten", async () => (await house.SendAsync("GET", $"/api/v1/transfers/{forgotten}")).Status == HttpStatusCode.NotFound);
        foreach (var there in (string[])[kept, now, young])
            (await house.SendAsync("GET", $"/api/v1/transfers/{there}")).Is(HttpStatusCode.OK);
        var names = await house.Get<Database>().FirstAsync<long>("select count(*) from transfer_names where name in ('canceled', 'removed')", null, House.Soon);
        Assert.Equal(0, names);
        Assert.Contains("waybill_retention_rows_total{table=\"transfers\"} 3", await house.Api.GetStringAsync(new Uri("/metrics", UriKind.Relative), House.Soon), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_device_held_long_ago_is_forgotten_and_what_it_holds_is_not()
    {
        await using var house = await StartAsync(("Retention:Every", "00:00:00.1"));
        (await house.SendAsync("PUT", Product, """{"name":"Doorbell","dialects":["tencent-explorer"]}""")).Is(HttpStatusCode.OK);
        await using var device = await ExplorerTalk.ConnectAsync(house.Server.MqttPort);
        await device.ReportVersionAsync(("a.bin", "1"));
        await SqlAsync(house, $"update held_changes set changed_at = changed_at - {181 * Day}");
        await device.ReportVersionAsync(("a.bin", "2"));
        await Eventually.IsAsync("the first report forgotten", async () =>
            await house.Get<Database>().FirstAsync<long>("select count(*) from held_changes", null, House.Soon) == 1);
        Assert.Equal(["a.bin 2"], await device.ReportVersionAsync());
    }

    [Fact]
    public async Task What_docks_did_is_forgotten_too_but_not_what_is_open()
    {
        await using var house = await StartAsync(("Retention:Every", "00:00:00.1"));
        (await house.SendAsync("PUT", "/api/v1/products/docks", """{"name":"Docks","dialects":["dji"]}""")).Is(HttpStatusCode.Created);
        foreach (var sn in (string[])["DOCK1", "DOCK2"])
        {
            (await house.SendAsync("PUT", $"/api/v1/products/docks/devices/{sn}", "{}")).Is(HttpStatusCode.Created);
            (await house.SendAsync("POST", "/api/v1/logs", $$"""{"product":"docks","gateway":"{{sn}}","modules":["3"]}""")).Is(HttpStatusCode.Created);
        }
        var newest = (await house.SendAsync("GET", "/api/v1/logs"))["items.0.id"];
        (await house.SendAsync("POST", $"/api/v1/logs/{newest}/cancel", "{}")).Is(HttpStatusCode.OK);
        await SqlAsync(house, $"update log_requests set updated_at = updated_at - {181 * Day}");
        await Eventually.IsAsync("the ended one gone", async () => (await house.SendAsync("GET", "/api/v1/logs")).Json.GetProperty("items").GetArrayLength() == 1);
        Assert.NotEqual(newest, (await house.SendAsync("GET", "/api/v1/logs"))["items.0.id"]);
    }

    static async Task<House> StartAsync(params (string, string?)[] settings)
    {
        var house = await House.StartAsync([("PublicUrl", "http://files.example.com"), .. settings]);
        await house.DeviceAsync();
        return house;
    }

    static Task<Dictionary<string, string>> UploadAsync(House house, params string[] names) => UploadAsync(house, "dev001", names);

    /// <summary>Different bytes of 1000 each; the transfers' ids by name.</summary>
    static async Task<Dictionary<string, string>> UploadAsync(House house, string name, string[] files)
    {
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort, name);
        var ids = new Dictionary<string, string>();
        foreach (var file in files)
        {
            var bytes = RandomNumberGenerator.GetBytes(1000);
            Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, await device.AskUploadAsync(file, bytes), bytes));
            ids[file] = await NewestAsync(house);
        }
        return ids;
    }

    static async Task<string> OrderedAsync(House house, string name, string version)
    {
        (await house.PutBytesAsync($"{Product}/files/{name}/{version}", RandomNumberGenerator.GetBytes(100))).Is(HttpStatusCode.Created);
        var body = $$"""{"kind":"download","product":"ABCDE12345","device":"dev001","file":{"name":"{{name}}","version":"{{version}}"} }""";
        return (await house.SendAsync("POST", "/api/v1/transfers", body)).Is(HttpStatusCode.Created).Id!;
    }

    static async Task<string> NewestAsync(House house) => (await house.SendAsync("GET", "/api/v1/transfers?limit=1"))["items.0.id"]!;

    static Task<int> AgeAsync(House house, long time, string which) =>
        SqlAsync(house, $"update transfers set created_at = created_at - {time}, updated_at = updated_at - {time} where {which}");

    static Task<int> SqlAsync(House house, string sql) => house.Get<Database>().WriteAsync(db => db.RunAsync(sql), House.Soon);
}
