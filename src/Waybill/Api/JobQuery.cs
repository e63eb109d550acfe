using Waybill.Data;
using Waybill.Devices;
using Waybill.Devices.Gateways;

namespace Waybill.Api;

/// <summary>The query of a list of jobs: <c>?product=&amp;gateway=&amp;open=&amp;after=&amp;limit=</c>.</summary>
sealed record JobQuery(PageAsk Ask, JobFilter Filter)
{
    public static readonly string[] Filters = ["product", "gateway", "open"];

    /// <summary>A gateway that nobody is has no jobs.</summary>
    public static async ValueTask<JobQuery> OfAsync(HttpContext http, GatewayNames names, Seal seal, SealPurpose purpose)
    {
        var ask = PageAsk.Of(http, Filters);
        var query = http.Request.Query;
        var (product, gateway, open) = ((string?)query["product"], (string?)query["gateway"], (string?)query["open"]);
        new Mistakes().Need("open", open is null or "true" or "false", "true or false").ThrowIfAny();
        var before = long.MaxValue;
        if (ask.After.Length > 0 && !seal.TryRead(ask.After, purpose, out before, out _))
            throw PageAsk.Invalid();
        var gatewayId = string.IsNullOrEmpty(gateway) ? (long?)null : await names.FindAsync(gateway, http.RequestAborted) ?? 0;
        return new(ask, new(Within(http.Caller().Scope, product), gatewayId, open == "true", before, ask.Limit + 1));
    }

    /// <summary>What is asked for among what may be seen; null: all.</summary>
    public static IReadOnlyList<string>? Within(Scope scope, string? product) => string.IsNullOrEmpty(product) ? scope.Products : scope.Covers(product) ? [product] : [];
}
