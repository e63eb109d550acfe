using System.Net;
using System.Security.Cryptography;
using Waybill.Data;
using Waybill.Line;
using Waybill.Protocols;
using Waybill.Tests.Stories;
using Waybill.Transfers;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class TransferStories
{
    [Fact]
    public async Task A_download_is_ordered_once_listed_and_canceled()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        (await house.PutBytesAsync("/api/v1/products/ABCDE12345/files/fw.bin/2.0", [1, 2, 3])).Is(HttpStatusCode.Created);
        var order = await OrderAsync(house, "fw.bin", "2.0");
        Assert.Equal("pending", order["state"]);
        Assert.Equal("download", order["kind"]);
        Assert.Equal("dev001", order["device"]);
        Assert.Equal("fw.bin", order["file.name"]);
        Assert.Equal("3", order["file.size"]);
        Assert.Null(order["reason"]);
        Assert.Equal(order.Id, (await OrderAsync(house, "fw.bin", "2.0")).Id);
        foreach (var query in (string[])["", "?product=ABCDE12345", "?device=dev001", "?kind=download", "?state=pending", "?product=ABCDE12345&device=dev001&kind=download&state=pending"])
            Assert.Equal(order.Id, (await house.SendAsync("GET", "/api/v1/transfers" + query)).Is(HttpStatusCode.OK)["items.0.id"]);
        foreach (var query in (string[])["?product=other", "?device=dev", "?kind=upload", "?state=ok"])
            Assert.Empty((await house.SendAsync("GET", "/api/v1/transfers" + query)).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(order.Id, (await house.SendAsync("GET", "/api/v1/products/ABCDE12345/devices/dev001"))["transfers.0.id"]);
        Assert.Equal("canceled", (await house.SendAsync("POST", $"/api/v1/transfers/{order.Id}/cancel")).Is(HttpStatusCode.OK)["state"]);
        Assert.Equal("canceled", (await house.SendAsync("GET", $"/api/v1/transfers/{order.Id}"))["state"]);
        Assert.Equal("canceled", (await house.SendAsync("POST", $"/api/v1/transfers/{order.Id}/cancel")).Is(HttpStatusCode.OK)["state"]);
    }

    [Fact]
    public async Task A_transfer_is_forgotten_when_it_has_ended()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var bytes = RandomNumberGenerator.GetBytes(100);
        var url = await device.AskUploadAsync("a", bytes);
        var path = $"/api/v1/transfers/{(await house.SendAsync("GET", "/api/v1/transfers"))["items.0.id"]}";
        (await house.SendAsync("DELETE", path)).IsProblem(HttpStatusCode.Conflict, "transfer_open");
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, url, bytes));

        (await house.SendAsync("DELETE", path)).Is(HttpStatusCode.NoContent);

        foreach (var method in (string[])["GET", "DELETE"])
            (await house.SendAsync(method, path)).IsProblem(HttpStatusCode.NotFound, "transfer_not_found");
        Assert.Equal(HttpStatusCode.NotFound, await HubDevice.PutAsync(house.Devices, url, bytes));
        await device.ReportAsync("upload", "a");
        Assert.NotEqual(url, await device.AskUploadAsync("a", bytes));
    }

    [Fact]
    public async Task The_device_s_own_file_comes_before_its_product_s()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        (await house.PutBytesAsync("/api/v1/products/ABCDE12345/files/a/1", [1, 2, 3])).Is(HttpStatusCode.Created);
        (await house.PutBytesAsync("/api/v1/products/ABCDE12345/devices/dev001/files/a/1", [9])).Is(HttpStatusCode.Created);
        var order = await OrderAsync(house, "a", "1");
        Assert.Equal("1", order["file.size"]);
        Assert.Equal([9], await house.Api.GetByteArrayAsync(new Uri($"/api/v1/transfers/{order.Id}/content", UriKind.Relative), House.Soon));
    }

    [Fact]
    public async Task Transfers_are_paged_from_the_newest()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var ordered = new List<string?>();
        for (var i = 0; i < 5; i++)
        {
            (await house.PutBytesAsync($"/api/v1/products/ABCDE12345/files/f{i}/1", [1])).Is(HttpStatusCode.Created);
            ordered.Add((await OrderAsync(house, $"f{i}", "1")).Id);
        }
        var first = (await house.SendAsync("GET", "/api/v1/transfers?limit=3")).Is(HttpStatusCode.OK);
        var second = (await house.SendAsync("GET", $"/api/v1/transfers?limit=3&after={first["next"]}")).Is(HttpStatusCode.OK);
        Assert.Null(second["next"]);
        Assert.Equal(Enumerable.Reverse(ordered), Ids(first).Concat(Ids(second)));
    }

    [Theory]
    [InlineData("""{"kind":"removal","product":"ABCDE12345","device":"dev001","file":{"name":"a","version":"1"}}""", 422, "not_supported")]
    [InlineData("""{"kind":"download","product":"ABCDE12345","device":"dev001","file":{"name":"none","version":"1"}}""", 404, "file_not_found")]
    [InlineData("""{"kind":"download","product":"ABCDE12345","device":"dev999","file":{"name":"a","version":"1"}}""", 404, "device_not_found")]
    [InlineData("""{"kind":"download","product":"NONE","device":"dev001","file":{"name":"a","version":"1"}}""", 404, "product_not_found")]
    [InlineData("""{"kind":"download","product":"ABCDE12345","device":"dev001","file":{"name":"0123456789012345678901234567890123456789012345678901234567890123","version":"1"}}""", 422, "not_for_device")]
    public async Task An_order_that_cannot_be_done_is_refused(string body, int status, string code)
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        (await house.PutBytesAsync("/api/v1/products/ABCDE12345/files/a/1", [1])).Is(HttpStatusCode.Created);
        (await house.PutBytesAsync("/api/v1/products/ABCDE12345/files/0123456789012345678901234567890123456789012345678901234567890123/1", [1])).Is(HttpStatusCode.Created);
        (await house.SendAsync("POST", "/api/v1/transfers", body)).IsProblem((HttpStatusCode)status, code);
    }

    [Fact]
    public async Task A_disabled_device_s_URLs_die_at_once_and_live_again_when_it_is_enabled()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        (await house.PutBytesAsync("/api/v1/products/ABCDE12345/files/a/1", [1, 2, 3])).Is(HttpStatusCode.Created);
        var order = await OrderAsync(house, "a", "1");
        var url = DeviceUrl(house, order.Id!, SealPurpose.DownloadUrl);
        Assert.Equal([1, 2, 3], await house.Devices.GetByteArrayAsync(url, House.Soon));
        (await house.SendAsync("PATCH", "/api/v1/products/ABCDE12345/devices/dev001", """{"disabled":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Forbidden, (await house.Devices.GetAsync(url, House.Soon)).StatusCode);
        (await house.SendAsync("PATCH", "/api/v1/products/ABCDE12345/devices/dev001", """{"disabled":false}""")).Is(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await house.Devices.GetAsync(url, House.Soon)).StatusCode);
        (await house.SendAsync("DELETE", "/api/v1/products/ABCDE12345/devices/dev001")).Is(HttpStatusCode.NoContent);
        Assert.Equal(HttpStatusCode.NotFound, (await house.Devices.GetAsync(url, House.Soon)).StatusCode);
    }

    [Fact]
    public async Task What_a_device_uploaded_is_read_as_an_attachment()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var bytes = RandomNumberGenerator.GetBytes(1000);
        var id = await AskedUploadAsync(house, "pic.jpg", bytes);
        (await house.SendAsync("GET", $"/api/v1/transfers/{id}/content")).IsProblem(HttpStatusCode.NotFound, "content_not_found");
        using var body = new ByteArrayContent(bytes);
        Assert.Equal(HttpStatusCode.OK, (await house.Devices.PutAsync(DeviceUrl(house, id, SealPurpose.UploadUrl), body, House.Soon)).StatusCode);
        using var content = await house.Api.GetAsync(new Uri($"/api/v1/transfers/{id}/content", UriKind.Relative), House.Soon);
        Assert.Equal(bytes, await content.Content.ReadAsByteArrayAsync(House.Soon));
        Assert.Equal("pic.jpg", content.Content.Headers.ContentDisposition?.FileName);
        var got = (await house.SendAsync("GET", $"/api/v1/transfers/{id}")).Is(HttpStatusCode.OK);
        Assert.Equal("ok", got["state"]);
        Assert.Equal("100", got["percent"]);
        Assert.Equal("pic.jpg", (await house.SendAsync("GET", "/api/v1/products/ABCDE12345/devices/dev001"))["files.0.file.name"]);
        (await house.SendAsync("POST", $"/api/v1/transfers/{id}/cancel")).IsProblem(HttpStatusCode.Conflict, "transfer_ended");
        using var head = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/transfers/{id}/content") { Headers = { { "Range", "bytes=5000-" } } };
        (await Reply.OfAsync(await house.Api.SendAsync(head, House.Soon))).IsProblem(HttpStatusCode.RequestedRangeNotSatisfiable, "range_not_satisfiable");
    }

    static async Task<Reply> OrderAsync(House house, string name, string version) => (await house.SendAsync("POST", "/api/v1/transfers",
        $$"""{"kind":"download","product":"ABCDE12345","device":"dev001","file":{"name":"{{name}}","version":"{{version}}"} }""")).Is(HttpStatusCode.Created);

    static IEnumerable<string?> Ids(Reply page) => page.Json.GetProperty("items").EnumerateArray().Select(t => t.GetProperty("id").GetString());

    static Uri DeviceUrl(House house, string transfer, SealPurpose purpose)
    {
        var seal = house.Get<Seal>();
        Assert.True(seal.TryRead(transfer, SealPurpose.TransferId, out var id, out _));
        return new($"/o/{seal.Write(id, DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeMilliseconds(), purpose)}", UriKind.Relative);
    }

    /// <summary>A device asks for an upload, as its dialect puts it on the line.</summary>
    static async Task<string> AskedUploadAsync(House house, string name, byte[] bytes)
    {
        var device = await house.Get<Database>().FirstAsync<long>("select id from devices where name = 'dev001'", null, House.Soon);
        var ask = new UploadAsk(new(device, "ABCDE12345", "dev001", [], null), new(name, bytes.Length, Md5Digest.FromBytes(MD5.HashData(bytes))));
        await house.Get<Inbox>().PostAsync(ask, House.Soon);
        var after = new TransferCancel(0);
        await house.Get<Inbox>().PostAsync(after, House.Soon);
        await Assert.ThrowsAsync<RefusedException>(() => after.Done);
        return house.Get<Seal>().Write(ask.Result!.Id, 0, SealPurpose.TransferId);
    }
}
