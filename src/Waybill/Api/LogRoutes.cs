using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Waybill.Logs;

namespace Waybill.Api;

/// <summary>Logs of docks and their aircraft: ask for the list, choose, have it uploaded.</summary>
static class LogRoutes
{
    public static void MapLogs(this IEndpointRouteBuilder api)
    {
        var logs = api.MapGroup("/logs").WithTags("Logs");
        logs.MapGet("", ListAsync).WithSummary("List log requests, the newest first").Needing(Actions.LogsRead, narrows: true).Pages(JobQuery.Filters);
        logs.MapGet("/{id}", GetAsync).WithSummary("Get a log request: what the dock has, and how what was chosen comes").Needing(Actions.LogsRead, narrows: true);
        logs.MapPost("", CreateAsync).WithSummary("Ask a dock which logs it and its aircraft have").Needing(Actions.LogsWrite, narrows: true).Takes<LogBody>();
        logs.MapPost("/{id}/upload", UploadAsync).WithSummary("Choose logs from the lists of a request and have the dock upload them")
            .Needing(Actions.LogsWrite, narrows: true).Takes<LogUploadBody>();
        logs.MapPost("/{id}/cancel", CancelAsync).WithSummary("Cancel a log request, or some of its modules").Needing(Actions.LogsWrite, narrows: true)
            .Takes<LogCancelBody>();
    }

    static async Task<Ok<Page<LogAnswer>>> ListAsync(HttpContext http, LogLook logs, GatewayNames names, Seal seal)
    {
        var query = await JobQuery.OfAsync(http, names, seal, SealPurpose.LogRequest);
        var found = await logs.ListAsync(query.Filter, http.RequestAborted);
        return TypedResults.Ok(query.Ask.Sealed(found, f => Listed(f, seal), f => seal.Write(f.Job.Id, 0, SealPurpose.LogRequest)));
    }

    static async Task<Ok<LogAnswer>> GetAsync(string id, HttpContext http, LogLook logs, Seal seal) => TypedResults.Ok(Shown(await logs.GetAsync(id, http), seal));

    static async Task<Created<LogAnswer>> CreateAsync(HttpContext http, LogDesk desk, Seal seal)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.LogBody);
        http.Caller().Scope.Demand(body.Product!, body.Gateway);
        var created = Shown(await desk.OrderAsync(body, http.RequestAborted), seal);
        return TypedResults.Created($"{http.Request.Path}/{created.Id}", created);
    }

    static async Task<Ok<LogAnswer>> UploadAsync(string id, HttpContext http, LogLook logs, LogDesk desk, Seal seal)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.LogUploadBody);
        return TypedResults.Ok(Shown(await desk.UploadAsync(await logs.GetAsync(id, http), body, http.RequestAborted), seal));
    }

    static async Task<Ok<LogAnswer>> CancelAsync(string id, HttpContext http, LogLook logs, LogDesk desk, Seal seal)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.LogCancelBody);
        return TypedResults.Ok(Shown(await desk.CancelAsync(await logs.GetAsync(id, http), body, http.RequestAborted), seal));
    }

    static LogAnswer Listed(FoundJob<LogRequest> found, Seal seal)
    {
        var shown = Shown(found, seal);
        return shown with { Lists = [.. shown.Lists.Select(l => l with { Files = null })] };
    }

    static LogAnswer Shown(FoundJob<LogRequest> found, Seal seal) => LogAnswer.Of(found.Job, found.Gateway, seal);
}
