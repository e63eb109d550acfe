using System.Net;
using System.Net.Http.Headers;
using Waybill.Devices;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class DeviceStories
{
    const string Devices = "/api/v1/products/ABCDE12345/devices";

    [Fact]
    public async Task A_made_secret_is_returned_once_and_never_again()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var made = (await house.SendAsync("PUT", $"{Devices}/dev002", """{"tags":{"site":"A"}}""")).Is(HttpStatusCode.Created);
        Assert.Equal(16, Convert.FromBase64String(made["secret"]!).Length);
        var again = (await house.SendAsync("PUT", $"{Devices}/dev002", """{"tags":{"site":"B"}}""")).Is(HttpStatusCode.OK);
        Assert.Null(again["secret"]);
        var got = (await house.SendAsync("GET", $"{Devices}/dev002")).Is(HttpStatusCode.OK);
        Assert.DoesNotContain(made["secret"]!, got.Text, StringComparison.Ordinal);
        Assert.Equal("B", got["tags.site"]);
        Assert.Equal("False", got["presence.connected"]);
        Assert.Empty(got.Json.GetProperty("files").EnumerateArray());
    }

    [Fact]
    public async Task A_rotated_secret_and_the_one_before_are_both_valid_for_a_time()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var rotated = (await house.SendAsync("POST", $"{Devices}/dev001/secret:rotate", """{"overlapSeconds":3600}""")).Is(HttpStatusCode.OK);
        Assert.NotNull(await AdmitAsync(house, "MDEyMzQ1Njc4OWFiY2RlZg=="));
        Assert.NotNull(await AdmitAsync(house, rotated["secret"]!));
        var last = (await house.SendAsync("POST", $"{Devices}/dev001/secret:rotate", """{"overlapSeconds":0}""")).Is(HttpStatusCode.OK);
        Assert.NotNull(await AdmitAsync(house, last["secret"]!));
        Assert.Equal("signature_wrong", (await Assert.ThrowsAsync<RefusedException>(() => AdmitAsync(house, rotated["secret"]!))).Code);
    }

    [Fact]
    public async Task A_disabled_device_or_product_may_not_come_in()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        (await house.SendAsync("PATCH", $"{Devices}/dev001", """{"disabled":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal("device_disabled", (await Assert.ThrowsAsync<RefusedException>(() => AdmitAsync(house, "MDEyMzQ1Njc4OWFiY2RlZg=="))).Code);
        (await house.SendAsync("PATCH", $"{Devices}/dev001", """{"disabled":false}""")).Is(HttpStatusCode.OK);
        Assert.NotNull(await AdmitAsync(house, "MDEyMzQ1Njc4OWFiY2RlZg=="));
        (await house.SendAsync("PATCH", "/api/v1/products/ABCDE12345", """{"disabled":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal("device_disabled", (await Assert.ThrowsAsync<RefusedException>(() => AdmitAsync(house, "MDEyMzQ1Njc4OWFiY2RlZg=="))).Code);
    }

    [Fact]
    public async Task Devices_are_listed_by_prefix_tag_and_being_disabled()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        (await house.SendAsync("PUT", $"{Devices}/cam-1", """{"tags":{"site":"A","note":"50% \"quoted\""}}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", $"{Devices}/cam-2", """{"tags":{"site":"AB"}}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PATCH", $"{Devices}/cam-2", """{"disabled":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal(["cam-1", "cam-2"], await NamesAsync(house, "?prefix=cam-"));
        Assert.Equal(["cam-1"], await NamesAsync(house, "?tag=site:A"));
        Assert.Equal(["cam-1"], await NamesAsync(house, "?tag=" + Uri.EscapeDataString("note:50% \"quoted\"")));
        Assert.Equal(["cam-2"], await NamesAsync(house, "?disabled=true"));
        Assert.Equal(["cam-1", "dev001"], await NamesAsync(house, "?disabled=false"));
    }

    [Fact]
    public async Task A_device_is_deleted_with_everything_that_is_its_own()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        (await house.PutBytesAsync($"{Devices}/dev001/files/own.bin/1", [1, 2, 3])).Is(HttpStatusCode.Created);
        var order = (await house.SendAsync("POST", "/api/v1/transfers",
            """{"kind":"download","product":"ABCDE12345","device":"dev001","file":{"name":"own.bin","version":"1"}}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("DELETE", $"{Devices}/dev001")).Is(HttpStatusCode.NoContent);
        (await house.SendAsync("GET", $"{Devices}/dev001")).IsProblem(HttpStatusCode.NotFound, "device_not_found");
        (await house.SendAsync("GET", $"/api/v1/transfers/{order.Id}")).IsProblem(HttpStatusCode.NotFound, "transfer_not_found");
        (await house.SendAsync("DELETE", "/api/v1/products/ABCDE12345")).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Devices_are_imported_and_every_bad_line_is_named()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var secret = Convert.ToBase64String(new byte[16]);
        var csv = $"\uFEFFname,secret,site,note\r\nimp-1,{secret},A,\"a, \"\"b\"\"\"\r\ndev001,,B,\r\nbad name,{secret},A,\nimp-2,short,A,\nimp-3,,A,\nimp-4,{secret}\n\nimp-5,{secret},C,";
        var outcome = (await ImportAsync(house, csv)).Is(HttpStatusCode.OK);
        Assert.Equal("2", outcome["created"]);
        Assert.Equal("1", outcome["updated"]);
        Assert.Equal([4, 5, 6, 7], outcome.Json.GetProperty("failed").EnumerateArray().Select(f => f.GetProperty("line").GetInt32()));
        Assert.Equal("a, \"b\"", (await house.SendAsync("GET", $"{Devices}/imp-1"))["tags.note"]);
        Assert.Equal("B", (await house.SendAsync("GET", $"{Devices}/dev001"))["tags.site"]);
        Assert.NotNull(await AdmitAsync(house, "MDEyMzQ1Njc4OWFiY2RlZg=="));
        var again = (await ImportAsync(house, csv)).Is(HttpStatusCode.OK);
        Assert.Equal("0", again["created"]);
        Assert.Equal("3", again["updated"]);
        (await ImportAsync(house, "device,key\n")).IsProblem(HttpStatusCode.BadRequest, "csv_header");
    }

    [Fact]
    public async Task A_large_import_comes_in_whole()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var secret = Convert.ToBase64String(new byte[16]);
        var csv = "name,secret\n" + string.Concat(Enumerable.Range(0, 2500).Select(i => $"n{i:d5},{secret}\n"));
        Assert.Equal("2500", (await ImportAsync(house, csv)).Is(HttpStatusCode.OK)["created"]);
        Assert.Equal(1000, (await NamesAsync(house, "?prefix=n&limit=1000")).Count);
    }

    static async Task<Reply> ImportAsync(House house, string csv)
    {
        using var content = new StringContent(csv, new MediaTypeHeaderValue("text/csv"));
        return await Reply.OfAsync(await house.Api.PostAsync(new Uri("/api/v1/products/ABCDE12345/devices:import", UriKind.Relative), content, House.Soon));
    }

    static async Task<List<string?>> NamesAsync(House house, string query) =>
        [.. (await house.SendAsync("GET", Devices + query)).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray().Select(d => d.GetProperty("device").GetString())];

    static async Task<object> AdmitAsync(House house, string secret)
    {
        const string User = "ABCDE12345dev001;12010126;abcde;9999999999";
        var mac = System.Security.Cryptography.HMACSHA256.HashData(Convert.FromBase64String(secret), System.Text.Encoding.ASCII.GetBytes(User));
        var credentials = TencentCredentials.Parse("ABCDE12345dev001", User, System.Text.Encoding.ASCII.GetBytes($"{Convert.ToHexStringLower(mac)};hmacsha256"));
        return await house.Get<DeviceLogin>().AdmitAsync(credentials!, House.Soon);
    }
}
