using System.Security.Cryptography;
using System.Text;
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
        return await GatewayAsync(row, sn, ct);
    }

    /// <summary>A device that comes in with its certificate, which holds.</summary>
    /// <param name="product">As the certificate names it.</param>
    /// <param name="device">As the certificate names it.</param>
    /// <param name="serial">Who the device says to be in its user name, which may be a serial number; null: nobody.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="RefusedException"><c>device_unknown</c>, <c>device_disabled</c>, <c>certificate_mismatch</c>.</exception>
    public async ValueTask<DeviceIdentity> AdmitCertifiedAsync(string product, string device, string? serial, CancellationToken ct)
    {
        var row = await database.FirstAsync<LoginRow>(
            """
            select d.id, d.disabled_at as deviceDisabledAt, p.disabled_at as productDisabledAt, p.dialects, p.device_url as deviceUrl, p.name as product, p.dji_mode as mode
            from devices d join products p on p.id = d.product_id
            where p.name = @product and d.name = @device
            """,
            new { product, device },
            ct) ?? throw new RefusedException("device_unknown", "no such product and device");
        if (row.DeviceDisabledAt is not null || row.ProductDisabledAt is not null)
            throw new RefusedException("device_disabled", "the device or its product is disabled");
        if (serial is not null && RegistryNames.IsDevice(serial)
            && await database.FirstAsync<string>("select name from devices where sn = @serial and id <> @Id", new { serial, row.Id }, ct) is not null)
            throw new RefusedException("certificate_mismatch", "the user name is another device's than the certificate's");
        return await GatewayAsync(row, device, ct);
    }

    /// <summary>Whether a client id is the one with which a device comes by the vendor's rule, and that is not this device.</summary>
    /// <param name="clientId">Of CONNECT.</param>
    /// <param name="deviceId">Row of who connects; null: no device, or not yet known which.</param>
    /// <param name="ct">Cancels.</param>
    public async ValueTask<bool> IsOfOtherAsync(string clientId, long? deviceId, CancellationToken ct)
    {
        if (!TencentCredentials.TryNames(clientId, out var product, out var device))
            return false;
        var row = await database.FirstAsync<LoginRow>(
            "select d.id, p.dialects from devices d join products p on p.id = d.product_id where p.name = @product and d.name = @device", new { product, device }, ct);
        return row is not null && row.Id != deviceId && row.AsDevice(product, device).Dialects.Any(DialectNames.IsTencent);
    }

    /// <summary>Somebody who comes in with the login of a whole product. Null when there is no such login.</summary>
    /// <exception cref="RefusedException"><c>password_wrong</c>, <c>device_disabled</c>: for the log.</exception>
    public ValueTask<ProductLogin?> AdmitProductAsync(string user, ReadOnlyMemory<byte> password, CancellationToken ct) => products.AdmitAsync(user, password, ct);

    async ValueTask<DeviceIdentity> GatewayAsync(LoginRow row, string name, CancellationToken ct)
    {
        var members = await database.ListAsync<string>(
            "select d.name from gateway_members m join devices d on d.id = m.device_id where m.gateway_id = @Id", new { row.Id }, ct);
        return row.AsDevice(row.Product, name) with { IsShared = row.Mode == GatewayMode.Beside, Members = members };
    }

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

        // a product's name is one text for all its devices; products are few, and only names of those that exist come here
        public DeviceIdentity AsDevice(string product, string name) =>
            new(Id, string.Intern(product), name, DialectNames.Read(Dialects), DeviceUrl);
    }
}
