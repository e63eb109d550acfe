using Microsoft.AspNetCore.Routing;
using Waybill.Api;
using Waybill.Devices;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class NeedTests
{
    static readonly string[] Open = ["/", "/healthz", "/readyz", "/metrics", "/openapi/{documentName}.json", "/register/dev", "/device/register", "/tencent/tokenapi", "/mqtt"];

    [Fact]
    public async Task Every_route_says_what_it_needs_or_is_known_to_be_open()
    {
        await using var house = await House.StartAsync();
        var routes = house.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.True(routes.Count > 30);
        Assert.Empty(routes.Where(r => r.Metadata.GetMetadata<Need>() is null && !IsOpen("/" + r.RoutePattern.RawText!.Trim('/'))).Select(r => r.DisplayName));
        Assert.Empty(routes.Where(r => r.Metadata.GetMetadata<Need>() is { Action: var action } && ActionWords.Of(action).Count != 1).Select(r => r.DisplayName));
    }

    [Fact]
    public async Task A_list_in_which_products_meet_narrows_itself()
    {
        await using var house = await House.StartAsync();
        var wide = house.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(r => r.Metadata.GetMetadata<Need>() is { Narrows: false } && r.RoutePattern.GetParameter("product") is null)
            .Select(r => r.RoutePattern.RawText!.Split('/')[3])
            .Distinct();
        // what is about the whole server: a key for some products does not get there
        Assert.Equal(["buckets", "keys", "mqtt-accounts", "storage", "webhooks"], wide.Order(StringComparer.Ordinal));
    }

    static bool IsOpen(string path) => Open.Contains(path) || path.StartsWith("/o/", StringComparison.Ordinal);
}
