using Waybill.Data;
using Waybill.Objects;
using Waybill.Settings;

namespace Waybill.Files;

/// <summary>Removes objects that nothing referred to for the grace time: the row first, then the bytes, under the hash's lock.</summary>
sealed class ObjectSweep(Database database, DiskStore store, ObjectSettings settings, TimeProvider clock, ILogger<ObjectSweep> logger)
    : PeriodicJob(Period(settings.Grace), clock, logger)
{
    const int MostAtOnce = 100;

    readonly ObjectSettings _settings = settings;
    readonly TimeProvider _clock = clock;

    protected override async Task RunAsync(CancellationToken ct)
    {
        int found;
        do
            found = await SweepAsync(ct);
        while (found == MostAtOnce);
    }

    static TimeSpan Period(TimeSpan grace) =>
        TimeSpan.FromMilliseconds(Math.Clamp(grace.TotalMilliseconds, 100, TimeSpan.FromMinutes(1).TotalMilliseconds));

    /// <summary>How many were removed.</summary>
    async Task<int> SweepAsync(CancellationToken ct)
    {
        var before = _clock.GetUtcNow().ToUnixTimeMilliseconds() - (long)_settings.Grace.TotalMilliseconds;
        var unused = await database.ListAsync<byte[]>(
            "select sha256 from objects where unused_at <= @before order by unused_at limit @MostAtOnce", new { before, MostAtOnce }, ct);
        var removed = 0;
        foreach (var sha256 in unused)
        {
            if (await store.DeleteAsync(Sha256Digest.FromBytes(sha256), token => IsNeededAsync(sha256, token), ct))
                removed++;
        }
        return removed;
    }

    /// <summary>What someone refers to again stays; the row of anything else goes here.</summary>
    async ValueTask<bool> IsNeededAsync(byte[] sha256, CancellationToken ct) => await database.WriteAsync(
        async db =>
        {
            if (await db.RunAsync($"delete from objects where sha256 = @sha256 and unused_at is not null and {UnusedObjects.Unreferenced}", new { sha256 }) == 1)
                return false;
            await db.RunAsync("update objects set unused_at = null where sha256 = @sha256", new { sha256 });
            return true;
        },
        ct);
}
