using System.Security.Cryptography;
using System.Text;
using Waybill.Data;

namespace Waybill.Devices.Gateways;

/// <summary>An organization as people see it: without its binding code.</summary>
sealed record KnownOrganization
{
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
}

/// <summary>The organizations to which gateways of a product may be bound.</summary>
sealed class Organizations(Database database, [FromKeyedServices(SealedText.Secrets)] SealedText seal, TimeProvider clock)
{
    const string Columns = "id, name, created_at as createdAt, updated_at as updatedAt";

    // typed on a remote control, so without letters that look alike
    const string CodeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    const int CodeLength = 10;

    public ValueTask<IReadOnlyList<KnownOrganization>> ListAsync(Product product, string after, int limit, CancellationToken ct) =>
        database.ListAsync<KnownOrganization>(
            $"select {Columns} from organizations where product_id = @Id and id > @after order by id limit @limit", new { product.Id, after, limit }, ct);

    public async ValueTask<KnownOrganization> GetAsync(Product product, string id, CancellationToken ct) =>
        await database.FirstAsync<KnownOrganization>($"select {Columns} from organizations where product_id = @product and id = @id", new { product = product.Id, id }, ct)
        ?? throw NotFound(id);

    /// <summary>Makes the organization, or gives it this name and code; null keeps its code. A code comes back when we made it.</summary>
    public async Task<(KnownOrganization Organization, bool Made, string? MadeCode)> PutAsync(Product product, string id, string name, string? code, CancellationToken ct)
    {
        var made = RandomNumberGenerator.GetString(CodeLetters, CodeLength);
        var row = new { product = product.Id, id, name, code = seal.Write(Encoding.UTF8.GetBytes(code ?? made)), now = clock.GetUtcNow().ToUnixTimeMilliseconds() };
        var keep = code is null ? "" : ", binding_code = excluded.binding_code";
        var (organization, isNew) = await database.WriteAsync(
            async db =>
            {
                var old = await db.FirstAsync<string>("select id from organizations where product_id = @product and id = @id", row);
                var put = await db.FirstAsync<KnownOrganization>(
                    $"""
                    insert into organizations (product_id, id, name, binding_code, created_at, updated_at) values (@product, @id, @name, @code, @now, @now)
                    on conflict (product_id, id) do update set name = excluded.name, updated_at = excluded.updated_at{keep}
                    returning {Columns}
                    """,
                    row);
                return (put!, old is null);
            },
            ct);
        return (organization, isNew, isNew && code is null ? made : null);
    }

    /// <summary>Bindings to it go with it.</summary>
    public async Task DeleteAsync(Product product, string id, CancellationToken ct)
    {
        if (await database.WriteAsync(db => db.RunAsync("delete from organizations where product_id = @product and id = @id", new { product = product.Id, id }), ct) == 0)
            throw NotFound(id);
    }

    static RefusedException NotFound(string id) => new("organization_not_found", $"The product has no organization '{id}'.");
}
