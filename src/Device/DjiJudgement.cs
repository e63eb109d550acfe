using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>What a dock knows when it is told something.</summary>
/// <param name="Condition">How it stands.</param>
/// <param name="Options">What it is.</param>
/// <param name="Running">What it is doing; null for nothing.</param>
sealed record DjiSituation(DjiCondition Condition, DjiDockOptions Options, DjiJob? Running);

/// <summary>What a dock answers to a command, as the vendor's codes say it.</summary>
static class DjiJudgement
{
    const int LowBattery = 20;

    public static DjiCommandReply Of(DjiCommand command, DjiSituation now) => command switch
    {
        DjiListLogs(var modules) => List(modules, now),
        DjiStartLogs start => Plain(Start(start, now)),
        DjiCancelLogs => Plain(now.Running == DjiJob.Logs ? 0 : DjiErrorCodes.NotPossible),
        DjiCreateOta create => Create(create, now) is not 0 and var code ? Plain(code) : new(0, DjiStatus.Of(DjiState.Sent), []),
        DjiBadCommand => Plain(DjiErrorCodes.BadCommand),
        _ => Plain(DjiErrorCodes.NotPossible),
    };

    static DjiCommandReply Plain(int code) => new(code, null, []);

    static DjiCommandReply List(IReadOnlyList<string> modules, DjiSituation now)
    {
        if (Busy(now) is not 0 and var code)
            return Plain(code);
        return new(0, null, [.. modules.Select(m => List(m, now))]);
    }

    static DjiModuleLogs List(string module, DjiSituation now)
    {
        var sn = module == DjiModules.Aircraft ? now.Options.AircraftSn : now.Options.DockSn;
        if (module == DjiModules.Aircraft && !now.Condition.AircraftIsOn)
            return new(module, sn, DjiErrorCodes.AircraftOff, [], 0);
        var boots = now.Options.Logs.Of(module) ?? [];
        return new(module, sn, boots.Count == 0 ? DjiErrorCodes.EmptyLogList : 0, [.. boots.Take(DjiModuleLogs.MaxBoots)], 0);
    }

    static int Start(DjiStartLogs start, DjiSituation now)
    {
        if (Busy(now) is not 0 and var code)
            return code;
        if (start.Files.Any(f => now.Options.Logs.Of(f.Module) is null))
            return DjiErrorCodes.BadCommand;
        return start.Files.Any(f => f.Module == DjiModules.Aircraft) && !now.Condition.AircraftIsOn ? DjiErrorCodes.AircraftOff : 0;
    }

    static int Busy(DjiSituation now) => now.Running switch
    {
        DjiJob.Logs => DjiErrorCodes.ExportingLogs,
        DjiJob.Upgrade => DjiErrorCodes.DeviceUpgrading,
        _ => now.Condition.Mode switch
        {
            DjiDockMode.Upgrading => DjiErrorCodes.DeviceUpgrading,
            DjiDockMode.Working => DjiErrorCodes.ExecutingTask,
            _ => 0,
        },
    };

    static int Create(DjiCreateOta create, DjiSituation now)
    {
        if (now.Running == DjiJob.Upgrade)
            return DjiErrorCodes.Upgrading;
        if (now.Running == DjiJob.Logs || now.Condition.Mode != DjiDockMode.Idle)
            return DjiErrorCodes.DockBusy;
        if (now.Condition.IsStopped)
            return DjiErrorCodes.EmergencyStop;
        if (create.Devices.Any(d => d.Sn != now.Options.DockSn && d.Sn != now.Options.AircraftSn))
            return DjiErrorCodes.BadCommand;
        return create.Devices.FirstOrDefault(d => d.Sn == now.Options.AircraftSn) is { } aircraft ? Create(aircraft, now.Condition) : 0;
    }

    static int Create(DjiOtaDevice aircraft, DjiCondition condition)
    {
        if (!condition.AircraftIsHome)
            return DjiErrorCodes.AircraftNotHome;
        if (!condition.AircraftIsOn)
            return DjiErrorCodes.AircraftNotReady;
        if (condition.Battery < LowBattery)
            return DjiErrorCodes.BatteryLow;
        return aircraft.Type == DjiUpgradeType.Consistency && !condition.WantsConsistency ? DjiErrorCodes.ConsistencyNotAsked : 0;
    }
}
