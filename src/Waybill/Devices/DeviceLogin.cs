using System.Text.Json;
using Waybill.Data;
using Waybill.Link;

namespace Waybill.Devices;

/// <summary>Whether a device may come in, and who it then is. Nothing is cached: what the registry says now is what counts.</summary>
sealed class DeviceLogin(Database database, TimeProvider clock)
{
    /// <exception cref="RefusedException">With the reason for the log; the device learns only that it may not come in.</exception>
    public async ValueTask<DeviceIdentity> AdmitAsync(TencentCredentials credentials, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (credentials.IsExpired(now))
            throw new RefusedException("signature_expired", "the signature's expiry is in the past: check the device's clock");
        var row = await database.FirstAsync<LoginRow>(
            """
            select d.id, d.secret, d.previous_secret as previousSecret, d.previous_secret_until as previousSecretUntil,
              d.disabled_at as deviceDisabledAt, p.disabled_at as productDisabledAt, p.dialects, p.device_url as deviceUrl
            from devices d join products p on p.id = d.product_id
            where p.name = @Product and d.name = @Device
            """,
            new { credentials.Product, credentials.Device },
            ct) ?? throw new RefusedException("device_unknown", "no such product and device");
        if (row.DeviceDisabledAt is not null || row.ProductDisabledAt is not null)
            throw new RefusedException("device_disabled", "the device or its product is disabled");
        var previous = row.PreviousSecretUntil > now.ToUnixTimeMilliseconds() ? row.PreviousSecret : null;
        if (!credentials.IsSignedWith(row.Secret) && !credentials.IsSignedWith(previous))
            throw new RefusedException("signature_wrong", "the password is not signed with the device's secret");
        var dialects = JsonSerializer.Deserialize(row.Dialects, DeviceJson.Default.StringArray)!;
        return new DeviceIdentity(row.Id, credentials.Product, credentials.Device, dialects, row.DeviceUrl);
    }

    sealed class LoginRow
    {
        public long Id { get; init; }
        public string Secret { get; init; } = "";
        public string? PreviousSecret { get; init; }
        public long? PreviousSecretUntil { get; init; }
        public long? DeviceDisabledAt { get; init; }
        public long? ProductDisabledAt { get; init; }
        public string Dialects { get; init; } = "[]";
        public string? DeviceUrl { get; init; }
    }
}
