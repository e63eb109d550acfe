using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;
using Waybill.Quotas;

namespace Waybill.Api;

static class UploadRuleRoutes
{
    public static void MapUploadRules(this IEndpointRouteBuilder api)
    {
        var rules = api.MapGroup("/products/{product}").WithTags("Upload rules");
        rules.MapGet("/upload-rules", GetAsync).WithSummary("What devices of the product may upload, and how long it is kept")
            .Needing(Actions.ProductsRead);
        rules.MapPut("/upload-rules", PutAsync).WithSummary("Set the rules of a product; what is absent is without limit")
            .Needing(Actions.ProductsWrite).Takes<UploadRulesBody>();
        rules.MapDelete("/upload-rules", DeleteAsync).WithSummary("Take the rules of a product away")
            .Needing(Actions.ProductsWrite);
        rules.MapGet("/devices/{device}/upload-rules", GetOfDeviceAsync).WithSummary("The rules that hold for a device, and whose they are")
            .Needing(Actions.DevicesRead);
        rules.MapPut("/devices/{device}/upload-rules", PutOfDeviceAsync).WithSummary("Give a device rules of its own, instead of its product's")
            .Needing(Actions.DevicesWrite).Takes<UploadRulesBody>();
        rules.MapDelete("/devices/{device}/upload-rules", DeleteOfDeviceAsync).WithSummary("Take a device's own rules away: its product's hold again")
            .Needing(Actions.DevicesWrite);
    }

    static async Task<Ok<UploadRulesAnswer>> GetAsync(string product, HttpContext http, ProductRegistry products, UploadRuleBook book)
    {
        var owner = await products.GetAsync(product, http.RequestAborted);
        return TypedResults.Ok(UploadRulesAnswer.Of(book.Current, owner.Name, UploadRuleSet.WholeProduct));
    }

    static async Task<Ok<UploadRulesAnswer>> PutAsync(string product, HttpContext http, ProductRegistry products, UploadRuleBook book)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.UploadRulesBody);
        var owner = await products.GetAsync(product, http.RequestAborted);
        return TypedResults.Ok(await SetAsync(book, owner, UploadRuleSet.WholeProduct, body.AsRules(), http.RequestAborted));
    }

    static async Task<NoContent> DeleteAsync(string product, HttpContext http, ProductRegistry products, UploadRuleBook book)
    {
        var owner = await products.GetAsync(product, http.RequestAborted);
        await SetAsync(book, owner, UploadRuleSet.WholeProduct, null, http.RequestAborted);
        return TypedResults.NoContent();
    }

    static async Task<Ok<UploadRulesAnswer>> GetOfDeviceAsync(
        string product, string device, HttpContext http, DevicePlaces places, UploadRuleBook book)
    {
        var (owner, found) = await places.FindAsync(product, device, http.RequestAborted);
        return TypedResults.Ok(UploadRulesAnswer.Of(book.Current, owner.Name, found.Id));
    }

    static async Task<Ok<UploadRulesAnswer>> PutOfDeviceAsync(
        string product, string device, HttpContext http, DevicePlaces places, UploadRuleBook book)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.UploadRulesBody);
        var (owner, found) = await places.FindAsync(product, device, http.RequestAborted);
        return TypedResults.Ok(await SetAsync(book, owner, found.Id, body.AsRules(), http.RequestAborted));
    }

    static async Task<NoContent> DeleteOfDeviceAsync(
        string product, string device, HttpContext http, DevicePlaces places, UploadRuleBook book)
    {
        var (owner, found) = await places.FindAsync(product, device, http.RequestAborted);
        await SetAsync(book, owner, found.Id, null, http.RequestAborted);
        return TypedResults.NoContent();
    }

    static async Task<UploadRulesAnswer> SetAsync(UploadRuleBook book, Product owner, long device, UploadRules? rules, CancellationToken ct)
    {
        await book.PutAsync(owner, device, rules, ct);
        return UploadRulesAnswer.Of(book.Current, owner.Name, device);
    }
}

/// <summary>A device by the names in a route.</summary>
sealed class DevicePlaces(ProductRegistry products, DeviceRegistry devices)
{
    public async Task<(Product Product, Devices.Device Device)> FindAsync(string product, string device, CancellationToken ct)
    {
        var owner = await products.GetAsync(product, ct);
        return (owner, await devices.GetAsync(owner, device, ct));
    }
}
