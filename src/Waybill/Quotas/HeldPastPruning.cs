using Waybill.Data;

namespace Waybill.Quotas;

/// <summary>Forgets how devices came to hold what they hold, as long after it as ended transfers are forgotten. A chain of changes ends where it was cut.</summary>
sealed class HeldPastPruning(Database database, RetentionMeter meter, RetentionSettings settings, TimeProvider clock, ILogger<HeldPastPruning> logger)
    : PeriodicJob(settings.Every, clock, logger)
{
    const int RowsAtOnce = 500;

    readonly RetentionSettings _settings = settings;
    readonly TimeProvider _clock = clock;

    protected override async Task RunAsync(CancellationToken ct)
    {
        if (_settings.Transfers == TimeSpan.Zero)
            return;
        var before = (_clock.GetUtcNow() - _settings.Transfers).ToUnixTimeMilliseconds();
        for (var rows = RowsAtOnce; rows == RowsAtOnce;)
        {
            rows = await database.WriteAsync(db => db.RunAsync(
                "delete from held_changes where id in (select id from held_changes order by id limit @RowsAtOnce) and changed_at < @before", new { before, RowsAtOnce }), ct);
            meter.Pruned("held_changes", rows);
        }
    }
}
