using Waybill.Data;
using Waybill.Line;
using Waybill.Link;
using Waybill.Logs;
using Waybill.Upgrades;

namespace Waybill.Dialects.DjiCloud;

/// <summary>
/// Brings to docks what waits for them. What a command needs (credentials, packages) is made ready here; whether it is told is decided
/// on the line, where it may turn out that another told it already.
/// </summary>
sealed partial class DjiDispatch(DjiDialect dialect, DjiRooms rooms, DjiWork work, DjiJobIds jobs, Inbox inbox, DeviceConnections connections, ILogger<DjiDispatch> logger)
    : BackgroundService
{
    /// <summary>Other storage may take its time; nobody else waits for it.</summary>
    const int AtOnce = 8;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => TellAllAsync(stoppingToken)));

    async Task TellAllAsync(CancellationToken ct)
    {
        while (true)
        {
            var (gateway, again) = await rooms.Gateways.TakeAsync(ct);
            try
            {
                if (connections.Find(gateway) is { } connection && connection.Listening.Contains(dialect))
                    await TellAsync(connection, again, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogFailed(logger, e, gateway);
            }
        }
    }

    async Task TellAsync(DeviceConnection connection, bool again, CancellationToken ct)
    {
        var gateway = connection.Device.Id;
        if (await work.Logs.OpenOfAsync(work.Database, gateway, ct) is { } request && (request.HasToTell || (again && request.Command != LogCommand.None)))
            await inbox.PostAsync(await LogAsync(connection, request, again, ct), ct);
        if (await work.Upgrades.OpenOfAsync(work.Database, gateway, ct) is { HasWork: true } upgrade)
            await inbox.PostAsync(await UpgradeAsync(connection, upgrade, ct), ct);
    }

    async Task<LogMessage> LogAsync(DeviceConnection connection, LogRequest request, bool again, CancellationToken ct)
    {
        var isBusy = request.Command == LogCommand.Cancel ? null : LogObstacles.Of(rooms.Conditions.Of(request.GatewayId), request.Modules);
        if (isBusy is not null)
            return new LogDelayed(request.Id, isBusy.Message);
        try
        {
            var storage = request is { Command: LogCommand.Start, ToldAt: null } ? await rooms.Storage.ForLogsAsync(connection, request, jobs.Prefix(request.Id), ct) : null;
            return new DjiLogOffer(request.GatewayId, again, storage) { Origin = Origin.Ours(connection, dialect) };
        }
        catch (RefusedException refusal)
        {
            return new LogDelayed(request.Id, refusal.Message);
        }
    }

    async Task<UpgradeMessage> UpgradeAsync(DeviceConnection connection, Upgrade upgrade, CancellationToken ct)
    {
        if (UpgradeObstacles.Of(rooms.Conditions.Of(upgrade.GatewayId), upgrade.Targets.Any(t => t.Sn != connection.Device.Name)) is { } obstacle)
            return new UpgradeDelayed(upgrade.Id, obstacle.Message, isForGood: false);
        var packages = new List<Files.LibraryFile?>();
        foreach (var target in upgrade.Targets)
        {
            packages.Add(await work.Packages.FindAsync(upgrade.GatewayId, target, ct));
            if (target.FileName is { } name && packages[^1] is null)
                return new UpgradeDelayed(upgrade.Id, $"the package {name} {target.FileVersion} was deleted from the library", isForGood: true);
        }
        return new DjiUpgradeOffer(upgrade.GatewayId, packages) { Origin = Origin.Ours(connection, dialect) };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Gateway {Gateway} could not be told what waits for it; it is tried again when it comes")]
    static partial void LogFailed(ILogger logger, Exception e, long gateway);
}

/// <summary>What may wait for docks.</summary>
sealed record DjiWork(LogRows Logs, UpgradeRows Upgrades, Packages Packages, Database Database);
