using Waybill.Devices;

namespace Waybill.Upgrades;

/// <summary>A dock, and how it stands.</summary>
/// <param name="Id">Row id.</param>
/// <param name="Sn">Serial number.</param>
/// <param name="Seen">As it is now.</param>
sealed record UpgradeGateway(long Id, string Sn, GatewayCondition Seen);

/// <summary>Someone wants a dock, its aircraft or both to run other firmware.</summary>
sealed class UpgradeOrder(long id, UpgradeGateway gateway, IReadOnlyList<UpgradeTarget> targets) : UpgradeWish
{
    const int Consistency = 2;
    const int Psdk = 4;

    public override void Need(JobView<Upgrade> view) => view.NeededGateways.Add(gateway.Id);

    protected override JobDecision<Upgrade> Rule(JobView<Upgrade> view, JobMoment<UpgradeSettings> moment)
    {
        if (Mistake() is { } mistake)
            return JobDecision<Upgrade>.Refused("upgrade_invalid", mistake);
        if (view.OpenOf(gateway.Id) is not null)
            return JobDecision<Upgrade>.Refused("upgrade_open", "The dock has an open upgrade already: wait for its end.");
        if (UpgradeObstacles.Of(gateway.Seen, targets.Any(t => t.Sn != gateway.Sn)) is { } obstacle)
            return new(Refusal: obstacle);
        var deadline = moment.After(moment.Settings.Deadline);
        return new(Changed: new Upgrade
        {
            Id = id,
            GatewayId = gateway.Id,
            Targets = targets,
            CreatedAt = moment.Now,
            DeadlineAt = deadline,
            DueAt = deadline,
        });
    }

    string? Mistake()
    {
        if (targets.Count is 0 or > 2 || targets.DistinctBy(t => t.Sn).Count() < targets.Count)
            return "An upgrade is for a dock, its aircraft or both.";
        if (targets.Any(t => t.Sn != gateway.Sn && gateway.Seen.AircraftSn is { } aircraft && t.Sn != aircraft))
            return "A device is neither the dock nor its aircraft.";
        if (targets.Any(t => t.Type is < Consistency or > Psdk))
            return "The type is 2 (consistency), 3 (normal) or 4 (PSDK).";
        if (targets.Any(t => t.Version.Length == 0))
            return "A device lacks its version.";
        return targets.Any(t => t.Type != Consistency && t.FileName is null) ? "Only a consistency upgrade goes without a package." : null;
    }
}

/// <summary>An upgrade is not wanted any more. Once the dock knows of it there is no way back.</summary>
sealed class UpgradeCancel(long id) : UpgradeWish
{
    public override void Need(JobView<Upgrade> view) => view.NeededIds.Add(id);

    protected override JobDecision<Upgrade> Rule(JobView<Upgrade> view, JobMoment<UpgradeSettings> moment) => view.Find(id) switch
    {
        null => JobDecision<Upgrade>.Refused("upgrade_not_found", "There is no such upgrade."),
        { State: UpgradeState.Canceled } canceled => new(Unchanged: canceled),
        { IsOpen: false } => JobDecision<Upgrade>.Refused("upgrade_ended", "The upgrade has ended; what has ended cannot be canceled."),
        { ToldAt: not null } => JobDecision<Upgrade>.Refused("upgrade_begun", "The dock has been told: no protocol can stop it now."),
        var waiting => new(Changed: waiting.Ended(UpgradeState.Canceled, "canceled")),
    };
}
