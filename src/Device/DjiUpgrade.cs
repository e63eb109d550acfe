using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>One <c>ota_create</c>: packages are fetched, the dock restarts, and what it runs afterwards is told.</summary>
sealed class DjiUpgrade(DjiLink link, DjiPresence presence, DjiCreateOta command, string? bid)
{
    readonly long _size = command.Devices.Sum(d => d.Package?.Size ?? 0);
    long _moved;
    long _rateFrom;
    long _saidAt = link.Options.Clock.GetTimestamp();

    public async Task<DjiJobOutcome> RunAsync(CancellationToken ct)
    {
        presence.Condition = presence.Condition with { Mode = DjiDockMode.Upgrading };
        var code = await FetchAsync(ct);
        if (code == 0)
            await SayAsync(DjiState.InProgress, DjiOtaStage.Upgrade, 0, ct);
        code = code == 0 ? presence.Condition.UpgradeFault : code;
        if (code != 0)
        {
            presence.Condition = presence.Condition with { Mode = DjiDockMode.Idle };
            await SayAsync(new(0, DjiStatus.Of(DjiState.Failed), 0, StepOf(DjiOtaStage.Upgrade), code, null), ct);
            return new(DjiJob.Upgrade, bid, DjiState.Failed, code, _moved);
        }
        await link.RestartAsync(ct);
        await ArriveAsync(ct);
        return new(DjiJob.Upgrade, bid, DjiState.Ok, 0, _moved);
    }

    async Task<int> FetchAsync(CancellationToken ct)
    {
        await SayAsync(DjiState.InProgress, DjiOtaStage.Download, 0, ct);
        foreach (var package in command.Devices.Select(d => d.Package).OfType<DjiPackage>())
        {
            var fetch = new DjiFirmware(link.Options, package, bytes => Interlocked.Add(ref _moved, bytes)).FetchAsync(ct);
            await link.TellWhileAsync(fetch, () => SayAsync(DjiState.InProgress, DjiOtaStage.Download, Percent, ct), ct);
            if (await fetch is not 0 and var code)
                return code;
        }
        await SayAsync(DjiState.InProgress, DjiOtaStage.Download, 100, ct);
        return 0;
    }

    /// <summary>After the restart: topology, the versions, and in most generations the end.</summary>
    async Task ArriveAsync(CancellationToken ct)
    {
        var dock = command.Devices.FirstOrDefault(d => d.Sn == link.Options.DockSn);
        var aircraft = command.Devices.FirstOrDefault(d => d.Sn == link.Options.AircraftSn);
        var before = presence.Condition;
        presence.Condition = before with
        {
            Mode = DjiDockMode.Idle,
            DockFirmware = dock?.Version ?? before.DockFirmware,
            AircraftFirmware = aircraft?.Version ?? before.AircraftFirmware,
            WantsConsistency = before.WantsConsistency && aircraft is null,
        };
        await presence.TellTopologyAsync(ct);
        if (!link.Options.Profile.EndsUpgradesSilently)
            await SayAsync(DjiState.Ok, DjiOtaStage.Upgrade, 100, ct);
        await presence.TellStateAsync(ct);
    }

    int Percent => _size == 0 ? 100 : (int)Math.Min(Interlocked.Read(ref _moved) * 100 / _size, 100);

    Task SayAsync(DjiState state, DjiOtaStage stage, int percent, CancellationToken ct) =>
        SayAsync(new(0, DjiStatus.Of(state), percent, StepOf(stage), 0, stage == DjiOtaStage.Download ? Rate() : null), ct);

    Task SayAsync(DjiOtaProgress progress, CancellationToken ct) =>
        link.SayAsync(link.NewHead(link.Options.Profile.HasRandomBid ? null : bid), progress, ct);

    /// <summary>Bytes per second since the last report.</summary>
    long Rate()
    {
        var clock = link.Options.Clock;
        var (now, moved) = (clock.GetTimestamp(), Interlocked.Read(ref _moved));
        var seconds = clock.GetElapsedTime(_saidAt, now).TotalSeconds;
        var rate = seconds > 0 ? (long)((moved - _rateFrom) / seconds) : 0;
        (_saidAt, _rateFrom) = (now, moved);
        return rate;
    }

    static DjiOtaStep StepOf(DjiOtaStage stage) => new(stage, stage == DjiOtaStage.Download ? "download_firmware" : "upgrade_firmware");
}
