using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;
using Waybill.Gate;

namespace Waybill.Api;

sealed record MqttRefusalAnswer(DateTime At, string Act, string Reason, string Detail, string Client)
{
    public string? Product { get; init; }

    public string? Device { get; init; }

    public string? User { get; init; }

    public string? Address { get; init; }

    public string? Topic { get; init; }

    public static MqttRefusalAnswer Of(MqttRefusal r) => new(Times.Utc(r.At), r.Act.ToString().ToLowerInvariant(), r.Reason, r.Detail, r.Client)
    {
        Product = r.Claim.Product,
        Device = r.Claim.Device,
        User = r.Claim.User,
        Address = r.Address?.ToString(),
        Topic = r.Topic,
    };
}

static class MqttRefusalRoutes
{
    static readonly string[] s_filters = ["client", "product", "device"];

    public static void MapMqttRefusals(this IEndpointRouteBuilder api) => api.MapGroup("/mqtt/refusals").WithTags("MQTT accounts")
        .MapGet("", List).WithSummary("List the last CONNECTs, publishes and subscriptions that were refused, with the reason, the newest first")
        .Needing(Actions.DevicesRead, narrows: true).Pages(s_filters);

    static Ok<Page<MqttRefusalAnswer>> List(HttpContext http, MqttRefusals refusals)
    {
        var ask = PageAsk.Of(http, s_filters);
        var before = long.MaxValue;
        if (ask.Place is { Length: > 0 } place && !long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            throw PageAsk.Invalid();
        var (client, product, device) = (Asked(http, "client"), Asked(http, "product"), Asked(http, "device"));
        var scope = http.Caller().Scope;
        var found = refusals.List(r => IsSeen(r, scope) && r.IsOf(client, product, device), before, ask.Limit + 1);
        return TypedResults.Ok(ask.Page(found, MqttRefusalAnswer.Of, r => r.Number.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Who says to be of no product is nobody's but of those who see all.</summary>
    static bool IsSeen(MqttRefusal refusal, Scope scope) => scope.IsEverything || refusal.Claim switch
    {
        { Product: { } product, Device: { } device } => scope.Covers(product, device),
        { Product: { } product } => scope.Devices is null && scope.Covers(product),
        _ => false,
    };

    static string? Asked(HttpContext http, string name) => http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;
}
