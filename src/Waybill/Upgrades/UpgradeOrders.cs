using Waybill.Data;
using Waybill.Devices;
using Waybill.Logs;

namespace Waybill.Upgrades;

/// <summary>Takes orders for upgrades: how a dock stands is looked at in its turn, and logs that are being fetched keep them out.</summary>
sealed class UpgradeOrders(JobLine line, GatewayTurns turns, LogRows logs, Ids ids, Database database)
{
    /// <exception cref="RefusedException">With the remedy.</exception>
    public Task<Upgrade> OrderAsync(long gatewayId, string sn, IReadOnlyList<UpgradeTarget> targets, CancellationToken ct) => turns.RunAsync(
        gatewayId,
        async seen => await line.DecideAsync(new UpgradeOrder(await ids.NextAsync(ct), new(gatewayId, sn, await WithLogsAsync(gatewayId, seen, ct)), targets), ct),
        ct);

    /// <exception cref="RefusedException">It has begun, or ended.</exception>
    public Task<Upgrade> CancelAsync(long id, CancellationToken ct) => line.DecideAsync(new UpgradeCancel(id), ct);

    /// <summary>A list that nobody has chosen from yet keeps nobody out: the dock is doing nothing for it.</summary>
    async ValueTask<GatewayCondition> WithLogsAsync(long gatewayId, GatewayCondition seen, CancellationToken ct) =>
        await logs.OpenOfAsync(database, gatewayId, ct) is { State: not LogState.Listed } request
            ? seen with { OtherJob = request.ToldAt is null && request.State == LogState.Pending ? "has a log request that waits for it" : "is exporting logs" }
            : seen;
}
