using Waybill.Data;

namespace Waybill.Quotas;

/// <summary>Forgets log requests, campaigns of them and upgrades as long after their end as transfers. Archives stay in their bucket.</summary>
sealed class JobPruning(Database database, RetentionMeter meter, RetentionSettings settings, TimeProvider clock, ILogger<JobPruning> logger)
    : PeriodicJob(settings.Every, clock, logger)
{
    const int RowsAtOnce = 200;

    static readonly string[] s_tables = ["log_campaigns", "log_requests", "upgrades"];

    readonly RetentionSettings _settings = settings;
    readonly TimeProvider _clock = clock;

    protected override async Task RunAsync(CancellationToken ct)
    {
        if (_settings.Transfers == TimeSpan.Zero)
            return;
        var before = (_clock.GetUtcNow() - _settings.Transfers).ToUnixTimeMilliseconds();
        foreach (var table in s_tables)
        {
            for (var rows = RowsAtOnce; rows == RowsAtOnce;)
            {
                rows = await database.WriteAsync(db => db.RunAsync(
                    $"delete from {table} where id in (select id from {table} where state >= 10 and updated_at < @before limit @RowsAtOnce)", new { before, RowsAtOnce }), ct);
                meter.Pruned(table, rows);
            }
        }
    }
}
