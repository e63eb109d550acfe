using Waybill.Devices;

namespace Waybill.Upgrades;

/// <summary>The dock listens, or something new waits for it. It is told once: twice would upgrade twice. <see cref="JobMessage{TJob, TSettings}.Result"/> is what to tell.</summary>
class UpgradeOffer(long gatewayId) : UpgradeMessage
{
    public override void Need(JobView<Upgrade> view) => view.NeededGateways.Add(gatewayId);

    protected override JobDecision<Upgrade> Rule(JobView<Upgrade> view, JobMoment<UpgradeSettings> moment) =>
        view.OpenOf(gatewayId) is { State: UpgradeState.Pending, ToldAt: null } upgrade
            ? new(Changed: upgrade with
            {
                State = UpgradeState.Sent,
                Reason = null,
                ToldAt = moment.Now,
                DeadlineAt = moment.After(moment.Settings.Job),
                DueAt = moment.After(moment.Settings.Answer),
            })
            : JobDecision<Upgrade>.Nothing;
}

/// <summary>The dock cannot be told now: why, and when it is tried again; or never.</summary>
sealed class UpgradeDelayed(long id, string reason, bool isForGood) : UpgradeMessage
{
    public override void Need(JobView<Upgrade> view) => view.NeededIds.Add(id);

    protected override JobDecision<Upgrade> Rule(JobView<Upgrade> view, JobMoment<UpgradeSettings> moment)
    {
        if (view.Find(id) is not { HasWork: true } upgrade)
            return JobDecision<Upgrade>.Nothing;
        return new(Changed: isForGood
            ? upgrade.Ended(UpgradeState.Failed, reason)
            : upgrade with { Reason = reason, DueAt = Math.Min(upgrade.DeadlineAt, moment.After(moment.Settings.Again)) });
    }
}
