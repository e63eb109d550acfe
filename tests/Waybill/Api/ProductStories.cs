using System.Net;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class ProductStories
{
    [Fact]
    public async Task A_product_is_made_replaced_changed_listed_and_deleted()
    {
        await using var house = await House.StartAsync();
        var made = (await house.SendAsync("PUT", "/api/v1/products/ABCDE12345", """{"name":"Doorbell","dialects":["tencent-hub","tencent-explorer"]}""")).Is(HttpStatusCode.Created);
        Assert.Equal("ABCDE12345", made["product"]);
        Assert.Equal("tencent-explorer", made["dialects.1"]);
        (await house.SendAsync("PUT", "/api/v1/products/ABCDE12345", """{"name":"Bell","dialects":["tencent-hub"],"deviceUrl":"http://files.example.com/"}""")).Is(HttpStatusCode.OK);
        var patched = (await house.SendAsync("PATCH", "/api/v1/products/ABCDE12345", """{"disabled":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal("Bell", patched["name"]);
        Assert.Equal("http://files.example.com", patched["deviceUrl"]);
        Assert.Equal("True", patched["disabled"]);
        (await house.SendAsync("PATCH", "/api/v1/products/ABCDE12345", """{"disabled":false,"deviceUrl":""}""")).Is(HttpStatusCode.OK);
        var got = (await house.SendAsync("GET", "/api/v1/products/ABCDE12345")).Is(HttpStatusCode.OK);
        Assert.Equal("False", got["disabled"]);
        Assert.Null(got["deviceUrl"]);
        (await house.SendAsync("DELETE", "/api/v1/products/ABCDE12345")).Is(HttpStatusCode.NoContent);
        (await house.SendAsync("GET", "/api/v1/products/ABCDE12345")).IsProblem(HttpStatusCode.NotFound, "product_not_found");
    }

    [Fact]
    public async Task A_list_is_read_page_by_page_without_gaps()
    {
        await using var house = await House.StartAsync();
        for (var i = 0; i < 7; i++)
            (await house.SendAsync("PUT", $"/api/v1/products/dock-{i}", """{"dialects":["dji"]}""")).Is(HttpStatusCode.Created);
        var names = new List<string?>();
        for (string? after = ""; after is not null;)
        {
            var page = (await house.SendAsync("GET", $"/api/v1/products?limit=3&after={after}")).Is(HttpStatusCode.OK);
            names.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("product").GetString()));
            after = page["next"];
        }
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"dock-{i}"), names);
    }

    [Fact]
    public async Task A_product_with_devices_is_not_deleted()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        (await house.SendAsync("DELETE", "/api/v1/products/ABCDE12345")).IsProblem(HttpStatusCode.Conflict, "product_in_use");
    }

    [Fact]
    public async Task What_was_written_is_there_after_a_restart()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await house.RestartAsync();
        (await house.SendAsync("GET", "/api/v1/products/ABCDE12345/devices/dev001")).Is(HttpStatusCode.OK);
    }
}
