using System.Data.Common;
using Waybill.Data;
using Waybill.Devices.Gateways;
using Waybill.Link;

namespace Waybill.Devices;

/// <summary>
/// Gives devices their secrets for their product's, as far as the product's rule goes. The same device gets the same secret each
/// time until it has signed in; then no more, unless an operator opens it (tencent-registration quirk R14).
/// </summary>
sealed class DeviceRegistration(Database database, Ids ids, DeviceConnections connections, TimeProvider clock)
{
    /// <exception cref="RefusedException">Why not: <c>registration_off</c>, <c>device_disabled</c>, <c>device_not_found</c>,
    /// <c>registration_closed</c>, <c>registration_limit</c>.</exception>
    public async Task<IssuedSecret> IssueAsync(ProvenProduct product, string name, CancellationToken ct)
    {
        if (product.Disabled)
            throw new RefusedException("device_disabled", "the product is disabled");
        if (product.Policy == RegistrationPolicy.Off)
            throw new RefusedException("registration_off", "the product does not register devices");
        var (id, auto) = (await ids.NextAsync(ct), RegistrationPolicy.AutoCreate);
        var row = new { product = product.Id, name, now = Now(), id, secret = DeviceSecret.Make(), auto };
        return await database.WriteAsync(
            async db =>
            {
                var device = await FindAsync(db, row);
                var made = device is null;
                if (device is null && product.Policy == RegistrationPolicy.AutoCreate)
                    (device, made) = await MakeAsync(db, row);
                if (device is null)
                    throw new RefusedException("device_not_found", "the product has no such device, and its policy is allow-list");
                Check(device, row.now);
                await db.RunAsync("update devices set registered_at = @now where id = @Id", new { device.Id, row.now });
                return new IssuedSecret(device.Secret, made);
            },
            ct);
    }

    /// <summary>Lets a device that has signed in before register again. Says until when.</summary>
    public async Task<long> OpenAsync(Product product, string name, TimeSpan time, CancellationToken ct)
    {
        var row = new { product = product.Id, name, now = Now(), until = Now() + (long)time.TotalMilliseconds };
        var opened = await database.WriteAsync(
            db => db.RunAsync("update devices set registration_open_until = @until, updated_at = @now where product_id = @product and name = @name", row), ct);
        return opened == 1 ? row.until : throw DeviceRegistry.NotFound(name);
    }

    /// <summary>The limit is in the WHERE clause, and another request may have made the device meanwhile.</summary>
    static async ValueTask<(Row? Device, bool Made)> MakeAsync(DbConnection db, object row)
    {
        var counted = await db.RunAsync(
            """
            update products set registration_made = registration_made + 1
            where id = @product and registration_policy = @auto and (registration_limit is null or registration_made < registration_limit)
            """,
            row);
        if (counted == 0)
            return (await FindAsync(db, row) ?? throw LimitReached(), false);
        var made = await db.RunAsync(
            $$"""
            insert into devices (id, product_id, name, sn, secret, tags, self_made, created_at, updated_at)
            values (@id, @product, @name, {{SerialNumbers.OfSelfMade}}, @secret, '{}', 1, @now, @now)
            on conflict (product_id, name) do nothing
            """,
            row);
        if (made == 0)
            await db.RunAsync("update products set registration_made = registration_made - 1 where id = @product", row);
        return (await FindAsync(db, row), made == 1);
    }

    static ValueTask<Row?> FindAsync(DbConnection db, object row) => db.FirstAsync<Row>(
        """
        select id, secret, disabled_at as disabledAt, seen_at as seenAt, registration_open_until as openUntil
        from devices where product_id = @product and name = @name
        """,
        row);

    void Check(Row device, long now)
    {
        if (device.DisabledAt is not null)
            throw new RefusedException("device_disabled", "the device is disabled");
        var signedIn = device.SeenAt is not null || connections.Find(device.Id) is not null;
        if (signedIn && !(device.OpenUntil > now))
            throw new RefusedException("registration_closed", "it has signed in before: open its registration if it lost its secret");
    }

    static RefusedException LimitReached() => new("registration_limit", "as many devices as allowed have registered themselves");

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    sealed class Row
    {
        public long Id { get; init; }
        public string Secret { get; init; } = "";
        public long? DisabledAt { get; init; }
        public long? SeenAt { get; init; }
        public long? OpenUntil { get; init; }
    }
}

/// <summary>What a device gets, and whether it was made for that. Not to be logged.</summary>
sealed record IssuedSecret(string Secret, bool Made)
{
    public override string ToString() => nameof(IssuedSecret);
}
