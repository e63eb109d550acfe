using System.Data.Common;
using Waybill.Data;
using Waybill.Devices.Gateways;
using Waybill.Link;
using Waybill.Objects.Credentials;
using Waybill.Transfers;

namespace Waybill.Devices;

sealed class DeviceRegistry(Database database, Ids ids, DeviceConnections connections, GrantedTransfers granted, TimeProvider clock)
{
    public async ValueTask<Device> GetAsync(Product product, string name, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await FindAsync(db, product, name) ?? throw NotFound(name);
    }

    public async ValueTask<IReadOnlyList<Device>> ListAsync(Product product, DeviceFilter filter, string after, int limit, CancellationToken ct)
    {
        var named = new OneOf("name", "named", filter.Names);
        var where = "product_id = @Id and name > @after" + named.Sql;
        if (filter.Prefix is not null)
            where += " and substr(name, 1, @prefixLength) = @prefix";
        if (filter.Tag is not null)
            where += " and replace(tags, @pair, '') <> tags";
        if (filter.Disabled is { } disabled)
            where += disabled ? " and disabled_at is not null" : " and disabled_at is null";
        return await database.ListAsync<Device>(
            $"select {Device.Columns} from devices where {where} order by name limit @limit",
            named.With(new
            {
                product.Id,
                after,
                limit,
                prefix = filter.Prefix,
                prefixLength = filter.Prefix?.Length ?? 0,
                pair = filter.Tag is { } tag ? Tags.Pair(tag.Name, tag.Value) : "",
            }),
            ct);
    }

    /// <summary>Makes the device, or gives it this secret and these tags; null keeps what is. The secret comes back when we made it.</summary>
    /// <exception cref="SerialTakenException">Another has its serial number.</exception>
    public async Task<(Device Device, bool Made, string? MadeSecret)> PutAsync(
        Product product, string name, string? secret, IReadOnlyDictionary<string, string>? tags, CancellationToken ct)
    {
        var made = DeviceSecret.Make();
        var row = new { id = await ids.NextAsync(ct), product = product.Id, name, secret = secret ?? made, tags = Tags.Write(tags ?? NoTags), now = Now() };
        var keep = (secret is null ? "" : ", secret = excluded.secret, previous_secret = null, previous_secret_until = null")
            + (tags is null ? "" : ", tags = excluded.tags");
        var (device, oldSecret) = await database.WriteAsync(
            async db =>
            {
                var old = await db.FirstAsync<string>("select secret from devices where product_id = @product and name = @name", row);
                if (old is null)
                    await SerialNumbers.DemandFreeAsync(db, product, name);
                var put = await db.FirstAsync<Device>(
                    $"""
                    insert into devices (id, product_id, name, sn, secret, tags, created_at, updated_at)
                    values (@id, @product, @name, {SerialNumbers.OfNew}, @secret, @tags, @now, @now)
                    on conflict (product_id, name) do update set updated_at = excluded.updated_at{keep}
                    returning {Device.Columns}
                    """,
                    row);
                return (put!, old);
            },
            ct);
        if (secret is not null && oldSecret is not null && oldSecret != secret)
            connections.Find(device.Id)?.Cut();
        var isNew = device.Id == row.id;
        return (device, isNew, isNew && secret is null ? made : null);
    }

    public async Task<Device> ChangeAsync(Product product, string name, bool? disabled, IReadOnlyDictionary<string, string>? tags, CancellationToken ct)
    {
        var now = Now();
        var device = await database.WriteAsync(
            async db =>
            {
                var old = await FindAsync(db, product, name) ?? throw NotFound(name);
                var next = old with
                {
                    DisabledAt = disabled switch { true => old.DisabledAt ?? now, false => null, null => old.DisabledAt },
                    TagsText = tags is null ? old.TagsText : Tags.Write(tags),
                    UpdatedAt = now,
                };
                await db.RunAsync("update devices set disabled_at = @DisabledAt, tags = @TagsText, updated_at = @UpdatedAt where id = @Id", next);
                if (disabled == true)
                    await Revocations.RevokeAsync(db, $"{product.Name}/{name}", now);
                return next;
            },
            ct);
        if (device.DisabledAt is not null)
        {
            granted.Forget();
            connections.Find(device.Id)?.Cut();
        }
        return device;
    }

    /// <summary>A new secret; the one before is valid for the overlap.</summary>
    public async Task<(string Secret, long PreviousUntil)> RotateAsync(Product product, string name, string? secret, TimeSpan overlap, CancellationToken ct)
    {
        var row = new { product = product.Id, name, secret = secret ?? DeviceSecret.Make(), until = Now() + (long)overlap.TotalMilliseconds, now = Now() };
        var changed = await database.WriteAsync(
            db => db.RunAsync(
                """
                update devices set previous_secret = secret, previous_secret_until = @until, secret = @secret, updated_at = @now
                where product_id = @product and name = @name
                """,
                row),
            ct);
        return changed == 1 ? (row.secret, row.until) : throw NotFound(name);
    }

    public static ValueTask<Device?> FindAsync(DbConnection db, Product product, string name) =>
        db.FirstAsync<Device>($"select {Device.Columns} from devices where product_id = @Id and name = @name", new { product.Id, name });

    public static RefusedException NotFound(string name) => new("device_not_found", $"The product has no device '{name}'.");

    static readonly IReadOnlyDictionary<string, string> NoTags = new Dictionary<string, string>();

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
