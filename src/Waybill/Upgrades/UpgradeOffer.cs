namespace Waybill.Upgrades;

/// <summary>The dock listens, or something new waits for it. It is told once: twice would upgrade twice. <see cref="UpgradeMessage.Result"/> is what to tell.</summary>
sealed class UpgradeOffer(long gatewayId) : UpgradeMessage
{
    public override void Need(UpgradeView view) => view.NeededGateways.Add(gatewayId);

    protected override UpgradeDecision Rule(UpgradeView view, UpgradeMoment moment) =>
        view.OpenOf(gatewayId) is { State: UpgradeState.Pending, ToldAt: null } upgrade
            ? new(Changed: upgrade with
            {
                State = UpgradeState.Sent,
                ToldAt = moment.Now,
                DeadlineAt = moment.After(moment.Settings.Job),
                DueAt = moment.After(moment.Settings.Answer),
            })
            : UpgradeDecision.Nothing;
}
