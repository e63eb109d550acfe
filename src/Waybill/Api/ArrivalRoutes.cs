using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;
using Waybill.Settings;

namespace Waybill.Api;

/// <summary>For who stands beside a dock and waits, and for who wants to know before.</summary>
static class ArrivalRoutes
{
    public static void MapArrivals(this IEndpointRouteBuilder api)
    {
        api.MapGet("/products/{product}/devices/{device}/arrival", ArrivalAsync).WithTags("Devices")
            .WithSummary("Get how far a dock has come, step by step, with the likely cause and remedy where it hangs").Needing(Actions.DevicesRead);
        api.MapGet("/products/{product}/check", CheckAsync).WithTags("Products")
            .WithSummary("Check what docks of a product need: licence, organization, storage that they can reach").Needing(Actions.ProductsRead);
    }

    static async Task<Ok<ArrivalAnswer>> ArrivalAsync(
        string product, string device, HttpContext http, DevicePlaces places, ArrivalLook look)
    {
        var (owner, found) = await places.FindAsync(product, device, http.RequestAborted);
        return TypedResults.Ok(await look.OfAsync(DjiRules.Demand(owner), found, Host(owner, http), http.RequestAborted));
    }

    static async Task<Ok<CheckAnswer>> CheckAsync(string product, HttpContext http, ProductRegistry products, ProductCheck check)
    {
        var owner = DjiRules.Demand(await products.GetAsync(product, http.RequestAborted));
        return TypedResults.Ok(await check.OfAsync(owner, Host(owner, http), http.RequestAborted));
    }

    /// <summary>Of this server as docks reach it, as far as that is known: as it is configured, or as the caller reached it.</summary>
    static string Host(Product product, HttpContext http)
    {
        var known = product.DeviceUrl ?? http.RequestServices.GetRequiredService<WaybillSettings>().PublicUrl;
        return known is null ? new UriBuilder("http", http.Request.Host.Host).Uri.Host : new Uri(known).Host;
    }
}
