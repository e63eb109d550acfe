using System.Net;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class OrganizationStories
{
    const string Docks = "/api/v1/products/docks";

    [Fact]
    public async Task An_organization_s_made_code_is_returned_once_and_kept()
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("PUT", Docks, """{"dialects":["dji"]}""")).Is(HttpStatusCode.Created);
        var made = (await house.SendAsync("PUT", $"{Docks}/organizations/north", """{"name":"North"}""")).Is(HttpStatusCode.Created);
        var code = made["bindingCode"]!;
        List<Reply> replies =
        [
            (await house.SendAsync("PUT", $"{Docks}/organizations/north", """{"name":"The North"}""")).Is(HttpStatusCode.OK),
            (await house.SendAsync("GET", $"{Docks}/organizations/north")).Is(HttpStatusCode.OK),
            (await house.SendAsync("GET", $"{Docks}/organizations")).Is(HttpStatusCode.OK),
        ];
        Assert.Equal("The North", replies[2]["items.0.name"]);
        Assert.Equal("True", replies[1]["bindingCodeSet"]);
        Assert.All(replies, r => Assert.DoesNotContain(code, r.Text, StringComparison.Ordinal));
        Assert.Equal([new Organization("north", "The North", code)], (await LoadAsync(house)).Organizations);
        (await house.SendAsync("PUT", $"{Docks}/organizations/north", """{"name":"North","bindingCode":"typed-in"}""")).Is(HttpStatusCode.OK);
        Assert.Equal("typed-in", Assert.Single((await LoadAsync(house)).Organizations).BindingCode);
        (await house.SendAsync("DELETE", $"{Docks}/organizations/north")).Is(HttpStatusCode.NoContent);
        (await house.SendAsync("GET", $"{Docks}/organizations/north")).IsProblem(HttpStatusCode.NotFound, "organization_not_found");
    }

    [Fact]
    public async Task Bindings_are_listed_replaced_and_deleted_alone_or_with_their_organization()
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("PUT", Docks, """{"dialects":["dji"]}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", $"{Docks}/organizations/north", """{"name":"North"}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", $"{Docks}/organizations/south", """{"name":"South"}""")).Is(HttpStatusCode.Created);
        var north = (await LoadAsync(house)).Organizations[0];
        await BindAsync(house, new("DOCK1", north, "Gate"), new("DRONE1", north, ""), new("DOCK2", new("gone", "", ""), ""));
        await BindAsync(house, new Binding("DOCK1", (await LoadAsync(house)).Organizations[1], "Roof"));
        var list = (await house.SendAsync("GET", $"{Docks}/bindings?limit=1")).Is(HttpStatusCode.OK);
        Assert.Equal(("DOCK1", "south", "South", "Roof"), (list["items.0.sn"], list["items.0.organization"], list["items.0.organizationName"], list["items.0.callsign"]));
        var bindings = (await LoadAsync(house, "DOCK1", "DRONE1", "DOCK2")).Bindings;
        Assert.Equal(["DOCK1", "DRONE1"], bindings.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("north", bindings["DRONE1"].Organization.Id);
        (await house.SendAsync("DELETE", $"{Docks}/bindings/DOCK1")).Is(HttpStatusCode.NoContent);
        (await house.SendAsync("DELETE", $"{Docks}/bindings/DOCK1")).IsProblem(HttpStatusCode.NotFound, "binding_not_found");
        (await house.SendAsync("DELETE", $"{Docks}/organizations/north")).Is(HttpStatusCode.NoContent);
        Assert.Equal(0, (await house.SendAsync("GET", $"{Docks}/bindings")).Json.GetProperty("items").GetArrayLength());
        (await house.SendAsync("DELETE", Docks)).Is(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("north", """{"bindingCode":"abcd"}""", "name")]
    [InlineData("north", """{"name":"x","bindingCode":"abc"}""", "bindingCode")]
    [InlineData("a b", """{"name":"x"}""", "organization")]
    public async Task Wrong_organizations_are_refused(string id, string body, params string[] fields)
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("PUT", Docks, """{"dialects":["dji"]}""")).Is(HttpStatusCode.Created);
        var refused = await house.SendAsync("PUT", $"{Docks}/organizations/{Uri.EscapeDataString(id)}", body);
        Assert.Equal(fields, refused.IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
    }

    [Fact]
    public async Task A_key_for_another_product_sees_none_of_it()
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("PUT", Docks, """{"dialects":["dji"]}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", "/api/v1/products/other", """{"dialects":["dji"]}""")).Is(HttpStatusCode.Created);
        var key = await house.KeyAsync("operator", "other");
        (await house.ByAsync(key, "PUT", $"{Docks}/organizations/north", """{"name":"North"}""")).IsProblem(HttpStatusCode.NotFound, "product_not_found");
        (await house.ByAsync(key, "GET", $"{Docks}/bindings")).IsProblem(HttpStatusCode.NotFound, "product_not_found");
    }

    static async Task<GatewayProduct> LoadAsync(House house, params string[] sns)
    {
        var product = await house.Get<ProductRegistry>().GetAsync("docks", House.Soon);
        return await house.Get<Database>().WriteAsync(async db => (await house.Get<GatewayBook>().LoadAsync(db, product.Id, sns))!, House.Soon);
    }

    static async Task BindAsync(House house, params Binding[] bindings)
    {
        var product = await house.Get<ProductRegistry>().GetAsync("docks", House.Soon);
        await house.Get<Database>().WriteAsync(
            async db =>
            {
                await GatewayBook.BindAsync(db, product.Id, bindings, 1);
                return 0;
            },
            House.Soon);
    }
}
