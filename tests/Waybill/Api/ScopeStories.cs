using System.Net;
using Microsoft.AspNetCore.Routing;
using Waybill.Api;
using Waybill.Devices;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class ScopeStories
{
    const string Reading = "products.read devices.read library.read files.read transfers.read events.read messages.read accounts.read webhooks.read buckets.read logs.read upgrades.read";

    /// <summary>The table of docs/security.md.</summary>
    public static TheoryData<string, string> Roles => new()
    {
        { "owner", $"{Reading} products.write devices.write library.write files.write content.read transfers.write messages.write accounts.write webhooks.write buckets.write logs.write upgrades.write devices.trace tokens.mint keys.read keys.write credentials.mint" },
        { "operator", $"{Reading} products.write devices.write library.write files.write transfers.write messages.write accounts.write webhooks.write buckets.write logs.write upgrades.write devices.trace credentials.mint" },
        { "app", "products.read devices.read library.read files.read files.write transfers.read transfers.write events.read tokens.mint" },
        { "reader", Reading },
    };

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task A_role_opens_its_routes_and_no_others(string role, string actions)
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var (key, allowed, tried) = (await house.KeyAsync(role), actions.Split(' '), 0);
        foreach (var route in house.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (route.Metadata.GetMetadata<Need>() is not { } need)
                continue;
            var path = string.Join('/', route.RoutePattern.RawText!.Split('/').Select(Filled));
            // a trace goes on
            if (path.EndsWith("/trace", StringComparison.Ordinal))
                path += "?seconds=0";
            var method = route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
            var reply = await house.ByAsync(key, method, path, method == "GET" ? null : "{}");
            if (allowed.Contains(ActionWords.Of(need.Action).Single()))
                Assert.True(reply.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.InternalServerError), $"{method} {path}: {reply.Text}");
            else
                reply.IsProblem(HttpStatusCode.Forbidden, "not_allowed");
            tried++;
        }
        Assert.True(tried > 30);
    }

    [Fact]
    public async Task A_key_for_a_product_knows_no_other()
    {
        await using var house = await House.StartAsync();
        await TwoProductsAsync(house);
        var theirs = (await house.SendAsync("GET", $"/api/v1/transfers?product={Keyring.Other}"))["items.0.id"]!;
        var key = await house.KeyAsync("operator", Keyring.Product);
        foreach (var (method, path) in (IEnumerable<(string, string)>)[("GET", ""), ("PUT", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/files"), ("PUT", "/files/x/1"),
            ("GET", "/files/f/1/content"), ("GET", "/devices"), ("GET", "/devices/dev001"), ("PUT", "/devices/new"), ("DELETE", "/devices/dev001"),
            ("POST", "/devices/dev001/secret:rotate"), ("POST", "/devices:import"), ("POST", "/devices/dev001/storage-credentials"), ("DELETE", "/devices/dev001/storage-credentials/j"), ("GET", "/devices/dev001/files")])
        {
            var reply = await house.ByAsync(key, method, $"/api/v1/products/{Keyring.Other}{path}", method == "GET" ? null : "{}");
            reply.IsProblem(HttpStatusCode.NotFound, "product_not_found");
            Assert.Equal(reply["detail"]!.Replace(Keyring.Other, "NONE123456", StringComparison.Ordinal),
                (await house.ByAsync(key, method, $"/api/v1/products/NONE123456{path}", method == "GET" ? null : "{}"))["detail"]);
        }
        (await house.ByAsync(key, "GET", $"/api/v1/transfers/{theirs}")).IsProblem(HttpStatusCode.NotFound, "transfer_not_found");
        (await house.ByAsync(key, "POST", $"/api/v1/transfers/{theirs}/cancel")).IsProblem(HttpStatusCode.NotFound, "transfer_not_found");
        (await house.ByAsync(key, "POST", "/api/v1/transfers", Order(Keyring.Other))).IsProblem(HttpStatusCode.NotFound, "product_not_found");
        (await house.ByAsync(key, "GET", "/api/v1/mqtt-accounts")).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        Assert.Equal("pending", (await house.SendAsync("GET", $"/api/v1/transfers/{theirs}"))["state"]);
        (await house.SendAsync("GET", $"/api/v1/products/{Keyring.Other}/devices/dev001")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Lists_show_a_key_its_products_only()
    {
        await using var house = await House.StartAsync();
        await TwoProductsAsync(house);
        var key = await house.KeyAsync("reader", Keyring.Product);
        Assert.Equal([Keyring.Product], Of(await house.ByAsync(key, "GET", "/api/v1/products"), "product"));
        Assert.Equal([Keyring.Product], Of(await house.ByAsync(key, "GET", "/api/v1/transfers"), "product"));
        Assert.Empty(Of(await house.ByAsync(key, "GET", $"/api/v1/transfers?product={Keyring.Other}"), "product"));
        (await house.SendAsync("PATCH", "/api/v1/keys/reader", $$"""{"products":["{{Keyring.Product}}","{{Keyring.Other}}"]}""")).Is(HttpStatusCode.OK);
        Assert.Equal(2, Of(await house.ByAsync(key, "GET", "/api/v1/products"), "product").Count);
        Assert.Equal(2, Of(await house.ByAsync(key, "GET", "/api/v1/transfers"), "product").Count);
    }

    internal static IReadOnlyList<string?> Of(Reply list, string field) =>
        [.. list.Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty(field).GetString())];

    static async Task TwoProductsAsync(House house)
    {
        foreach (var product in (string[])[Keyring.Product, Keyring.Other])
        {
            await house.DeviceAsync(product);
            await house.OrderAsync("f", [1], product);
        }
    }

    static string Order(string product) => $$"""{"kind":"download","product":"{{product}}","device":"dev001","file":{"name":"f","version":"1"} }""";

    static string Filled(string part) => part switch
    {
        "{product}" => Keyring.Product,
        "{device}" => "dev001",
        _ => part.Replace("{id}", "none", StringComparison.Ordinal).Replace("{name}", "none", StringComparison.Ordinal).Replace("{version}", "1", StringComparison.Ordinal),
    };
}
