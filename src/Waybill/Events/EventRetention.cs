using Waybill.Data;

namespace Waybill.Events;

/// <summary>Takes away what has been kept long enough, the oldest first, in slices that hold up the writer for a few milliseconds each.</summary>
sealed class EventRetention(Database database, EventRows rows, EventSettings settings, TimeProvider clock, ILogger<EventRetention> logger)
    : PeriodicJob(Period(settings), clock, logger)
{
    const int Slice = 2000;

    readonly TimeProvider _clock = clock;

    protected override async Task RunAsync(CancellationToken ct)
    {
        var before = (_clock.GetUtcNow() - settings.Keep).ToUnixTimeMilliseconds();
        while (await PruneAsync(before, ct) == Slice)
        {
            // the writer belongs to others in between
        }
    }

    async Task<int> PruneAsync(long before, CancellationToken ct)
    {
        // the newest stays: the next one's id comes from it
        var oldest = await database.ListAsync<KeptEvent>(
            $"select id, at from events where id < (select max(id) from events) and {rows.IsSettled} order by id limit {Slice}", null, ct);
        var old = oldest.TakeWhile(e => e.At < before).ToList();
        if (old.Count == 0)
            return 0;
        var through = old[^1].Id;
        await database.WriteAsync(
            async db =>
            {
                await db.RunAsync("update sequences set next = @through where name = 'events_pruned' and next < @through", new { through });
                return await db.RunAsync("delete from events where id <= @through", new { through });
            },
            ct);
        return old.Count;
    }

    static TimeSpan Period(EventSettings settings) => settings.Keep < TimeSpan.FromHours(1) ? settings.Keep / 4 : TimeSpan.FromMinutes(1);

    sealed record KeptEvent(long Id, long At);
}
