using Waybill.Devices;

namespace Waybill.Upgrades;

static class UpgradeSettling
{
    /// <summary>A report applied. A code counts before the state.</summary>
    public static Upgrade Reported(this Upgrade upgrade, ReportedUpgrade reported, JobMoment<UpgradeSettings> moment)
    {
        if (reported.Code != 0)
            return upgrade.Ended(UpgradeState.Failed, reported.Reason ?? $"the dock reported code {reported.Code}", reported.Code);
        if (reported.State is > UpgradeState.Ok and var state)
            return upgrade.Ended(state, $"the dock reported {state.ToString().ToLowerInvariant()}");
        var isClaimed = upgrade.IsClaimed || reported.State == UpgradeState.Ok;
        var known = upgrade with
        {
            State = Running(upgrade, reported),
            Step = upgrade.Step == UpgradeStep.Verifying ? UpgradeStep.Verifying : UpgradeStep.None,
            Stage = reported.Stage ?? upgrade.Stage,
            Percent = reported.Percent ?? upgrade.Percent,
            Rate = reported.Rate ?? upgrade.Rate,
            IsWriting = upgrade.IsWriting || reported.IsWriting || isClaimed,
            IsClaimed = isClaimed,
            IsAnswered = true,
            Reason = null,
        };
        return known.Settled(moment);
    }

    /// <summary>Done is what the devices run: with the dock's word for it, or by versions that were others before.</summary>
    public static Upgrade Settled(this Upgrade upgrade, JobMoment<UpgradeSettings> moment)
    {
        if (upgrade.IsProven && (upgrade.IsClaimed || !upgrade.Targets.Any(t => t.IsAmbiguous)))
            return upgrade.Ended(UpgradeState.Ok, null);
        if (!upgrade.IsClaimed)
            return upgrade with { DueAt = Math.Min(upgrade.DeadlineAt, moment.After(moment.Settings.Silence)) };
        return upgrade.Step == UpgradeStep.Verifying
            ? upgrade
            : upgrade with { Step = UpgradeStep.Verifying, DueAt = moment.After(moment.Settings.Grace) };
    }

    static UpgradeState Running(Upgrade upgrade, ReportedUpgrade reported) => reported.State switch
    {
        UpgradeState.Sent when upgrade.State == UpgradeState.Sent => UpgradeState.Sent,
        UpgradeState.Paused => UpgradeState.Paused,
        _ => UpgradeState.InProgress,
    };
}
