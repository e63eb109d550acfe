using Waybill.Data;
using Waybill.Events;
using Waybill.Objects;

namespace Waybill.Quotas;

/// <summary>What a device put into buckets goes with it, as what it uploaded otherwise does.</summary>
sealed class DeviceObjects(Database database, ObjectRemoval removal, EventRows events, TimeProvider clock)
{
    /// <summary>So many share a commit: a few milliseconds of the writer.</summary>
    const int Slice = 50;

    public async Task RemoveAllAsync(long deviceId, string by, CancellationToken ct)
    {
        var row = new { deviceId, Slice };
        while (await RemoveUploadsAsync(row, ct) == Slice)
        {
            // the writer belongs to others in between
        }
        while (await database.ListAsync<DoomedObject>(
            """
            select o.bucket_id as bucketId, b.name as bucket, o.key from s3_objects o join s3_buckets b on b.id = o.bucket_id
            where o.device_id = @deviceId limit @Slice
            """,
            row,
            ct) is { Count: > 0 } some)
            await RemoveAsync([.. some.Select(o => o with { WithDevice = true })], by, ct);
    }

    /// <summary>Those that were still there.</summary>
    public async Task<IReadOnlyList<DoomedObject>> RemoveAsync(IReadOnlyList<DoomedObject> doomed, string by, CancellationToken ct)
    {
        var gone = await database.WriteAsync(db => removal.RunAsync(db, doomed, by), ct);
        events.Committed();
        return gone;
    }

    /// <summary>Uploads in parts that it began, and their parts.</summary>
    Task<int> RemoveUploadsAsync(object row, CancellationToken ct) => database.WriteAsync(
        async db =>
        {
            var ids = await db.ListAsync<long>("select id from s3_uploads where device_id = @deviceId limit @Slice", row);
            var parts = new List<byte[]>();
            foreach (var id in ids)
            {
                parts.AddRange(await db.ListAsync<byte[]>("delete from s3_parts where upload_id = @id returning sha256", new { id }));
                await db.RunAsync("delete from s3_uploads where id = @id", new { id });
            }
            await UnusedObjects.MarkAsync(db, parts, clock.GetUtcNow());
            return ids.Count;
        },
        ct);
}
