using Waybill.Devices;

namespace Waybill.Upgrades;

/// <summary>What a dock says of an upgrade: in its answer and in its progress.</summary>
sealed record ReportedUpgrade
{
    /// <summary>Null when it did not say.</summary>
    public UpgradeState? State { get; init; }

    /// <summary>In its own word.</summary>
    public string? Stage { get; init; }

    /// <summary>Firmware is being written.</summary>
    public bool IsWriting { get; init; }

    public int? Percent { get; init; }
    public long? Rate { get; init; }

    /// <summary>0, or why it failed, whatever <see cref="State"/> says.</summary>
    public int Code { get; init; }

    /// <summary>What the code means, for people.</summary>
    public string? Reason { get; init; }

    public override string ToString() => $"{(State?.ToString() ?? "?").ToLowerInvariant()} {Code} {Stage} {Percent}".TrimEnd();
}

/// <summary>The answer to <c>ota_create</c>; progress that came before it counts more.</summary>
sealed class UpgradeReply(long id, ReportedUpgrade reported) : UpgradeMessage
{
    public override void Need(JobView<Upgrade> view) => view.NeededIds.Add(id);

    protected override JobDecision<Upgrade> Rule(JobView<Upgrade> view, JobMoment<UpgradeSettings> moment)
    {
        if (view.Find(id) is not { IsOpen: true, ToldAt: not null, IsAnswered: false } upgrade)
            return JobDecision<Upgrade>.Nothing;
        return reported.Code != 0
            ? new(Changed: upgrade.Ended(UpgradeState.Rejected, reported.Reason ?? $"the dock answered code {reported.Code}", reported.Code))
            : new(Changed: upgrade.Reported(reported, moment));
    }
}

/// <summary>Progress: known by the command's id, or else of the only upgrade that runs on this dock.</summary>
sealed class UpgradeProgress(long gatewayId, long? id, ReportedUpgrade reported) : UpgradeMessage
{
    public override void Need(JobView<Upgrade> view)
    {
        if (id is { } known)
            view.NeededIds.Add(known);
        view.NeededGateways.Add(gatewayId);
    }

    protected override JobDecision<Upgrade> Rule(JobView<Upgrade> view, JobMoment<UpgradeSettings> moment)
    {
        var upgrade = id is { } known ? view.Find(known) : view.OpenOf(gatewayId);
        if (upgrade?.GatewayId != gatewayId || upgrade.ToldAt is null)
            return JobDecision<Upgrade>.Nothing;
        return new(Changed: upgrade.IsOpen ? upgrade.Reported(reported, moment) : upgrade with { Report = reported.ToString() });
    }
}

/// <summary>A device said which firmware it runs. Before firmware is being written that is nothing new.</summary>
sealed class VersionSeen(long gatewayId, string sn, string version) : UpgradeMessage
{
    public string Sn => sn;

    public string Version => version;

    public override void Need(JobView<Upgrade> view) => view.NeededGateways.Add(gatewayId);

    protected override JobDecision<Upgrade> Rule(JobView<Upgrade> view, JobMoment<UpgradeSettings> moment)
    {
        if (view.OpenOf(gatewayId) is not { IsWriting: true } upgrade || !upgrade.Targets.Any(t => t.Sn == sn))
            return JobDecision<Upgrade>.Nothing;
        var known = upgrade with { Targets = [.. upgrade.Targets.Select(t => t.Sn == sn ? t with { Reported = version } : t)] };
        return new(Changed: known.Settled(moment));
    }
}

/// <summary>The dock came back on a new connection: maybe the restart of the upgrade, whose announcement was lost. Versions count from here on.</summary>
sealed class GatewayReturned(long gatewayId) : UpgradeMessage
{
    public override void Need(JobView<Upgrade> view) => view.NeededGateways.Add(gatewayId);

    protected override JobDecision<Upgrade> Rule(JobView<Upgrade> view, JobMoment<UpgradeSettings> moment) =>
        view.OpenOf(gatewayId) is { State: UpgradeState.InProgress, Step: not UpgradeStep.Verifying } upgrade
            ? new(Changed: upgrade with { IsWriting = true, DueAt = Math.Min(upgrade.DeadlineAt, moment.After(moment.Settings.Silence)) })
            : JobDecision<Upgrade>.Nothing;
}
