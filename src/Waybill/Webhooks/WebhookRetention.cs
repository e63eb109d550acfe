using Waybill.Data;

namespace Waybill.Webhooks;

/// <summary>Takes deliveries out of the log that have been there long enough.</summary>
sealed class WebhookRetention(Database database, WebhookSettings settings, TimeProvider clock, ILogger<WebhookRetention> logger)
    : PeriodicJob(settings.Keep < TimeSpan.FromHours(1) ? settings.Keep / 4 : TimeSpan.FromMinutes(10), clock, logger)
{
    const int Slice = 1000;

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
        var oldest = await database.ListAsync<LoggedDelivery>($"select id, at from webhook_deliveries order by id limit {Slice}", null, ct);
        var old = oldest.TakeWhile(d => d.At < before).ToList();
        if (old.Count > 0)
            await database.WriteAsync(db => db.RunAsync("delete from webhook_deliveries where id <= @through", new { through = old[^1].Id }), ct);
        return old.Count;
    }

    sealed record LoggedDelivery(long Id, long At);
}
