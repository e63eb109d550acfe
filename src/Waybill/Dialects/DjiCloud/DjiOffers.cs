using Waybill.Files;
using Waybill.Logs;
using Waybill.Protocols.DjiCloud;
using Waybill.Upgrades;

namespace Waybill.Dialects.DjiCloud;

/// <summary>A log request's next command, with the storage it is to name.</summary>
/// <param name="gatewayId">Row id of the dock.</param>
/// <param name="again">The dock has come anew.</param>
/// <param name="storage">Null: nothing but a start needs one.</param>
sealed class DjiLogOffer(long gatewayId, bool again, DjiStorage? storage) : LogOffer(gatewayId, again, storage is not null)
{
    public DjiStorage? Storage => storage;
}

/// <summary>An upgrade's command, with its packages.</summary>
/// <param name="gatewayId">Row id of the dock.</param>
/// <param name="packages">In the order of the targets; null for a target that goes without.</param>
sealed class DjiUpgradeOffer(long gatewayId, IReadOnlyList<LibraryFile?> packages) : UpgradeOffer(gatewayId)
{
    public IReadOnlyList<LibraryFile?> Packages => packages;
}
