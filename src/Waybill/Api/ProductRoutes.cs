using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;
using Waybill.Quotas;
using Waybill.Settings;

namespace Waybill.Api;

/// <summary>A product as it is put: what is absent is taken away, but for the name, which then is the product's id.</summary>
sealed record ProductBody(string? Name, string[]? Dialects, string? DeviceUrl, RegistrationBody? Registration) : IRequestBody
{
    public void Check(Mistakes mistakes) => RegistrationBody.Check(Registration, Dialects, mistakes)
        .May("name", Name, ProductRules.IsTitle, ProductRules.Title)
        .Need("dialects", Dialects is not null && ProductRules.AreDialects(Dialects), ProductRules.DialectList)
        .May("deviceUrl", DeviceUrl, u => UrlBase.TryParse(u, out _), UrlBase.Allowed);
}

/// <summary>What is absent stays. An empty device URL removes it.</summary>
sealed record ProductPatch(string? Name, string[]? Dialects, string? DeviceUrl, bool? Disabled, RegistrationBody? Registration) : IRequestBody
{
    public void Check(Mistakes mistakes) => RegistrationBody.Check(Registration, Dialects, mistakes)
        .May("name", Name, ProductRules.IsTitle, ProductRules.Title)
        .May("dialects", Dialects, ProductRules.AreDialects, ProductRules.DialectList)
        .May("deviceUrl", DeviceUrl, u => u.Length == 0 || UrlBase.TryParse(u, out _), UrlBase.Allowed + ", or empty");
}

static class ProductRules
{
    public const string Title = "1 to 200 characters without control characters";

    public static string DialectList { get; } = $"a list of one or more of {string.Join(", ", DialectNames.All)}";

    public static bool IsTitle(string text) =>
        text.Length is > 0 and <= 200 && !text.Any(char.IsControl) && !text.EnumerateRunes().Contains(System.Text.Rune.ReplacementChar);

    public static bool AreDialects(string[] dialects) =>
        dialects.Length > 0 && dialects.All(d => d is not null && DialectNames.IsKnown(d)) && dialects.Distinct().Count() == dialects.Length;
}

sealed record ProductAnswer(string Product, string Name, IReadOnlyList<string> Dialects, string? DeviceUrl, bool Disabled)
{
    public required RegistrationView Registration { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }

    public static ProductAnswer Of(Product p) => new(p.Name, p.Title, p.Dialects, p.DeviceUrl, p.DisabledAt is not null)
    {
        Registration = RegistrationView.Of(p),
        CreatedAt = Times.Utc(p.CreatedAt),
        UpdatedAt = Times.Utc(p.UpdatedAt),
    };
}

static class ProductRoutes
{
    public static void MapProducts(this IEndpointRouteBuilder api)
    {
        var products = api.MapGroup("/products").WithTags("Products");
        products.MapGet("", ListAsync).WithSummary("List products").Needing(Actions.ProductsRead, narrows: true).Pages();
        products.MapGet("/{product}", GetAsync).WithSummary("Get a product").Needing(Actions.ProductsRead);
        products.MapPut("/{product}", PutAsync).WithSummary("Make or replace a product").Needing(Actions.ProductsWrite).Takes<ProductBody>();
        products.MapPatch("/{product}", PatchAsync).WithSummary("Change, disable or enable a product").Needing(Actions.ProductsWrite).Takes<ProductPatch>();
        products.MapDelete("/{product}", DeleteAsync).WithSummary("Delete a product that has neither devices nor files").Needing(Actions.ProductsWrite);
    }

    static async Task<Ok<Page<ProductAnswer>>> ListAsync(HttpContext http, ProductRegistry products)
    {
        var ask = PageAsk.Of(http);
        var found = await products.ListAsync(http.Caller().Scope, ask.Place, ask.Limit + 1, http.RequestAborted);
        return TypedResults.Ok(ask.Page(found, ProductAnswer.Of, p => p.Name));
    }

    static async Task<Ok<ProductAnswer>> GetAsync(string product, HttpContext http, ProductRegistry products) =>
        TypedResults.Ok(ProductAnswer.Of(await products.GetAsync(product, http.RequestAborted)));

    static async Task<Results<Ok<ProductAnswer>, Created<ProductAnswer>>> PutAsync(string product, HttpContext http, ProductRegistry products)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.ProductBody);
        CheckName(product, body.Dialects!);
        var url = body.DeviceUrl is { Length: > 0 } given ? given.TrimEnd('/') : null;
        var values = new ProductValues(body.Name ?? product, body.Dialects!, url, body.Registration?.AsRule() ?? RegistrationRule.Off);
        var (put, made) = await products.PutAsync(product, values, http.RequestAborted);
        return made ? TypedResults.Created(http.Request.Path, ProductAnswer.Of(put)) : TypedResults.Ok(ProductAnswer.Of(put));
    }

    static async Task<Ok<ProductAnswer>> PatchAsync(string product, HttpContext http, ProductRegistry products)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.ProductPatch);
        if (body.Dialects is not null)
            CheckName(product, body.Dialects);
        var change = new ProductChange(body.Name, body.Dialects, body.DeviceUrl?.TrimEnd('/'), body.Disabled, body.Registration?.AsRule());
        return TypedResults.Ok(ProductAnswer.Of(await products.ChangeAsync(product, change, http.RequestAborted)));
    }

    static async Task<NoContent> DeleteAsync(string product, HttpContext http, ProductRegistry products, UploadRuleBook rules)
    {
        await products.DeleteAsync(product, http.RequestAborted);
        rules.Forget(product);
        return TypedResults.NoContent();
    }

    static void CheckName(string product, string[] dialects)
    {
        var allowed = dialects.Any(DialectNames.IsTencent) ? RegistryNames.TencentProduct : RegistryNames.OtherProduct;
        new Mistakes().Need("product", RegistryNames.IsProduct(product, dialects), allowed).ThrowIfAny();
    }
}
