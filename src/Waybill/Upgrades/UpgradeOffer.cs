using Waybill.Devices;

namespace Waybill.Upgrades;

/// <summary>The dock listens, or something new waits for it. It is told once: twice would upgrade twice. <see cref="JobMessage{TJob, TSettings}.Result"/> is what to tell.</summary>
sealed class UpgradeOffer(long gatewayId) : UpgradeMessage
{
    public override void Need(JobView<Upgrade> view) => view.NeededGateways.Add(gatewayId);

    protected override JobDecision<Upgrade> Rule(JobView<Upgrade> view, JobMoment<UpgradeSettings> moment) =>
        view.OpenOf(gatewayId) is { State: UpgradeState.Pending, ToldAt: null } upgrade
            ? new(Changed: upgrade with
            {
                State = UpgradeState.Sent,
                ToldAt = moment.Now,
                DeadlineAt = moment.After(moment.Settings.Job),
                DueAt = moment.After(moment.Settings.Answer),
            })
            : JobDecision<Upgrade>.Nothing;
}
