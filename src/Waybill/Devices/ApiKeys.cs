using Waybill.Data;

namespace Waybill.Devices;

sealed class ApiKeys(Database database, Ids ids, TimeProvider clock)
{
    public async ValueTask<ApiKey> GetAsync(string name, CancellationToken ct) =>
        await database.FirstAsync<ApiKey>($"select {ApiKey.Columns} from api_keys where name = @name", new { name }, ct) ?? throw NotFound(name);

    public ValueTask<ApiKey?> FindAsync(long id, CancellationToken ct) =>
        database.FirstAsync<ApiKey>($"select {ApiKey.Columns} from api_keys where id = @id", new { id }, ct);

    public ValueTask<IReadOnlyList<ApiKey>> ListAsync(string after, int limit, CancellationToken ct) => database.ListAsync<ApiKey>(
        $"select {ApiKey.Columns} from api_keys where name > @after order by name limit @limit", new { after, limit }, ct);

    /// <summary>Makes the key, or gives it these rights. Its text comes back when it was made.</summary>
    public async Task<(ApiKey Key, string? Made)> PutAsync(string name, ApiKeyGrant grant, CancellationToken ct)
    {
        CheckScope(grant.Role, grant.Products);
        var id = await ids.NextAsync(ct);
        var (text, hash) = ApiKeyText.Make(id);
        var row = new ApiKey
        {
            Id = id,
            Name = name,
            RoleWord = grant.Role.Word(),
            ProductsText = ApiKey.Write(grant.Products),
            Content = grant.Content ? 1 : 0,
            Hash = hash,
            CreatedAt = Now(),
            UpdatedAt = Now(),
        };
        var put = await database.WriteAsync(
            db => db.FirstAsync<ApiKey>(
                $"""
                insert into api_keys (id, name, role, products, content, hash, created_at, updated_at)
                values (@Id, @Name, @RoleWord, @ProductsText, @Content, @Hash, @CreatedAt, @UpdatedAt)
                on conflict (name) do update set role = excluded.role, products = excluded.products, content = excluded.content,
                  updated_at = excluded.updated_at
                returning {ApiKey.Columns}
                """,
                row),
            ct);
        return (put!, put!.Id == id ? text : null);
    }

    public Task<ApiKey> ChangeAsync(string name, ApiKeyChange change, CancellationToken ct)
    {
        var now = Now();
        return ChangeAsync(
            name,
            old =>
            {
                var role = change.Role ?? old.Role;
                CheckScope(role, change.Products ?? old.Products);
                return old with
                {
                    RoleWord = role.Word(),
                    ProductsText = ApiKey.Write(change.Products) ?? old.ProductsText,
                    Content = change.Content switch { true => 1, false => 0, null => old.Content },
                    DisabledAt = change.Disabled switch { true => old.DisabledAt ?? now, false => null, null => old.DisabledAt },
                    UpdatedAt = now,
                };
            },
            ct);
    }

    /// <summary>A new text; the one before is valid for the overlap.</summary>
    public async Task<(ApiKey Key, string Made)> RotateAsync(string name, TimeSpan overlap, CancellationToken ct)
    {
        var (now, made) = (Now(), "");
        var key = await ChangeAsync(
            name,
            old =>
            {
                var (text, hash) = ApiKeyText.Make(old.Id);
                made = text;
                return old with { Hash = hash, PreviousHash = old.Hash, PreviousUntil = now + (long)overlap.TotalMilliseconds, UpdatedAt = now };
            },
            ct);
        return (key, made);
    }

    public async Task DeleteAsync(string name, CancellationToken ct)
    {
        if (await database.WriteAsync(db => db.RunAsync("delete from api_keys where name = @name", new { name }), ct) == 0)
            throw NotFound(name);
    }

    Task<ApiKey> ChangeAsync(string name, Func<ApiKey, ApiKey> change, CancellationToken ct) => database.WriteAsync(
        async db =>
        {
            // changes of one key wait for each other: what is not changed here is not taken back either
            await db.RunAsync("update api_keys set updated_at = updated_at where name = @name", new { name });
            var old = await db.FirstAsync<ApiKey>($"select {ApiKey.Columns} from api_keys where name = @name", new { name }) ?? throw NotFound(name);
            var next = change(old);
            await db.RunAsync(
                """
                update api_keys set role = @RoleWord, products = @ProductsText, content = @Content, hash = @Hash, previous_hash = @PreviousHash,
                  previous_until = @PreviousUntil, disabled_at = @DisabledAt, updated_at = @UpdatedAt where id = @Id
                """,
                next);
            return next;
        },
        ct);

    static void CheckScope(Role role, IReadOnlyList<string>? products)
    {
        if (role == Role.Owner && products is not null)
            throw new RefusedException("owner_has_no_scope", "An owner's key is for everything: leave 'products' out, or give another role.");
    }

    public static RefusedException NotFound(string name) => new("key_not_found", $"There is no key '{name}'.");

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
