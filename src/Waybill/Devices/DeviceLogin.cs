using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Waybill.Data;
using Waybill.Devices.Gateways;
using Waybill.Link;

namespace Waybill.Devices;

/// <summary>Whether a device may come in, and who it then is. Nothing is cached: what the registry says now is what counts.</summary>
sealed class DeviceLogin(Database database, ProductLogins products, GatewayArrivals arrivals, TimeProvider clock)
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
        return row.AsDevice(credentials.Product, credentials.Device);
    }

    /// <summary>A device that comes in with its serial number and its secret. Null when there is no such device.</summary>
    /// <exception cref="RefusedException"><c>password_wrong</c>, <c>device_disabled</c>: for the log.</exception>
    public async ValueTask<DeviceIdentity?> AdmitSerialAsync(string sn, ReadOnlyMemory<byte> password, CancellationToken ct)
    {
        if (!RegistryNames.IsDevice(sn))
            return null;
        var row = await database.FirstAsync<LoginRow>(
            """
            select d.id, d.secret, d.previous_secret as previousSecret, d.previous_secret_until as previousSecretUntil,
              d.disabled_at as deviceDisabledAt, p.disabled_at as productDisabledAt, p.dialects, p.device_url as deviceUrl, p.name as product, p.dji_mode as mode
            from devices d join products p on p.id = d.product_id
            where d.sn = @sn
            """,
            new { sn },
            ct);
        if (row is null)
            return null;
        var previous = row.PreviousSecretUntil > clock.GetUtcNow().ToUnixTimeMilliseconds() ? row.PreviousSecret : null;
        if (!(IsSame(row.Secret, password.Span) | (previous is not null && IsSame(previous, password.Span))))
            throw arrivals.Refused(sn, new("password_wrong", "the password is not the device's secret"));
        if (row.DeviceDisabledAt is not null || row.ProductDisabledAt is not null)
            throw arrivals.Refused(sn, new("device_disabled", "the device or its product is disabled"));
        var members = await database.ListAsync<string>(
            "select d.name from gateway_members m join devices d on d.id = m.device_id where m.gateway_id = @Id", new { row.Id }, ct);
        return row.AsDevice(row.Product, sn) with { IsShared = row.Mode == GatewayMode.Beside, Members = members };
    }

    /// <summary>Somebody who comes in with the login of a whole product. Null when there is no such login.</summary>
    /// <exception cref="RefusedException"><c>password_wrong</c>, <c>device_disabled</c>: for the log.</exception>
    public ValueTask<ProductLogin?> AdmitProductAsync(string user, ReadOnlyMemory<byte> password, CancellationToken ct) => products.AdmitAsync(user, password, ct);

    /// <summary>Hashed first: texts of different lengths take the same time too.</summary>
    static bool IsSame(string secret, ReadOnlySpan<byte> password) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), SHA256.HashData(password));

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
        public string Product { get; init; } = "";
        public GatewayMode Mode { get; init; }

        public DeviceIdentity AsDevice(string product, string name) =>
            new(Id, product, name, JsonSerializer.Deserialize(Dialects, DeviceJson.Default.StringArray)!, DeviceUrl);
    }
}
