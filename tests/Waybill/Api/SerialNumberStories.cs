using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Waybill.Devices;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class SerialNumberStories
{
    const string Docks = "/api/v1/products/docks";
    const string Others = "/api/v1/products/others";

    [Fact]
    public async Task A_serial_number_is_unique_over_all_products_of_docks()
    {
        await using var house = await StartAsync();
        var taken = (await house.SendAsync("PUT", $"{Others}/devices/SN1", "{}")).IsProblem(HttpStatusCode.Conflict, "sn_taken");
        Assert.Contains("'docks'", taken.Text, StringComparison.Ordinal);
        var key = await house.KeyAsync("operator", "others");
        var blind = (await house.ByAsync(key, "PUT", $"{Others}/devices/SN1", "{}")).IsProblem(HttpStatusCode.Conflict, "sn_taken");
        Assert.DoesNotContain("docks'", blind.Text, StringComparison.Ordinal);
        (await house.SendAsync("PUT", $"{Docks}/devices/SN1", """{"tags":{"site":"A"}}""")).Is(HttpStatusCode.OK);
        (await house.SendAsync("DELETE", $"{Docks}/devices/SN1")).Is(HttpStatusCode.NoContent);
        (await house.SendAsync("PUT", $"{Others}/devices/SN1", "{}")).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_product_does_not_take_the_dialect_with_devices_that_clash()
    {
        await using var house = await StartAsync();
        await house.DeviceAsync(device: "SN1");
        (await house.SendAsync("PATCH", "/api/v1/products/ABCDE12345", """{"dialects":["tencent-hub","dji"]}""")).IsProblem(HttpStatusCode.Conflict, "sn_taken");
        (await house.SendAsync("PUT", "/api/v1/products/ABCDE12345", """{"dialects":["dji"]}""")).IsProblem(HttpStatusCode.Conflict, "sn_taken");
        Assert.Equal("tencent-hub", (await house.SendAsync("GET", "/api/v1/products/ABCDE12345"))["dialects.0"]);
        (await house.SendAsync("DELETE", $"{Docks}/devices/SN1")).Is(HttpStatusCode.NoContent);
        (await house.SendAsync("PATCH", "/api/v1/products/ABCDE12345", """{"dialects":["tencent-hub","dji"]}""")).Is(HttpStatusCode.OK);
        (await house.SendAsync("PUT", $"{Docks}/devices/SN1", "{}")).IsProblem(HttpStatusCode.Conflict, "sn_taken");
        Assert.Equal("ABCDE12345", (await house.Get<DeviceLogin>().AdmitSerialAsync("SN1", "MDEyMzQ1Njc4OWFiY2RlZg=="u8.ToArray(), House.Soon))!.Product);
        (await house.SendAsync("PATCH", "/api/v1/products/ABCDE12345", """{"dialects":["tencent-hub"]}""")).Is(HttpStatusCode.OK);
        Assert.Null(await house.Get<DeviceLogin>().AdmitSerialAsync("SN1", "MDEyMzQ1Njc4OWFiY2RlZg=="u8.ToArray(), House.Soon));
        (await house.SendAsync("PUT", $"{Docks}/devices/SN1", "{}")).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_import_names_the_lines_whose_numbers_are_taken()
    {
        await using var house = await StartAsync();
        using var content = new StringContent("name,secret\nSN1,any text\nSN2,any text\nSN3,\u0007\n", new MediaTypeHeaderValue("text/csv"));
        var outcome = (await Reply.OfAsync(await house.Api.PostAsync(new Uri($"{Others}/devices:import", UriKind.Relative), content, House.Soon))).Is(HttpStatusCode.OK);
        Assert.Equal(("1", "2", "4"), (outcome["created"], outcome["failed.0.line"], outcome["failed.1.line"]));
        Assert.Contains("'docks'", outcome["failed.0.reason"], StringComparison.Ordinal);
        Assert.Equal("others", (await house.Get<DeviceLogin>().AdmitSerialAsync("SN2", "any text"u8.ToArray(), House.Soon))!.Product);
    }

    [Theory]
    [InlineData("x", true)]
    [InlineData("päss wörd", true)]
    [InlineData("a\\u0007b", false)]
    [InlineData("\\ud800", false)]
    [InlineData("", false)]
    public async Task A_dock_s_secret_is_any_text(string secret, bool allowed)
    {
        await using var house = await StartAsync();
        var put = await house.SendAsync("PUT", $"{Docks}/devices/SN9", $$"""{"secret":"{{secret}}"}""");
        Assert.Equal(allowed ? HttpStatusCode.Created : HttpStatusCode.BadRequest, put.Status);
        if (allowed)
            Assert.NotNull(await house.Get<DeviceLogin>().AdmitSerialAsync("SN9", Encoding.UTF8.GetBytes(secret), House.Soon));
    }

    [Fact]
    public async Task A_secret_of_tencent_s_dialects_stays_base64()
    {
        await using var house = await StartAsync();
        await house.DeviceAsync();
        Assert.Equal(["secret"], (await house.SendAsync("PUT", "/api/v1/products/ABCDE12345/devices/dev002", """{"secret":"any text"}""")).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
        Assert.Equal(["secret"], (await house.SendAsync("POST", "/api/v1/products/ABCDE12345/devices/dev001/secret:rotate", """{"secret":"any text"}""")).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
    }

    static async Task<House> StartAsync()
    {
        var house = await House.StartAsync();
        (await house.SendAsync("PUT", Docks, """{"dialects":["dji"]}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", Others, """{"dialects":["dji"]}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", $"{Docks}/devices/SN1", """{"secret":"one"}""")).Is(HttpStatusCode.Created);
        return house;
    }
}
