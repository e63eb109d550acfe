using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Waybill.Upgrades;

namespace Waybill.Api;

/// <summary>Firmware upgrades of docks and their aircraft.</summary>
static class UpgradeRoutes
{
    public static void MapUpgrades(this IEndpointRouteBuilder api)
    {
        var upgrades = api.MapGroup("/upgrades").WithTags("Upgrades");
        upgrades.MapGet("", ListAsync).WithSummary("List upgrades, the newest first").Needing(Actions.UpgradesRead, narrows: true).Pages(JobQuery.Filters);
        upgrades.MapGet("/{id}", GetAsync).WithSummary("Get an upgrade: how it goes, and what each device runs").Needing(Actions.UpgradesRead, narrows: true);
        upgrades.MapPost("", CreateAsync).WithSummary("Upgrade the firmware of a dock, its aircraft or both").Needing(Actions.UpgradesWrite, narrows: true)
            .Takes<UpgradeBody>();
        upgrades.MapPost("/{id}/cancel", CancelAsync).WithSummary("Cancel an upgrade that the dock has not been told of").Needing(Actions.UpgradesWrite, narrows: true);
    }

    static async Task<Ok<Page<UpgradeAnswer>>> ListAsync(HttpContext http, UpgradeLook upgrades, GatewayNames names, Seal seal)
    {
        var query = await JobQuery.OfAsync(http, names, seal, SealPurpose.Upgrade);
        var found = await upgrades.ListAsync(query.Filter, http.RequestAborted);
        return TypedResults.Ok(query.Ask.Sealed(found, f => Shown(f, seal), f => seal.Write(f.Job.Id, 0, SealPurpose.Upgrade)));
    }

    static async Task<Ok<UpgradeAnswer>> GetAsync(string id, HttpContext http, UpgradeLook upgrades, Seal seal) =>
        TypedResults.Ok(Shown(await upgrades.GetAsync(id, http), seal));

    static async Task<Created<UpgradeAnswer>> CreateAsync(HttpContext http, UpgradeDesk desk, Seal seal)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.UpgradeBody);
        http.Caller().Scope.Demand(body.Product!, body.Gateway);
        var created = Shown(await desk.OrderAsync(body, http.RequestAborted), seal);
        return TypedResults.Created($"{http.Request.Path}/{created.Id}", created);
    }

    static async Task<Ok<UpgradeAnswer>> CancelAsync(string id, HttpContext http, UpgradeLook upgrades, UpgradeDesk desk, Seal seal) =>
        TypedResults.Ok(Shown(await desk.CancelAsync(await upgrades.GetAsync(id, http), http.RequestAborted), seal));

    static UpgradeAnswer Shown(FoundJob<Upgrade> found, Seal seal) => UpgradeAnswer.Of(found.Job, found.Gateway, seal);
}
