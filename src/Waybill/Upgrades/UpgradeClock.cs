using Waybill.Data;
using Waybill.Devices;

namespace Waybill.Upgrades;

/// <summary>Ends upgrades that are overdue.</summary>
sealed class UpgradeClock(Database database, UpgradeRows rows, JobLine line, TimeProvider clock, ILogger<UpgradeClock> logger)
    : JobClock<Upgrade, UpgradeSettings>(database, rows, line, clock, logger)
{
    protected override ValueTask<JobWish<Upgrade, UpgradeSettings>> WishAsync(DueJob due, bool isListening, CancellationToken ct) => new(new UpgradeDue(due.Id));
}
