using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;

namespace Waybill.Api;

/// <summary>A key as it is put: without products it is for all of them.</summary>
sealed record ApiKeyBody(string? Role, string[]? Products, bool? Content) : IRequestBody
{
    public void Check(Mistakes mistakes)
    {
        mistakes.Need("role", Role is not null, $"one of {Roles.All}");
        new ApiKeyPatch(Role, Products, Content, null).Check(mistakes);
    }
}

/// <summary>What is absent stays.</summary>
sealed record ApiKeyPatch(string? Role, string[]? Products, bool? Content, bool? Disabled) : IRequestBody
{
    const int MostProducts = 100;

    public void Check(Mistakes mistakes) => mistakes
        .May("role", Role, r => Roles.Find(r) is not null, $"one of {Roles.All}")
        .May("products", Products, AreProducts, $"a list of 1 to {MostProducts} ids of products, or absent");

    static bool AreProducts(string[] products) =>
        products.Length is > 0 and <= MostProducts && products.All(p => p is not null && RegistryNames.IsProduct(p, [])) && products.Distinct().Count() == products.Length;
}

/// <summary>How long the key before stays valid.</summary>
sealed record ApiKeyRotation(int? OverlapSeconds) : IRequestBody
{
    public void Check(Mistakes mistakes) => new SecretBody(null, OverlapSeconds).Check(mistakes);
}

sealed record ApiKeyAnswer(string Name, string Role, IReadOnlyList<string>? Products, bool Content, bool Disabled)
{
    /// <summary>To the minute.</summary>
    public required DateTime? LastUsed { get; init; }

    public required DateTime? PreviousKeyUntil { get; init; }

    /// <summary>What Tencent's cloud SDKs name it by; null where it has no secret for them.</summary>
    public required string? TencentSecretId { get; init; }

    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }

    /// <summary>Only in the answer to the request that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    public static ApiKeyAnswer Of(ApiKey k) => new(k.Name, k.RoleWord, k.Products, k.Content == 1, k.DisabledAt is not null)
    {
        LastUsed = Times.Utc(k.UsedAt),
        PreviousKeyUntil = Times.Utc(k.PreviousUntil),
        TencentSecretId = k.TencentSecretText is null ? null : TencentSecrets.IdOf(k.Id),
        CreatedAt = Times.Utc(k.CreatedAt),
        UpdatedAt = Times.Utc(k.UpdatedAt),
    };
}

/// <summary>What a Tencent cloud SDK is given; the key only in this answer.</summary>
sealed record TencentSecretAnswer(string SecretId, string SecretKey);

static class ApiKeyRoutes
{
    public const string NameRule = "1 to 64 characters of A-Z, a-z, 0-9, _ - and .";

    public static void MapApiKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/keys").WithTags("Keys");
        keys.MapGet("", ListAsync).WithSummary("List keys of the API").Needing(Actions.KeysRead).Pages();
        keys.MapGet("/{name}", GetAsync).WithSummary("Get a key of the API").Needing(Actions.KeysRead);
        keys.MapPut("/{name}", PutAsync).WithSummary("Make a key, returned once, or give one another role and products")
            .Needing(Actions.KeysWrite).Takes<ApiKeyBody>();
        keys.MapPatch("/{name}", PatchAsync).WithSummary("Change, disable or enable a key; at once").Needing(Actions.KeysWrite).Takes<ApiKeyPatch>();
        keys.MapDelete("/{name}", DeleteAsync).WithSummary("Delete a key; it and the app tokens made with it end at once").Needing(Actions.KeysWrite);
        keys.MapPost("/{name}/rotate", RotateAsync).WithSummary("Give a new key, returned once; the one before stays valid for a time")
            .Needing(Actions.KeysWrite).Takes<ApiKeyRotation>().WithMetadata(new AnswersSecret("key"));
        keys.MapPost("/{name}/tencent-secret", MakeTencentSecretAsync).WithSummary("Give the key a secret for Tencent's cloud SDKs, returned once, in the place of one before")
            .Needing(Actions.KeysWrite).WithMetadata(new AnswersSecret("secretKey"));
        keys.MapDelete("/{name}/tencent-secret", RemoveTencentSecretAsync).WithSummary("Take the key's secret for Tencent's cloud SDKs away; at once")
            .Needing(Actions.KeysWrite);
    }

    static async Task<Ok<Page<ApiKeyAnswer>>> ListAsync(HttpContext http, ApiKeys keys)
    {
        var ask = PageAsk.Of(http);
        var found = await keys.ListAsync(ask.Place, ask.Limit + 1, http.RequestAborted);
        return TypedResults.Ok(ask.Page(found, ApiKeyAnswer.Of, k => k.Name));
    }

    static async Task<Ok<ApiKeyAnswer>> GetAsync(string name, HttpContext http, ApiKeys keys) =>
        TypedResults.Ok(ApiKeyAnswer.Of(await keys.GetAsync(name, http.RequestAborted)));

    static async Task<Results<Ok<ApiKeyAnswer>, Created<ApiKeyAnswer>>> PutAsync(string name, HttpContext http, ApiKeys keys)
    {
        var mistakes = new Mistakes().Need("name", ApiKey.IsName(name), NameRule);
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.ApiKeyBody, mistakes);
        var grant = new ApiKeyGrant(Roles.Find(body.Role)!.Value, body.Products, body.Content ?? false);
        var (key, made) = await keys.PutAsync(name, grant, http.RequestAborted);
        var answer = ApiKeyAnswer.Of(key) with { Key = made };
        return made is null ? TypedResults.Ok(answer) : TypedResults.Created(http.Request.Path, answer);
    }

    static async Task<Ok<ApiKeyAnswer>> PatchAsync(string name, HttpContext http, ApiKeys keys)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.ApiKeyPatch);
        var change = new ApiKeyChange(Roles.Find(body.Role), body.Products, body.Content, body.Disabled);
        return TypedResults.Ok(ApiKeyAnswer.Of(await keys.ChangeAsync(name, change, http.RequestAborted)));
    }

    static async Task<NoContent> DeleteAsync(string name, HttpContext http, ApiKeys keys)
    {
        await keys.DeleteAsync(name, http.RequestAborted);
        return TypedResults.NoContent();
    }

    static async Task<Ok<ApiKeyAnswer>> RotateAsync(string name, HttpContext http, ApiKeys keys)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.ApiKeyRotation);
        var (key, made) = await keys.RotateAsync(name, TimeSpan.FromSeconds(body.OverlapSeconds ?? SecretBody.UsualOverlap), http.RequestAborted);
        return TypedResults.Ok(ApiKeyAnswer.Of(key) with { Key = made });
    }

    static async Task<Ok<TencentSecretAnswer>> MakeTencentSecretAsync(string name, HttpContext http, TencentSecrets secrets)
    {
        var (id, secret) = await secrets.MakeAsync(name, http.RequestAborted);
        return TypedResults.Ok(new TencentSecretAnswer(id, secret));
    }

    static async Task<NoContent> RemoveTencentSecretAsync(string name, HttpContext http, TencentSecrets secrets)
    {
        await secrets.RemoveAsync(name, http.RequestAborted);
        return TypedResults.NoContent();
    }
}
