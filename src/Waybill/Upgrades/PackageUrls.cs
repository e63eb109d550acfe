using Waybill.Data;
using Waybill.Link;

namespace Waybill.Upgrades;

/// <summary>URLs of firmware for docks: each a capability for one package of one upgrade, good as long as the upgrade is open and no longer than its deadline.</summary>
sealed class PackageUrls(Seal seal)
{
    public const string Path = "/o/u/";

    // an upgrade is for two devices at most
    const int Places = 2;

    /// <param name="upgrade">As it is recorded when the dock is told.</param>
    /// <param name="place">Of the device in <see cref="Upgrade.Targets"/>.</param>
    /// <param name="connection">The dock's, which has the base.</param>
    public string For(Upgrade upgrade, int place, DeviceConnection connection) =>
        string.Concat(connection.UrlBase, Path, seal.Write((upgrade.Id * Places) + place, upgrade.DeadlineAt, SealPurpose.UpgradePackage));

    public bool TryRead(string token, out long upgradeId, out int place, out long expiresAt)
    {
        var isOurs = seal.TryRead(token, SealPurpose.UpgradePackage, out var number, out expiresAt);
        (upgradeId, place) = (number / Places, (int)(number % Places));
        return isOurs;
    }
}
