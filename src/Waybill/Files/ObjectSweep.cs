using Waybill.Data;
using Waybill.Objects;
using Waybill.Settings;

namespace Waybill.Files;

/// <summary>Removes objects that nothing referred to for the grace time: the row first, then the bytes, under the hash's lock.</summary>
sealed partial class ObjectSweep(Database database, DiskStore store, ObjectSettings settings, TimeProvider clock, ILogger<ObjectSweep> logger) : BackgroundService
{
    const int MostAtOnce = 100;
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        var period = settings.Grace < Shortest ? Shortest : settings.Grace < Longest ? settings.Grace : Longest;
        using var timer = new PeriodicTimer(period, clock);
        while (await timer.WaitForNextTickAsync(ct))
        {
            try
            {
                await SweepAsync(ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogFailed(logger, e);
            }
        }
    }

    async Task SweepAsync(CancellationToken ct)
    {
        var before = clock.GetUtcNow().ToUnixTimeMilliseconds() - (long)settings.Grace.TotalMilliseconds;
        var unused = await database.ListAsync<byte[]>(
            "select sha256 from objects where unused_at <= @before order by unused_at limit @MostAtOnce", new { before, MostAtOnce }, ct);
        foreach (var sha256 in unused)
            await store.DeleteAsync(Sha256Digest.FromBytes(sha256), token => IsNeededAsync(sha256, token), ct);
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

    [LoggerMessage(Level = LogLevel.Error, Message = "Unused objects could not be removed; they are tried again")]
    static partial void LogFailed(ILogger logger, Exception e);
}
