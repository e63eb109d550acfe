using Waybill.Data;
using Waybill.Devices.Gateways;
using Waybill.Files;
using Waybill.Objects;
using Waybill.Upgrades;

namespace Waybill.Api;

/// <summary>Takes orders for upgrades: finds the packages, and which version each device is to say that it runs.</summary>
sealed class UpgradeDesk(GatewayDesk gateways, Library library, DiskStore store, UpgradeOrders orders)
{
    public async Task<FoundJob<Upgrade>> OrderAsync(UpgradeBody body, CancellationToken ct)
    {
        var gateway = await gateways.FindAsync(body.Product!, body.Gateway!, ct);
        var targets = new List<UpgradeTarget>();
        foreach (var device in body.Devices!)
            targets.Add(await TargetAsync(gateway, device, ct));
        return new(await orders.OrderAsync(gateway.Device.Id, gateway.Device.Name, targets, ct), gateway.Name);
    }

    public async Task<FoundJob<Upgrade>> CancelAsync(FoundJob<Upgrade> found, CancellationToken ct) => found with { Job = await orders.CancelAsync(found.Job.Id, ct) };

    async Task<UpgradeTarget> TargetAsync(OrderedGateway gateway, UpgradeDeviceBody device, CancellationToken ct)
    {
        var file = device.File is { } named
            ? await library.ForDeviceAsync(new(gateway.Product.Id, gateway.Device.Id), new(named.Name!, named.Version!), ct)
            : null;
        return new()
        {
            Sn = device.Sn!,
            Version = device.Version ?? Version(file!),
            Type = device.Type!.Value,
            FileName = file?.Name,
            FileVersion = file?.Version,
            Before = Before(gateway, device.Sn!),
        };
    }

    /// <summary>What the registry knows that the device runs.</summary>
    static string? Before(OrderedGateway gateway, string sn)
    {
        if (sn == gateway.Device.Name)
            return gateway.Standing.Firmware;
        var member = gateway.Standing.Members.FirstOrDefault(m => m.Sn == sn)
            ?? throw new RefusedException("upgrade_invalid", $"'{sn}' is neither the gateway '{gateway.Device.Name}' nor known to stand behind it.");
        return member.Firmware;
    }

    string Version(LibraryFile file)
    {
        using var content = new ObjectStream(store.Open(file.Object.Sha256));
        return PackageVersion.Of(content) ?? file.Version;
    }
}

/// <summary>Upgrades as callers may see them.</summary>
sealed class UpgradeLook(UpgradeRows rows, GatewayNames names, Seal seal, Database database) : JobLook<Upgrade>(rows, names, seal, database)
{
    protected override SealPurpose Purpose => SealPurpose.Upgrade;

    protected override RefusedException NotFound() => new("upgrade_not_found", "There is no such upgrade.");
}
