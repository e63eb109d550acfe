using System.Collections.Concurrent;

namespace Waybill.Data;

/// <summary>When keys were used last, to the minute: written together every few seconds, and once for each minute.</summary>
/// <param name="database">Where.</param>
/// <param name="sql">Writes minute <c>@Value</c> of key <c>@Key</c>.</param>
/// <param name="clock">Tells the minute.</param>
/// <param name="logger">Of the job.</param>
abstract class LastUses<TKey>(Database database, string sql, TimeProvider clock, ILogger logger) : PeriodicJob(TimeSpan.FromSeconds(5), clock, logger)
    where TKey : notnull
{
    const long Minute = 60_000;

    readonly TimeProvider _clock = clock;
    readonly ConcurrentDictionary<TKey, long> _noted = [];
    readonly ConcurrentDictionary<TKey, long> _written = [];

    public void Note(TKey key)
    {
        var minute = _clock.GetUtcNow().ToUnixTimeMilliseconds() / Minute * Minute;
        if (_written.GetValueOrDefault(key) != minute)
            _noted[key] = minute;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken ct)
    {
        var noted = _noted.ToArray();
        if (noted.Length == 0)
            return;
        await database.WriteAsync(db => db.RunAsync(sql, noted.Select(n => new { n.Key, n.Value })), ct);
        foreach (var written in noted)
        {
            _written[written.Key] = written.Value;
            _noted.TryRemove(written);
        }
    }
}
