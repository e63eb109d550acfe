using Waybill.Data;
using Waybill.Devices.Gateways;
using Waybill.Objects.Credentials;

namespace Waybill.Devices;

/// <summary>What may be set of a product; null keeps what is. An empty device URL removes it.</summary>
sealed record ProductChange(string? Title, IReadOnlyList<string>? Dialects, string? DeviceUrl, bool? Disabled, RegistrationRule? Registration)
{
    public GatewayWish Gateways { get; init; } = GatewayWish.Nothing;
}

/// <summary>A product as it is to be.</summary>
sealed record ProductValues(string Title, IReadOnlyList<string> Dialects, string? DeviceUrl, RegistrationRule Registration)
{
    public GatewayWish Gateways { get; init; } = GatewayWish.Nothing;
}

sealed class ProductRegistry(Database database, Ids ids, GatewayRows gateways, ProductSessions sessions, TimeProvider clock)
{
    public async ValueTask<Product> GetAsync(string name, CancellationToken ct) =>
        await database.FirstAsync<Product>($"select {Product.Columns} from products where name = @name", new { name }, ct) ?? throw NotFound(name);

    public ValueTask<IReadOnlyList<Product>> ListAsync(Scope scope, string after, int limit, CancellationToken ct)
    {
        var within = new OneOf("name", "within", scope.Products);
        return database.ListAsync<Product>(
            $"select {Product.Columns} from products where name > @after{within.Sql} order by name limit @limit", within.With(new { after, limit }), ct);
    }

    /// <summary>Makes the product, or gives it these values. Says whether it was made.</summary>
    /// <exception cref="RefusedException"><c>name_reserved</c>, <c>user_taken</c>, <c>login_incomplete</c>.</exception>
    /// <exception cref="SerialTakenException">One of its devices has the serial number of another.</exception>
    public async Task<(Product Product, bool Made)> PutAsync(string name, ProductValues values, CancellationToken ct)
    {
        var row = new
        {
            id = await ids.NextAsync(ct),
            name,
            values.Title,
            dialects = Product.Write(values.Dialects),
            values.DeviceUrl,
            values.Registration.Policy,
            values.Registration.Limit,
            now = Now(),
        };
        var login = Hash(values.Gateways);
        var (before, after) = await database.WriteAsync(
            async db =>
            {
                var old = await db.FirstAsync<Product>($"select {Product.Columns} from products where name = @name", new { name });
                if (old is null && RegistryNames.IsReserved(name))
                    throw new RefusedException("name_reserved", $"No product can be called '{name}': topics that begin so are not of products. Take another name.");
                var put = await db.FirstAsync<Product>(
                    $"""
                    insert into products (id, name, title, dialects, device_url, registration_policy, registration_limit, created_at, updated_at)
                    values (@id, @name, @Title, @dialects, @DeviceUrl, @Policy, @Limit, @now, @now)
                    on conflict (name) do update set title = excluded.title, dialects = excluded.dialects, device_url = excluded.device_url,
                      registration_policy = excluded.registration_policy, registration_limit = excluded.registration_limit,
                      updated_at = excluded.updated_at
                    returning {Product.Columns}
                    """,
                    row);
                await SerialNumbers.ChangeAsync(db, old, put!);
                return (old, await gateways.SaveAsync(db, put!, values.Gateways, login, replaces: true));
            },
            ct);
        sessions.CutIfOthers(before, after, login is not null);
        return (after, after.Id == row.id);
    }

    public async Task<Product> ChangeAsync(string name, ProductChange change, CancellationToken ct)
    {
        var (now, login) = (Now(), Hash(change.Gateways));
        var (before, after) = await database.WriteAsync(
            async db =>
            {
                var old = await db.FirstAsync<Product>($"select {Product.Columns} from products where name = @name", new { name }) ?? throw NotFound(name);
                var next = old with
                {
                    Title = change.Title ?? old.Title,
                    DialectsText = change.Dialects is { } dialects ? Product.Write(dialects) : old.DialectsText,
                    DeviceUrl = change.DeviceUrl is { } url ? (url.Length == 0 ? null : url) : old.DeviceUrl,
                    DisabledAt = change.Disabled switch { true => old.DisabledAt ?? now, false => null, null => old.DisabledAt },
                    Policy = change.Registration?.Policy ?? old.Policy,
                    RegistrationLimit = change.Registration is { } rule ? rule.Limit : old.RegistrationLimit,
                    UpdatedAt = now,
                };
                await db.RunAsync(
                    """
                    update products set title = @Title, dialects = @DialectsText, device_url = @DeviceUrl, disabled_at = @DisabledAt,
                      registration_policy = @Policy, registration_limit = @RegistrationLimit, updated_at = @UpdatedAt
                    where id = @Id
                    """,
                    next);
                if (change.Disabled == true)
                    await Revocations.RevokeAsync(db, name, now);
                await SerialNumbers.ChangeAsync(db, old, next);
                return (old, await gateways.SaveAsync(db, next, change.Gateways, login, replaces: false));
            },
            ct);
        sessions.CutIfOthers(before, after, login is not null);
        return after;
    }

    /// <exception cref="RefusedException"><c>product_in_use</c>: it has devices or files.</exception>
    public async Task DeleteAsync(string name, CancellationToken ct) => await database.WriteAsync(
        async db =>
        {
            var product = await db.FirstAsync<Product>($"select {Product.Columns} from products where name = @name", new { name }) ?? throw NotFound(name);
            if (await db.FirstAsync<long?>("select id from devices where product_id = @Id limit 1", product) is not null)
                throw new RefusedException("product_in_use", "The product has devices: delete them first.");
            if (await db.FirstAsync<long?>("select id from files where product_id = @Id limit 1", product) is not null)
                throw new RefusedException("product_in_use", "The product has files: delete them first.");
            // its upload rules go with it, and every node reads them anew
            await db.RunAsync("update sequences set next = next + 1 where name = 'upload_rules'");
            return await db.RunAsync("delete from products where id = @Id", product);
        },
        ct);

    public static RefusedException NotFound(string name) => new("product_not_found", $"There is no product '{name}'.");

    /// <summary>Made before the transaction: hashing is slow on purpose.</summary>
    static byte[]? Hash(GatewayWish wish) => wish.Login is { Password: { } password, User: not "" } ? PasswordHash.Make(password) : null;

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
