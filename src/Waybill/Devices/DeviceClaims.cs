using Waybill.Data;

namespace Waybill.Devices;

/// <summary>Whose names somebody used who may not come in. That proves nothing.</summary>
sealed class DeviceClaims(Database database)
{
    public async ValueTask<bool> IsRegisteredAsync(string product, string device, CancellationToken ct) =>
        await database.FirstAsync<string>(
            "select d.name from devices d join products p on p.id = d.product_id where p.name = @product and d.name = @device", new { product, device }, ct) is not null;

    /// <summary>Who has a user name: a device by its serial number, a product by its login, or, with neither product nor device, an account. Null: nobody.</summary>
    public async ValueTask<(string? Product, string? Device)?> HolderAsync(string user, CancellationToken ct) =>
        await database.FirstAsync<Holder>(
            """
            select p.name as product, d.name as device from devices d join products p on p.id = d.product_id where d.sn = @user
            union all select name as product, null as device from products where login_user = @user
            union all select null as product, null as device from mqtt_accounts where name = @user
            limit 1
            """,
            new { user },
            ct) is { } holder ? (holder.Product, holder.Device) : null;

    sealed class Holder
    {
        public string? Product { get; init; }
        public string? Device { get; init; }
    }
}
