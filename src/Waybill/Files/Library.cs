using System.Data.Common;
using Waybill.Data;
using Waybill.Objects;

namespace Waybill.Files;

/// <summary>The files that can be sent to devices.</summary>
sealed class Library(Database database, Ids ids, TimeProvider clock)
{
    public async ValueTask<LibraryFile> GetAsync(Shelf shelf, FileName file, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await FindAsync(db, shelf, file) ?? throw NotFound(file);
    }

    /// <summary>What a transfer to the device means by this name: its own file first, then its product's.</summary>
    public async ValueTask<LibraryFile> ForDeviceAsync(Shelf shelf, FileName file, CancellationToken ct) =>
        await FindForDeviceAsync(shelf, file, ct) ?? throw NotFound(file);

    public async ValueTask<LibraryFile?> FindForDeviceAsync(Shelf shelf, FileName file, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await FindAsync(db, shelf, file) ?? await FindAsync(db, shelf with { DeviceId = 0 }, file);
    }

    public ValueTask<IReadOnlyList<LibraryFile>> ListAsync(Shelf shelf, string? name, FileName after, int limit, CancellationToken ct) =>
        database.ListAsync<LibraryFile>(
            $"""
            select {LibraryFile.Columns} from files
            where product_id = @ProductId and device_id = @DeviceId and (name > @afterName or (name = @afterName and version > @afterVersion))
              {(name is null ? "" : "and name = @name")}
            order by name, version limit @limit
            """,
            new { shelf.ProductId, shelf.DeviceId, name, afterName = after.Name, afterVersion = after.Version, limit },
            ct);

    /// <summary>Records stored bytes under a name, once: the same bytes again change nothing.</summary>
    /// <exception cref="RefusedException"><c>file_exists</c>: the name and version stand for other bytes.</exception>
    public async Task<(LibraryFile File, bool Made)> AddAsync(Shelf shelf, FileName file, string type, ObjectRecord stored, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var row = new LibraryFile
        {
            Id = await ids.NextAsync(ct),
            ProductId = shelf.ProductId,
            DeviceId = shelf.DeviceId,
            Name = file.Name,
            Version = file.Version,
            Type = type,
            Sha256 = stored.Sha256.ToBytes(),
            Md5 = stored.Md5.ToBytes(),
            Size = stored.Size,
            CreatedAt = now,
        };
        var kept = await database.WriteAsync(
            async db =>
            {
                await db.RunAsync(
                    """
                    insert into files (id, product_id, device_id, name, version, type, sha256, md5, size, created_at)
                    values (@Id, @ProductId, @DeviceId, @Name, @Version, @Type, @Sha256, @Md5, @Size, @CreatedAt)
                    on conflict (product_id, device_id, name, version) do nothing
                    """,
                    row);
                var found = await FindAsync(db, shelf, file) ?? throw NotFound(file);
                if (found.Id == row.Id)
                    await ObjectRecords.KeepAsync(db, stored, now);
                return found;
            },
            ct);
        return kept.Sha256.AsSpan().SequenceEqual(row.Sha256)
            ? (kept, kept.Id == row.Id)
            : throw new RefusedException(
                "file_exists", $"'{file.Name}' version '{file.Version}' exists with other bytes, and files do not change: give it another version.");
    }

    /// <exception cref="RefusedException"><c>file_in_use</c>: a transfer of it is open.</exception>
    public async Task DeleteAsync(Shelf shelf, FileName file, CancellationToken ct) => await database.WriteAsync(
        async db =>
        {
            var found = await FindAsync(db, shelf, file) ?? throw NotFound(file);
            if (await db.FirstAsync<long?>(
                $"""
                select t.id from transfers t join devices d on d.id = t.device_id
                where t.sha256 = @Sha256 and t.kind <> 0 and t.state < 10 and t.name = @Name and t.version = @Version
                  and {(shelf.DeviceId == 0 ? "d.product_id = @ProductId" : "d.id = @DeviceId")} limit 1
                """,
                found) is not null)
                throw new RefusedException("file_in_use", "A transfer of this file is open: wait for its end, or cancel it.");
            await db.RunAsync("delete from files where id = @Id", found);
            return await UnusedObjects.MarkAsync(db, [found.Sha256], clock.GetUtcNow());
        },
        ct);

    static ValueTask<LibraryFile?> FindAsync(DbConnection db, Shelf shelf, FileName file) => db.FirstAsync<LibraryFile>(
        $"select {LibraryFile.Columns} from files where product_id = @ProductId and device_id = @DeviceId and name = @Name and version = @Version",
        new { shelf.ProductId, shelf.DeviceId, file.Name, file.Version });

    static RefusedException NotFound(FileName file) => new("file_not_found", $"There is no file '{file.Name}' version '{file.Version}'.");
}
