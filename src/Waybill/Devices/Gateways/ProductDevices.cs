using System.Data.Common;
using Waybill.Data;
using Waybill.Link;

namespace Waybill.Devices.Gateways;

/// <summary>The enabled devices of a product by serial number: looked at whenever one comes in by the product's login, read anew when they changed.</summary>
sealed class ProductDevices
{
    volatile Snapshot _now = new(null, new Dictionary<string, DeviceIdentity>(StringComparer.Ordinal));

    public DeviceIdentity? Find(string sn) => _now.BySn.GetValueOrDefault(sn);

    /// <summary>Not twice at a time.</summary>
    public async ValueTask RefreshAsync(DbConnection db, Product product)
    {
        // read before the devices: what changes between is read again next time
        var stamp = await db.FirstAsync<Stamp>(
            """
            select count(*) as devices, count(disabled_at) as disabled, coalesce(max(id), 0) as newest, coalesce(max(updated_at), 0) as changedAt,
              (select dji_mode from products where id = @Id) as mode
            from devices where product_id = @Id
            """,
            new { product.Id });
        stamp = stamp! with { Product = product.DialectsText + product.DeviceUrl };
        if (stamp == _now.Stamp)
            return;
        var rows = await db.ListAsync<Row>("select id, name from devices where product_id = @Id and sn is not null and disabled_at is null and not exists (select 1 from gateway_members where device_id = devices.id)", new { product.Id });
        var (dialects, isShared) = (product.Dialects, stamp.Mode == GatewayMode.Beside);
        _now = new(stamp, rows.ToDictionary(r => r.Name, r => new DeviceIdentity(r.Id, product.Name, r.Name, dialects, product.DeviceUrl) { IsShared = isShared }, StringComparer.Ordinal));
    }

    sealed record Snapshot(Stamp? Stamp, IReadOnlyDictionary<string, DeviceIdentity> BySn);

    sealed record Stamp
    {
        public long Devices { get; init; }
        public long Disabled { get; init; }
        public long Newest { get; init; }
        public long ChangedAt { get; init; }
        public string Product { get; init; } = "";
        public GatewayMode Mode { get; init; }
    }

    sealed class Row
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
    }
}
