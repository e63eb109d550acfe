using Waybill.Data;
using Waybill.Files;

namespace Waybill.Upgrades;

/// <summary>Firmware in the library, as upgrades name it.</summary>
sealed class Packages(Library library, Database database)
{
    /// <summary>Null: the target goes without, the file was deleted since, or the gateway or its product is disabled.</summary>
    public async ValueTask<LibraryFile?> FindAsync(long gatewayId, UpgradeTarget target, CancellationToken ct)
    {
        if (target is not { FileName: { } name, FileVersion: { } version })
            return null;
        var product = await database.FirstAsync<long?>(
            "select p.id from devices d join products p on p.id = d.product_id where d.id = @gatewayId and d.disabled_at is null and p.disabled_at is null",
            new { gatewayId },
            ct);
        return product is { } id ? await library.FindForDeviceAsync(new(id, gatewayId), new(name, version), ct) : null;
    }
}
