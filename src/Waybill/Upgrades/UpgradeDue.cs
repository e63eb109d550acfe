using Waybill.Devices;

namespace Waybill.Upgrades;

/// <summary>An upgrade's time has come: an answer is missing, versions did not come, nothing was heard, a deadline passed.</summary>
sealed class UpgradeDue(long id) : UpgradeWish
{
    public override void Need(JobView<Upgrade> view) => view.NeededIds.Add(id);

    protected override JobDecision<Upgrade> Rule(JobView<Upgrade> view, JobMoment<UpgradeSettings> moment)
    {
        if (view.Find(id) is not { IsOpen: true } upgrade || upgrade.DueAt > moment.Now)
            return JobDecision<Upgrade>.Nothing;
        if (upgrade.HasWork && upgrade.DeadlineAt > moment.Now)
            return new(Changed: upgrade with { DueAt = upgrade.DeadlineAt });
        if (upgrade.Step == UpgradeStep.Verifying)
            return new(Changed: upgrade.Ended(UpgradeState.Failed, Unproven(upgrade)));
        if (upgrade is { ToldAt: not null, IsAnswered: false, Step: UpgradeStep.None } && upgrade.DeadlineAt > moment.Now)
            return new(Changed: Unknown(upgrade, moment));
        // the last word was lost, and what counts is what they run
        if (upgrade.IsProven)
            return new(Changed: upgrade.Ended(UpgradeState.Ok, null));
        return new(Changed: upgrade.Ended(UpgradeState.Timeout, upgrade.ToldAt is null ? "the dock did not come before the deadline" : "the dock said nothing more"));
    }

    /// <summary>It is not told again: whether it was heard shows in what it says.</summary>
    static Upgrade Unknown(Upgrade upgrade, JobMoment<UpgradeSettings> moment) => upgrade with
    {
        State = UpgradeState.InProgress,
        Step = UpgradeStep.Unknown,
        Reason = "the dock did not answer; it may be at work",
        DueAt = Math.Min(upgrade.DeadlineAt, moment.After(moment.Settings.Silence)),
    };

    static string Unproven(Upgrade upgrade)
    {
        var missing = upgrade.Targets.First(t => !t.IsProven);
        return $"the dock said ok, but {missing.Sn} {(missing.Reported is { } version ? $"runs {version}" : "did not say its version")}";
    }
}
