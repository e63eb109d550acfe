using System.Collections.Concurrent;
using Waybill.Data;

namespace Waybill.Devices;

/// <summary>When keys were used last, to the minute: written together every few seconds, and once for each minute.</summary>
sealed class ApiKeyUse(Database database, TimeProvider clock, ILogger<ApiKeyUse> logger) : PeriodicJob(TimeSpan.FromSeconds(5), clock, logger)
{
    const long Minute = 60_000;

    readonly TimeProvider _clock = clock;
    readonly ConcurrentDictionary<long, long> _noted = [];
    readonly ConcurrentDictionary<long, long> _written = [];

    public void Note(long keyId)
    {
        var minute = _clock.GetUtcNow().ToUnixTimeMilliseconds() / Minute * Minute;
        if (_written.GetValueOrDefault(keyId) != minute)
            _noted[keyId] = minute;
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
        await database.WriteAsync(db => db.RunAsync("update api_keys set used_at = @Value where id = @Key", noted.Select(n => new { n.Key, n.Value })), ct);
        foreach (var written in noted)
        {
            _written[written.Key] = written.Value;
            _noted.TryRemove(written);
        }
    }
}
