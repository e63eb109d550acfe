using Waybill.Devices;

namespace Waybill.Upgrades;

/// <summary>Something that happened to an upgrade.</summary>
abstract class UpgradeMessage : JobMessage<Upgrade, UpgradeSettings>;

/// <summary>Something that the platform wants of one, and whose sender awaits the decision.</summary>
abstract class UpgradeWish : JobWish<Upgrade, UpgradeSettings>;
