using Waybill.Data;
using Waybill.Devices;

namespace Waybill.Files;

/// <summary>A file of a product's library, by the newest of its versions. A row of <see cref="LibrarySearch"/>.</summary>
sealed record NewestVersion
{
    public string Product { get; init; } = "";
    public string Title { get; init; } = "";
    public string Name { get; init; } = "";
    public string Version { get; init; } = "";
    public byte[] Md5 { get; init; } = [];
    public long Size { get; init; }
    public long CreatedAt { get; init; }
}

/// <summary>Libraries as the vendor's cloud shows them, where a name has no versions.</summary>
sealed class LibrarySearch(Database database)
{
    /// <summary>The newest first.</summary>
    public ValueTask<IReadOnlyList<NewestVersion>> ListAsync(Scope scope, string? name, (int Offset, int Limit) page, CancellationToken ct) =>
        database.ListAsync<NewestVersion>(
            $"""
            select p.name as product, p.title, f.name, f.version, f.md5, f.size, f.created_at as createdAt
            from files f join products p on p.id = f.product_id
            where {Where(name)}{InScope(scope).Sql} order by f.id desc limit @Limit offset @Offset
            """,
            InScope(scope).With(new { name, page.Limit, page.Offset, FileUrlBytes.LibraryType }),
            ct);

    public ValueTask<long> CountAsync(Scope scope, string? name, CancellationToken ct) => database.FirstAsync<long>(
        $"select count(*) from files f join products p on p.id = f.product_id where {Where(name)}{InScope(scope).Sql}",
        InScope(scope).With(new { name, FileUrlBytes.LibraryType }),
        ct);

    /// <summary>Bytes that are stored for these products, each content once.</summary>
    public ValueTask<long> UsedAsync(Scope scope, CancellationToken ct) => database.FirstAsync<long>(
        scope.Products is null ? "select cast(coalesce(sum(size), 0) as bigint) from objects"
        : $"""
        select cast(coalesce(sum(o.size), 0) as bigint) from objects o
        where exists (select 1 from files f join products p on p.id = f.product_id where f.sha256 = o.sha256{InScope(scope).Sql})
          or exists (
            select 1 from transfers t join devices d on d.id = t.device_id join products p on p.id = d.product_id
            where t.sha256 = o.sha256{InScope(scope).Sql})
        """,
        InScope(scope).With(new { }),
        ct);

    // lists for tasks are no files for devices
    static string Where(string? name) =>
        "f.device_id = 0 and f.type <> @LibraryType and f.id = (select max(g.id) from files g where g.product_id = f.product_id and g.device_id = 0 and g.name = f.name)"
        + (name is null ? "" : " and f.name = @name");

    static OneOf InScope(Scope scope) => new("p.name", "product", scope.Products);
}
