using Waybill.Data;

namespace Waybill.Quotas;

/// <summary>Forgets how devices came to hold what they hold, as long after it as ended transfers are forgotten.</summary>
sealed class HeldPastPruning(Database database, RetentionMeter meter, RetentionSettings settings, TimeProvider clock, ILogger<HeldPastPruning> logger)
    : PeriodicJob(settings.Every, clock, logger)
{
    const int DevicesAtOnce = 50;

    readonly RetentionSettings _settings = settings;
    readonly TimeProvider _clock = clock;

    protected override async Task RunAsync(CancellationToken ct)
    {
        if (_settings.Transfers == TimeSpan.Zero)
            return;
        var before = (_clock.GetUtcNow() - _settings.Transfers).ToUnixTimeMilliseconds();
        for (var some = await NextAsync(0, before, ct); some.Count > 0; some = await NextAsync(some[^1], before, ct))
        {
            var rows = await database.WriteAsync(
                db => db.RunAsync($"delete from held_history where device_id in ({string.Join(',', some)}) and changed_at < @before", new { before }), ct);
            meter.Pruned("held_history", rows);
        }
    }

    ValueTask<IReadOnlyList<long>> NextAsync(long after, long before, CancellationToken ct) => database.ListAsync<long>(
        """
        select distinct device_id from held_history where device_id > @after and changed_at < @before order by device_id limit @DevicesAtOnce
        """,
        new { after, before, DevicesAtOnce },
        ct);
}
