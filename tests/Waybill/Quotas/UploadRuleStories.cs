using System.Net;
using System.Security.Cryptography;
using Waybill.Data;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Quotas;

public sealed class UploadRuleStories
{
    const string Product = "/api/v1/products/ABCDE12345";
    const string Rules = Product + "/upload-rules";
    const string Device = Product + "/devices/dev001";
    const string OfDevice = Device + "/upload-rules";

    static readonly byte[] s_bytes = RandomNumberGenerator.GetBytes(1000);

    [Fact]
    public async Task Rules_are_put_read_and_taken_away()
    {
        await using var house = await StartAsync();
        Assert.Null((await house.SendAsync("GET", Rules)).Is(HttpStatusCode.OK)["from"]);
        var put = (await house.SendAsync("PUT", Rules, """{"maxFiles":10,"types":["AUDIO","FILE"],"keepDays":30}""")).Is(HttpStatusCode.OK);
        Assert.Equal(("product", "10", null, "AUDIO", "30"), (put["from"], put["maxFiles"], put["maxBytes"], put["types.0"], put["keepDays"]));
        Assert.Equal(put.Text, (await house.SendAsync("GET", OfDevice)).Text);
        var own = (await house.SendAsync("PUT", OfDevice, """{"maxFiles":20}""")).Is(HttpStatusCode.OK);
        Assert.Equal(("device", "20", null), (own["from"], own["maxFiles"], own["keepDays"]));
        await house.RestartAsync();
        Assert.Equal(own.Text, (await house.SendAsync("GET", OfDevice)).Text);
        Assert.Equal(put.Text, (await house.SendAsync("GET", Rules)).Text);
        (await house.SendAsync("DELETE", OfDevice)).Is(HttpStatusCode.NoContent);
        Assert.Equal(put.Text, (await house.SendAsync("GET", OfDevice)).Text);
        (await house.SendAsync("DELETE", Rules)).Is(HttpStatusCode.NoContent);
        Assert.Null((await house.SendAsync("GET", OfDevice))["from"]);
        (await house.SendAsync("GET", Product + "/devices/none/upload-rules")).IsProblem(HttpStatusCode.NotFound, "device_not_found");
        (await house.SendAsync("PUT", "/api/v1/products/NONE/upload-rules", "{}")).IsProblem(HttpStatusCode.NotFound, "product_not_found");
    }

    [Fact]
    public async Task Rules_go_with_their_product()
    {
        await using var house = await StartAsync();
        (await house.SendAsync("PUT", Rules, """{"maxFiles":1}""")).Is(HttpStatusCode.OK);
        (await house.SendAsync("PUT", OfDevice, """{"maxFiles":2}""")).Is(HttpStatusCode.OK);
        (await house.SendAsync("DELETE", Device)).Is(HttpStatusCode.NoContent);
        (await house.SendAsync("DELETE", Product)).Is(HttpStatusCode.NoContent);
        await house.DeviceAsync();
        Assert.Null((await house.SendAsync("GET", Rules))["from"]);
        Assert.Null((await house.SendAsync("GET", OfDevice))["from"]);
        Assert.Equal(0, await house.Get<Database>().FirstAsync<long>("select count(*) from upload_rules", null, House.Soon));
    }

    [Fact]
    public async Task Rules_that_cannot_be_are_told_field_by_field()
    {
        await using var house = await StartAsync();
        var wrong = await house.SendAsync(
            "PUT", Rules, """{"maxFiles":-1,"maxBytes":-1,"perHour":10001,"maxSize":-1,"types":[],"keepDays":0,"keepNewest":0}""");
        wrong.IsProblem(HttpStatusCode.BadRequest, "invalid");
        Assert.Equal(["maxFiles", "maxBytes", "perHour", "maxSize", "keepDays", "keepNewest", "types"], wrong.Wrong);
    }

    [Fact]
    public async Task An_upload_beyond_the_rules_gets_no_url_and_the_device_page_says_why()
    {
        await using var house = await StartAsync();
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        (await house.SendAsync("PUT", Rules, """{"maxFiles":1,"maxSize":1000}""")).Is(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, await device.AskUploadAsync("a", s_bytes), s_bytes));
        await RefusedAsync(device, "b", 1000);
        var page = await house.SendAsync("GET", Device);
        Assert.Equal(("1", "1000", "1", "quota_exceeded", "b"),
            (page["uploads.files"], page["uploads.bytes"], page["uploads.rules.maxFiles"], page["uploads.lastRefused.code"], page["uploads.lastRefused.file"]));
        // a device with rules of its own has nothing to do with the product's
        (await house.SendAsync("PUT", OfDevice, """{"maxSize":999}""")).Is(HttpStatusCode.OK);
        await RefusedAsync(device, "b", 1000);
        Assert.Equal("size_refused", (await house.SendAsync("GET", Device))["uploads.lastRefused.code"]);
        (await house.SendAsync("DELETE", OfDevice)).Is(HttpStatusCode.NoContent);
        (await house.SendAsync("DELETE", Rules)).Is(HttpStatusCode.NoContent);
        await device.AskUploadAsync("b", s_bytes);
        Assert.Contains("waybill_upload_refused_total{reason=\"quota_exceeded\"}", await house.Api.GetStringAsync(new Uri("/metrics", UriKind.Relative), House.Soon), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uploads_are_counted_over_a_restart_and_by_the_hour()
    {
        await using var house = await StartAsync();
        (await house.SendAsync("PUT", Rules, """{"perHour":2}""")).Is(HttpStatusCode.OK);
        await using (var device = await HubDevice.ConnectAsync(house.Server.MqttPort))
        {
            await device.AskUploadAsync("a", s_bytes);
            await device.AskUploadAsync("b", s_bytes);
        }
        await house.RestartAsync();
        await using (var device = await HubDevice.ConnectAsync(house.Server.MqttPort))
        {
            await RefusedAsync(device, "c", 1000);
            await device.AskUploadAsync("b", s_bytes);
            Assert.Equal("2", (await house.SendAsync("GET", Device))["uploads.lastHour"]);
        }
    }

    static async Task<House> StartAsync()
    {
        var house = await House.StartAsync(("PublicUrl", "http://files.example.com"));
        await house.DeviceAsync();
        return house;
    }

    /// <summary>The dialect has no answer for it: what is answered is what the device says next.</summary>
    static async Task RefusedAsync(HubDevice device, string name, int size)
    {
        await device.SayAsync($$"""{"type":"create_upload_task","size":{{size}},"name":"{{name}}","md5sum":"{{HubDevice.Md5(s_bytes)}}"}""");
        await device.ReportAsync("upload", "nothing");
        Assert.False(device.HasHeard("create_upload_task_rsp"));
    }
}
