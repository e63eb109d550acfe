namespace Waybill.Webhooks;

/// <summary>A courier for every webhook that is not paused, each on its own: one that waits for its receiver holds up no other.</summary>
sealed partial class WebhookCouriers(WebhookRegistry webhooks, WebhookCourier courier, WebhookProgress progress, TimeProvider clock, ILogger<WebhookCouriers> logger)
    : BackgroundService
{
    /// <summary>How often one looks for what other nodes changed.</summary>
    static readonly TimeSpan s_look = TimeSpan.FromSeconds(15);

    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    readonly Dictionary<long, Round> _rounds = [];

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        try
        {
            while (!ct.IsCancellationRequested)
            {
                var change = webhooks.NextChangeAsync();
                await TryMatchAsync(ct);
                await Task.WhenAny(change, Task.Delay(s_look, clock, ct));
            }
        }
        finally
        {
            await EndAsync([.. _rounds.Keys]);
            await progress.LeaveAsync();
        }
    }

    async Task TryMatchAsync(CancellationToken ct)
    {
        try
        {
            var running = (await webhooks.RunningAsync(ct)).ToDictionary(w => w.Id);
            await EndAsync([.. _rounds.Where(r => running.GetValueOrDefault(r.Key)?.Version != r.Value.Version).Select(r => r.Key)]);
            foreach (var webhook in running.Values.Where(w => !_rounds.ContainsKey(w.Id)))
            {
                var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
                _rounds.Add(webhook.Id, new(webhook.Version, end, RunAsync(webhook, end.Token)));
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(logger, e, "all");
        }
    }

    async Task RunAsync(Webhook webhook, CancellationToken ct)
    {
        // the first steps of one are not a matter of the others
        await Task.Yield();
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await courier.RunAsync(webhook, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogFailed(logger, e, webhook.Name);
                await Task.Delay(s_pause, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                // it was changed, or the server stops
            }
        }
    }

    async Task EndAsync(IReadOnlyList<long> ids)
    {
        foreach (var id in ids)
            await _rounds[id].End.CancelAsync();
        foreach (var id in ids)
        {
            await _rounds[id].Work;
            _rounds[id].End.Dispose();
            _rounds.Remove(id);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Deliveries to webhook {Webhook} failed here and are tried again")]
    static partial void LogFailed(ILogger logger, Exception e, string webhook);

    sealed record Round(long Version, CancellationTokenSource End, Task Work);
}
