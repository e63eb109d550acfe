using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Waybill.Objects.Credentials.Issuers;
using Waybill.Quotas;
using Waybill.Settings;

namespace Waybill.Api;

/// <summary>
/// A product as it is put: what is absent is taken away, but for the name, which then is the product's id, and secrets that are absent
/// where the rest of their block is given.
/// </summary>
sealed record ProductBody(string? Name, string[]? Dialects, string? DeviceUrl, RegistrationBody? Registration) : IRequestBody
{
    public DjiBody? Dji { get; init; }
    public LoginBody? Login { get; init; }

    public GatewayWish Gateways => new(Dji?.AsChange(), Login?.AsChange());

    public void Check(Mistakes mistakes) => LoginBody.Check(Login, DjiBody.Check(Dji, RegistrationBody.Check(Registration, Dialects, mistakes)))
        .May("name", Name, ProductRules.IsTitle, ProductRules.Title)
        .Need("dialects", Dialects is not null && ProductRules.AreDialects(Dialects), ProductRules.DialectList)
        .May("deviceUrl", DeviceUrl, u => UrlBase.TryParse(u, out _), UrlBase.Allowed);
}

/// <summary>What is absent stays. An empty device URL removes it, as an empty text does in the blocks.</summary>
sealed record ProductPatch(string? Name, string[]? Dialects, string? DeviceUrl, bool? Disabled, RegistrationBody? Registration) : IRequestBody
{
    public DjiBody? Dji { get; init; }
    public LoginBody? Login { get; init; }

    public GatewayWish Gateways => new(Dji?.AsChange(), Login?.AsChange());

    public void Check(Mistakes mistakes) => LoginBody.Check(Login, DjiBody.Check(Dji, RegistrationBody.Check(Registration, Dialects, mistakes)))
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

    /// <summary>Only of products with the dialect dji.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DjiView? Dji { get; init; }

    /// <summary>The login that any of its gateways may use.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LoginView? Login { get; init; }

    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }

    public static ProductAnswer Of(Product p) => new(p.Name, p.Title, p.Dialects, p.DeviceUrl, p.DisabledAt is not null)
    {
        Registration = RegistrationView.Of(p),
        Dji = DjiView.Of(p),
        Login = LoginView.Of(p),
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
        products.MapPut("/{product}", PutAsync).WithSummary("Make or replace a product; of dji and login a secret that is absent stays while the rest of the block is given").Needing(Actions.ProductsWrite).Takes<ProductBody>();
        products.MapPatch("/{product}", PatchAsync).WithSummary("Change, disable or enable a product; an empty text in dji or login takes it away").Needing(Actions.ProductsWrite).Takes<ProductPatch>();
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

    static async Task<Results<Ok<ProductAnswer>, Created<ProductAnswer>>> PutAsync(
        string product, HttpContext http, ProductRegistry products, CredentialIssuers issuers)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.ProductBody);
        CheckName(product, body.Dialects!);
        CheckGateways(body.Dialects!, body.Dji, body.Login, issuers);
        var url = body.DeviceUrl is { Length: > 0 } given ? given.TrimEnd('/') : null;
        var values = new ProductValues(body.Name ?? product, body.Dialects!, url, body.Registration?.AsRule() ?? RegistrationRule.Off) { Gateways = body.Gateways };
        var (put, made) = await products.PutAsync(product, values, http.RequestAborted);
        return made ? TypedResults.Created(http.Request.Path, ProductAnswer.Of(put)) : TypedResults.Ok(ProductAnswer.Of(put));
    }

    static async Task<Ok<ProductAnswer>> PatchAsync(string product, HttpContext http, ProductRegistry products, CredentialIssuers issuers)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.ProductPatch);
        if (body.Dialects is not null)
            CheckName(product, body.Dialects);
        if (body.Dji is not null || body.Login is not null)
            CheckGateways(body.Dialects ?? (await products.GetAsync(product, http.RequestAborted)).Dialects, body.Dji, body.Login, issuers);
        var change = new ProductChange(body.Name, body.Dialects, body.DeviceUrl?.TrimEnd('/'), body.Disabled, body.Registration?.AsRule()) { Gateways = body.Gateways };
        return TypedResults.Ok(ProductAnswer.Of(await products.ChangeAsync(product, change, http.RequestAborted)));
    }

    static async Task<NoContent> DeleteAsync(string product, HttpContext http, ProductRegistry products, UploadRuleBook rules)
    {
        await products.DeleteAsync(product, http.RequestAborted);
        rules.Forget(product);
        return TypedResults.NoContent();
    }

    static void CheckGateways(IReadOnlyList<string> dialects, DjiBody? dji, LoginBody? login, CredentialIssuers issuers) =>
        DjiRules.Check(DjiRules.Check(new(), dialects, dji, login), dji?.Storage, [.. issuers.All.Select(i => i.Name)]).ThrowIfAny();

    static void CheckName(string product, string[] dialects)
    {
        var allowed = dialects.Any(DialectNames.IsTencent) ? RegistryNames.TencentProduct : RegistryNames.OtherProduct;
        new Mistakes().Need("product", RegistryNames.IsProduct(product, dialects), allowed).ThrowIfAny();
    }
}
