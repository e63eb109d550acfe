using System.Data.Common;
using Waybill.Data;
using Waybill.Transfers;

namespace Waybill.Quotas;

/// <summary>
/// Load and save of what devices have uploaded, into buckets too, within the batch's transaction: two queries for all devices of the batch whose
/// rules need it, and none where no rule does. One text for both databases: device ids are numbers and stand in it.
/// </summary>
static class UploadUsageRows
{
    public static async ValueTask LoadAsync(DbConnection db, TransferView view)
    {
        if (view.NeededUploads.Count == 0)
            return;
        foreach (var uploads in await ReadAsync(db, view.NeededUploads))
            view.LoadedUploads(uploads);
    }

    public static async ValueTask<IReadOnlyCollection<DeviceUploads>> ReadAsync(DbConnection db, IReadOnlyCollection<long> devices)
    {
        var found = devices.ToDictionary(d => d, d => new DeviceUploads(d));
        var list = string.Join(',', devices);
        await ReadAsync(
            db,
            $"""
            select device_id, count(*), cast(sum(size) as bigint) from transfers
            where device_id in ({list}) and kind = 0 and state = 10 and sha256 is not null group by device_id
            union all select device_id, count(*), cast(sum(size) as bigint) from s3_objects where device_id in ({list}) group by device_id
            union all select u.device_id, count(distinct u.id), cast(coalesce(sum(p.size), 0) as bigint)
            from s3_uploads u left join s3_parts p on p.upload_id = u.id where u.device_id in ({list}) group by u.device_id
            """,
            r => found[r.GetInt64(0)].LoadedKept(r.GetInt64(1), r.GetInt64(2)));
        await ReadAsync(
            db,
            $"""
            select a.device_id, a.id, a.asked_at, coalesce(t.size, 0), coalesce(t.state < 10, false)
            from upload_asks a left join transfers t on t.id = a.id where a.device_id in ({list})
            """,
            r => found[r.GetInt64(0)].LoadedAsk(new(r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetBoolean(4))));
        return found.Values;
    }

    public static async ValueTask SaveAsync(DbConnection db, TransferView view, long now)
    {
        if (view.Uploads.Count == 0)
            return;
        foreach (var uploads in view.Uploads)
        {
            if (string.Join(',', uploads.Settled(now)) is { Length: > 0 } settled)
                await db.RunAsync($"delete from upload_asks where device_id = {uploads.DeviceId} and id in ({settled})");
        }
        var fresh = view.Uploads.SelectMany(u => u.Fresh.Select(a => $"({u.DeviceId},{a.Id},{a.AskedAt})")).ToList();
        if (fresh.Count > 0)
            await db.RunAsync($"insert into upload_asks (device_id, id, asked_at) values {string.Join(',', fresh)}");
    }

    static async ValueTask ReadAsync(DbConnection db, string sql, Action<DbDataReader> row)
    {
        await using var command = db.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            row(reader);
    }
}
