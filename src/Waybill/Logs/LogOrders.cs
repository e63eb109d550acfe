using Waybill.Data;
using Waybill.Devices;
using Waybill.Upgrades;

namespace Waybill.Logs;

/// <summary>Where in its bucket everything of a log request stands.</summary>
delegate string LogPrefix(long id);

/// <summary>Takes orders for logs: how a dock stands is looked at in its turn, and an upgrade keeps them out.</summary>
sealed class LogOrders(JobLine line, GatewayTurns turns, UpgradeRows upgrades, LogPrefix prefix, Database database)
{
    /// <param name="id">A fresh one.</param>
    /// <param name="gatewayId">Row id of the dock.</param>
    /// <param name="modules">Whose logs.</param>
    /// <param name="ct">Gives up waiting; what is decided by then stays.</param>
    /// <exception cref="RefusedException">With the remedy.</exception>
    public Task<LogRequest> OrderAsync(long id, long gatewayId, IReadOnlyList<string> modules, CancellationToken ct) => turns.RunAsync(
        gatewayId,
        async seen => await line.DecideAsync(new LogOrder(id, gatewayId, modules, await WithUpgradeAsync(gatewayId, seen, ct)), ct),
        ct);

    /// <exception cref="RefusedException">With the remedy.</exception>
    public Task<LogRequest> UploadAsync(LogRequest request, IReadOnlyList<LogChoice> choices, CancellationToken ct) => turns.RunAsync(
        request.GatewayId,
        async seen =>
        {
            // a dock that is busy otherwise is told later; an upgrade of ours may take its time first
            if (await WithUpgradeAsync(request.GatewayId, seen, ct) is { OtherJob: not null } busy)
                throw LogObstacles.Of(busy, request.Modules)!;
            return await line.DecideAsync(new LogUpload(request.Id, choices, prefix(request.Id)), ct);
        },
        ct);

    /// <param name="id">Of the request.</param>
    /// <param name="modules">None: all.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <exception cref="RefusedException">It has ended.</exception>
    public Task<LogRequest> CancelAsync(long id, IReadOnlyList<string> modules, CancellationToken ct) => line.DecideAsync(new LogCancel(id, modules), ct);

    async ValueTask<GatewayCondition> WithUpgradeAsync(long gatewayId, GatewayCondition seen, CancellationToken ct) =>
        await upgrades.OpenOfAsync(database, gatewayId, ct) is { } upgrade
            ? seen with { OtherJob = upgrade.ToldAt is null ? "has an upgrade that waits for it" : "is upgrading its firmware" }
            : seen;
}
