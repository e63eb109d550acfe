using System.Data.Common;
using Waybill.Data;
using Waybill.Objects;
using Waybill.Transfers;

namespace Waybill.Quotas;

/// <summary>
/// Forgets transfers that ended long ago, the oldest first, in slices that hold up the writer for a few milliseconds each. Uploads
/// whose bytes are kept stay, and of each file the newest download that came to a good end and no removal undid: what the device has.
/// </summary>
sealed class TransferPruning(
    Database database, TransferRows rows, RetentionMeter meter, RetentionSettings settings, TimeProvider clock, ILogger<TransferPruning> logger)
    : PeriodicJob(settings.Every, clock, logger)
{
    const int RowsAtOnce = 2000;
    const int Slice = 50;

    readonly RetentionSettings _settings = settings;
    readonly TimeProvider _clock = clock;

    protected override async Task RunAsync(CancellationToken ct)
    {
        if (_settings.Transfers == TimeSpan.Zero)
            return;
        // names are asked for below: those of small fleets would else wait long to be there
        rows.MergeNames();
        var before = (_clock.GetUtcNow() - _settings.Transfers).ToUnixTimeMilliseconds();
        var after = 0L;
        while (await WindowAsync(after, ct) is { Rows: > 0 } window && window.Oldest < before)
        {
            foreach (var slice in (await EndedAsync(after, window.Last, before, ct)).Chunk(Slice))
                meter.Pruned("transfers", await database.WriteAsync(db => ForgetAsync(db, slice), ct));
            after = window.Last;
        }
    }

    async ValueTask<Window> WindowAsync(long after, CancellationToken ct) => await database.FirstAsync<Window>(
        """
        select count(*) as rows, coalesce(max(id), 0) as last, coalesce(min(created_at), 0) as oldest
        from (select id, created_at from transfers where id > @after order by id limit @RowsAtOnce) part
        """,
        new { after, RowsAtOnce },
        ct) ?? new(0, 0, 0);

    ValueTask<IReadOnlyList<long>> EndedAsync(long after, long last, long before, CancellationToken ct) => database.ListAsync<long>(
        """
        select t.id from transfers t
        where t.id > @after and t.id <= @last and t.id <= (select next from sequences where name = 'transfer_names')
          and t.state >= 10 and t.updated_at < @before
          and not (t.kind = 0 and t.state = 10 and t.sha256 is not null)
          and not (t.kind = 1 and t.state = 10 and not exists (
            select 1 from transfer_names n join transfers later on later.id = n.id
            where n.device_id = t.device_id and n.kind in (1, 2) and n.name = t.name and n.id > t.id and later.state = 10))
        order by t.id
        """,
        new { after, last, before },
        ct);

    async ValueTask<int> ForgetAsync(DbConnection db, long[] ids)
    {
        var list = string.Join(',', ids);
        var hashes = await db.ListAsync<byte[]>($"select distinct sha256 from transfers where id in ({list}) and state >= 10 and sha256 is not null");
        var names = await db.ListAsync<Named>($"select device_id as deviceId, kind, name, id from transfers where id in ({list}) and state >= 10");
        // one by one: given many at once, SQLite looks through all names of a device
        await db.RunAsync("delete from transfer_names where device_id = @DeviceId and kind = @Kind and name = @Name and id = @Id", names);
        var forgotten = await db.RunAsync($"delete from transfers where id in ({list}) and state >= 10");
        await UnusedObjects.MarkAsync(db, hashes, _clock.GetUtcNow());
        return forgotten;
    }

    sealed record Named
    {
        public long DeviceId { get; init; }
        public short Kind { get; init; }
        public string Name { get; init; } = "";
        public long Id { get; init; }
    }

    sealed record Window(long Rows, long Last, long Oldest);
}
