using Waybill.Data;
using Waybill.Objects;
using Waybill.Settings;

namespace Waybill.Files;

/// <summary>Where bytes wait until somebody says which file they are.</summary>
sealed class UploadSlots(Database database, Ids ids, ObjectSettings settings, TimeProvider clock)
{
    /// <summary>How long the URL of a slot works.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <summary>How long its bytes can still be made a file afterwards.</summary>
    static readonly TimeSpan s_after = TimeSpan.FromHours(1);

    /// <summary>A fresh slot in the place of an older one of the same owner, name and version, whose URL dies.</summary>
    /// <param name="owner">Whose the file will be.</param>
    /// <param name="file">What it will be called.</param>
    /// <param name="size">In bytes, or <see cref="UploadSlot.UnknownSize"/>.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<UploadSlot> OpenAsync(SlotOwner owner, FileName file, long size, CancellationToken ct)
    {
        if (size > settings.MaximumSize)
            throw new RefusedException("file_too_large", $"A file may be at most {settings.MaximumSize} bytes.");
        var slot = new UploadSlot
        {
            Id = await ids.NextAsync(ct),
            ProductId = owner.ProductId,
            DevicesText = UploadSlot.Owners(owner.Devices),
            Name = file.Name,
            Version = file.Version,
            Size = size,
            ExpiresAt = (clock.GetUtcNow() + Life).ToUnixTimeMilliseconds(),
        };
        await database.WriteAsync(
            async db =>
            {
                var replaced = await db.ListAsync<byte[]>(
                    """
                    select sha256 from upload_slots
                    where product_id = @ProductId and devices = @DevicesText and name = @Name and version = @Version and sha256 is not null
                    """,
                    slot);
                await db.RunAsync(
                    """
                    insert into upload_slots (id, product_id, devices, name, version, size, expires_at)
                    values (@Id, @ProductId, @DevicesText, @Name, @Version, @Size, @ExpiresAt)
                    on conflict (product_id, devices, name, version) do update set
                      id = excluded.id, size = excluded.size, expires_at = excluded.expires_at, sha256 = null, md5 = null
                    """,
                    slot);
                return await UnusedObjects.MarkAsync(db, replaced, clock.GetUtcNow());
            },
            ct);
        return slot;
    }

    public ValueTask<UploadSlot?> FindAsync(SlotOwner owner, FileName file, CancellationToken ct) => database.FirstAsync<UploadSlot>(
        $"""
        select {UploadSlot.Columns} from upload_slots
        where product_id = @ProductId and devices = @devices and name = @Name and version = @Version
        """,
        new { owner.ProductId, devices = UploadSlot.Owners(owner.Devices), file.Name, file.Version },
        ct);

    /// <summary>The slot as long as its product is enabled, and one of its devices where it is for devices.</summary>
    public async ValueTask<UploadSlot?> FindOpenAsync(long id, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var slot = await db.FirstAsync<UploadSlot>(
            $"""
            select {UploadSlot.Columns} from upload_slots
            where id = @id and exists (select 1 from products p where p.id = upload_slots.product_id and p.disabled_at is null)
            """,
            new { id });
        if (slot is null || slot.IsLibrarys)
            return slot;
        // numbers that were written here
        var devices = slot.DevicesText.Trim('[', ']');
        return await db.FirstAsync<int>($"select count(*) from devices where id in ({devices}) and disabled_at is null") > 0 ? slot : null;
    }

    /// <summary>The bytes are on the disk: recorded with the slot, in the place of any before.</summary>
    /// <exception cref="RefusedException"><c>forbidden</c>: the slot is another's by now, or gone.</exception>
    public Task StoredAsync(UploadSlot slot, ObjectRecord stored) => database.WriteAsync(
        async db =>
        {
            var before = await db.ListAsync<byte[]>("select sha256 from upload_slots where id = @Id and sha256 is not null", slot);
            var row = new { slot.Id, sha256 = stored.Sha256.ToBytes(), md5 = stored.Md5.ToBytes(), stored.Size };
            if (await db.RunAsync("update upload_slots set sha256 = @sha256, md5 = @md5, size = @Size where id = @Id", row) == 0)
                throw ByteDoor.Forbidden("the URL was superseded");
            await ObjectRecords.KeepAsync(db, stored, clock.GetUtcNow().ToUnixTimeMilliseconds());
            return await UnusedObjects.MarkAsync(db, before, clock.GetUtcNow());
        },
        // they are on the disk: from here a client that leaves does not undo them
        CancellationToken.None);

    /// <summary>Forgets slots whose time is over.</summary>
    public Task SweepAsync(CancellationToken ct) => database.WriteAsync(
        async db =>
        {
            var before = (clock.GetUtcNow() - s_after).ToUnixTimeMilliseconds();
            var swept = await db.ListAsync<byte[]?>("delete from upload_slots where expires_at < @before returning sha256", new { before });
            return await UnusedObjects.MarkAsync(db, [.. swept.OfType<byte[]>()], clock.GetUtcNow());
        },
        ct);
}

/// <summary>Slots end on their own.</summary>
sealed class SlotSweep(UploadSlots slots, TimeProvider clock, ILogger<SlotSweep> logger) : PeriodicJob(TimeSpan.FromMinutes(1), clock, logger)
{
    protected override Task RunAsync(CancellationToken ct) => slots.SweepAsync(ct);
}
