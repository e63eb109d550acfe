using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Logs;

namespace Waybill.Api;

/// <summary>Logs of many docks at once.</summary>
static class LogCampaignRoutes
{
    public static void MapLogCampaigns(this IEndpointRouteBuilder api)
    {
        var campaigns = api.MapGroup("/log-campaigns").WithTags("Log campaigns");
        campaigns.MapGet("", ListAsync).WithSummary("List log campaigns, the newest first").Needing(Actions.LogsRead, narrows: true).Pages("product");
        campaigns.MapGet("/{id}", GetAsync).WithSummary("Get a log campaign: how many docks stand how").Needing(Actions.LogsRead, narrows: true);
        campaigns.MapGet("/{id}/targets", TargetsAsync).WithSummary("List the docks of a log campaign with their log requests")
            .Needing(Actions.LogsRead, narrows: true).Pages("state");
        campaigns.MapGet("/{id}/bundle", BundleAsync).WithSummary("Read all archives of a log campaign that are ok, and a summary.csv, as one zip")
            .Needing(Actions.ContentRead, narrows: true).Produces<Stream>(StatusCodes.Status200OK, MediaTypeNames.Application.Zip);
        campaigns.MapPost("", CreateAsync).WithSummary("Fetch the logs of a time of many docks, each when it can give them").Needing(Actions.LogsWrite, narrows: true)
            .Takes<LogCampaignBody>();
        campaigns.MapPost("/{id}/cancel", CancelAsync).WithSummary("Cancel a log campaign with its open requests").Needing(Actions.LogsWrite, narrows: true);
    }

    static async Task<Ok<Page<LogCampaignAnswer>>> ListAsync(HttpContext http, LogCampaigns campaigns, Seal seal)
    {
        var ask = PageAsk.Of(http, "product");
        var before = long.MaxValue;
        if (ask.After.Length > 0 && !seal.TryRead(ask.After, SealPurpose.LogCampaign, out before, out _))
            throw PageAsk.Invalid();
        var found = await campaigns.ListAsync(JobQuery.Within(http.Caller().Scope, http.Request.Query["product"]), before, ask.Limit + 1, http.RequestAborted);
        var counts = await campaigns.CountAsync(found.Select(c => c.Id), http.RequestAborted);
        return TypedResults.Ok(ask.Sealed(found, c => LogCampaignAnswer.Of(c, counts, seal), c => seal.Write(c.Id, 0, SealPurpose.LogCampaign)));
    }

    static async Task<Ok<LogCampaignAnswer>> GetAsync(string id, HttpContext http, LogCampaigns campaigns, Seal seal) =>
        TypedResults.Ok(await ShownAsync(await FindAsync(id, http, campaigns, seal), http, campaigns, seal));

    static async Task<Created<LogCampaignAnswer>> CreateAsync(HttpContext http, LogCampaigns campaigns, ProductRegistry products, LogSettings settings, Seal seal)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.LogCampaignBody);
        http.Caller().Scope.Demand(body.Product!, device: null);
        var product = await products.GetAsync(body.Product!, http.RequestAborted);
        GatewayDesk.Demand(product);
        var made = await ShownAsync(await campaigns.MakeAsync(product, body.AsOrder(settings.MostBoots), http.RequestAborted), http, campaigns, seal);
        return TypedResults.Created($"{http.Request.Path}/{made.Id}", made);
    }

    static async Task<Ok<LogCampaignAnswer>> CancelAsync(string id, HttpContext http, LogCampaigns campaigns, Seal seal)
    {
        var found = await FindAsync(id, http, campaigns, seal);
        return TypedResults.Ok(await ShownAsync(await campaigns.CancelAsync(found, http.RequestAborted), http, campaigns, seal));
    }

    static async Task<Ok<Page<LogTargetAnswer>>> TargetsAsync(string id, HttpContext http, LogCampaigns campaigns, Seal seal)
    {
        var ask = PageAsk.Of(http, "state");
        string? word = http.Request.Query["state"];
        var state = Enum.GetValues<LogState>().Where(s => TransferWords.Of(s) == word).Select(s => (LogState?)s).FirstOrDefault();
        new Mistakes().Need("state", word is null || state is not null, $"one of {string.Join(", ", Enum.GetValues<LogState>().Select(s => TransferWords.Of(s)))}").ThrowIfAny();
        var campaign = await FindAsync(id, http, campaigns, seal);
        var found = await campaigns.TargetsAsync(campaign.Id, state, ask.Place, ask.Limit + 1, http.RequestAborted);
        return TypedResults.Ok(ask.Page(found, t => LogTargetAnswer.Of(t, seal), t => t.Gateway));
    }

    static async Task BundleAsync(HttpContext http, LogCampaigns campaigns, LogBundle bundle, Seal seal)
    {
        var campaign = await FindAsync((string)http.GetRouteValue("id")!, http, campaigns, seal);
        var headers = http.Response.Headers;
        (headers.ContentType, headers.ContentDisposition, headers.XContentTypeOptions) = (MediaTypeNames.Application.Zip, "attachment; filename=logs.zip", "nosniff");
        await bundle.WriteAsync(campaign, http.Response.Body, http.RequestAborted);
    }

    static async ValueTask<LogCampaign> FindAsync(string text, HttpContext http, LogCampaigns campaigns, Seal seal)
    {
        // who is for some devices only is not for a campaign
        if (seal.TryRead(text, SealPurpose.LogCampaign, out var id, out _) && await campaigns.FindAsync(id, http.RequestAborted) is { } found
            && http.Caller().Scope is { Devices: null } scope && scope.Covers(found.Product))
            return found;
        throw new RefusedException("log_campaign_not_found", "There is no such log campaign.");
    }

    static async ValueTask<LogCampaignAnswer> ShownAsync(LogCampaign campaign, HttpContext http, LogCampaigns campaigns, Seal seal) =>
        LogCampaignAnswer.Of(campaign, await campaigns.CountAsync([campaign.Id], http.RequestAborted), seal);
}
