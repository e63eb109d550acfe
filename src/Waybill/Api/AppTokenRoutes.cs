using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;

namespace Waybill.Api;

/// <summary>For which devices of a product an app may do what, for how many seconds, and whose app it is.</summary>
sealed record AppTokenBody(string? Product, string[]? Devices, string[]? Actions, int? ExpiresIn, string? User) : IRequestBody
{
    public const int UsualLife = 3600;
    const int LongestLife = 24 * 3600;
    const int MostDevices = 32;

    static readonly string s_possible = string.Join(", ", ActionWords.Of(AppToken.Possible));

    public Actions Wanted => Actions!.Aggregate(Waybill.Devices.Actions.None, (all, word) => all | ActionWords.Find(word)!.Value);

    public void Check(Mistakes mistakes) => mistakes
        .Need("product", Product is { Length: > 0 }, "the id of a product")
        .Need("devices", Devices is { Length: > 0 and <= MostDevices } && Devices.All(d => d is not null), $"a list of 1 to {MostDevices} names of devices")
        .Need("actions", Actions is { Length: > 0 } && Actions.All(IsPossible), $"a list of some of {s_possible}")
        .Need("expiresIn", ExpiresIn is null or > 0 and <= LongestLife, $"1 to {LongestLife} seconds")
        .May("user", User, u => u.Length is > 0 and <= AppToken.LongestUser, $"1 to {AppToken.LongestUser} characters, or absent");

    static bool IsPossible(string word) => ActionWords.Find(word) is { } action && AppToken.Possible.HasFlag(action);
}

sealed record AppTokenAnswer(string Token, DateTime ExpiresAt);

static partial class AppTokenRoutes
{
    public static void MapAppTokens(this IEndpointRouteBuilder api) => api.MapPost("/app-tokens", MintAsync).WithTags("Keys")
        .WithSummary("Make a short-lived token for an app: some devices of a product, some actions")
        .Needing(Actions.TokensMint, narrows: true).Takes<AppTokenBody>().WithMetadata(new AnswersSecret("token"));

    static async Task<Ok<AppTokenAnswer>> MintAsync(
        HttpContext http, ProductRegistry products, DeviceRegistry devices, AppTokens tokens, ILogger<AppToken> logger)
    {
        var (body, caller) = (await JsonBody.ReadAsync(http, ApiJson.Wire.AppTokenBody), http.Caller());
        caller.Scope.Demand(body.Product!, null);
        var product = await products.GetAsync(body.Product!, http.RequestAborted);
        foreach (var device in body.Devices!)
            await devices.GetAsync(product, device, http.RequestAborted);
        var life = TimeSpan.FromSeconds(body.ExpiresIn ?? AppTokenBody.UsualLife);
        var (text, token) = tokens.Mint(caller, new([product.Name], body.Devices), body.Wanted, life, body.User);
        LogMinted(logger, caller.Name, product.Name, token.Devices.Length, token.Actions);
        return TypedResults.Ok(new AppTokenAnswer(text, Times.Utc(token.ExpiresAt)));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Caller} made an app token for {Count} devices of {Product}: {Actions}")]
    static partial void LogMinted(ILogger logger, string caller, string product, int count, Actions actions);
}
