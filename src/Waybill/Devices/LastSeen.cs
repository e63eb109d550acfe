using System.Collections.Concurrent;
using Waybill.Data;

namespace Waybill.Devices;

/// <summary>When devices came and went: not worth a commit each, so written together every few seconds.</summary>
sealed class LastSeen(Database database, TimeProvider clock, ILogger<LastSeen> logger) : PeriodicJob(TimeSpan.FromSeconds(5), clock, logger)
{
    const int Slice = 500;

    readonly TimeProvider _clock = clock;
    readonly ConcurrentDictionary<long, long> _seen = [];

    public void Note(long deviceId) => _seen[deviceId] = _clock.GetUtcNow().ToUnixTimeMilliseconds();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken ct)
    {
        foreach (var slice in _seen.ToArray().Chunk(Slice))
        {
            await database.WriteAsync(
                db => db.RunAsync("update devices set seen_at = @Value where id = @Key", slice.Select(s => new { s.Key, s.Value })), ct);
            foreach (var written in slice)
                _seen.TryRemove(written);
        }
    }
}
