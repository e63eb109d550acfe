using Waybill.Events;

namespace Waybill.Webhooks;

/// <summary>
/// Delivers to one webhook after the other has been taken: in order, one request at a time, the cursor moved on only after a 2xx.
/// A receiver that is slow holds up nobody else: what it has not taken is read again from the log.
/// </summary>
sealed class WebhookCourier(EventFollowing events, WebhookProgress progress, WebhookPost post, WebhookSettings settings, TimeProvider clock)
{
    /// <summary>Small batches are not sent faster than this, so that a busy feed goes out in large ones.</summary>
    static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);

    /// <summary>How often one looks whether another node has left the webhook.</summary>
    static readonly TimeSpan s_look = TimeSpan.FromSeconds(15);

    /// <summary>As long as the webhook is of this version.</summary>
    public async Task RunAsync(Webhook webhook, CancellationToken ct)
    {
        while (true)
        {
            if (await progress.ClaimAsync(webhook, ct) is { } mine)
                await DeliverAsync(mine, ct);
            else
                await Task.Delay(s_look, clock, ct);
        }
    }

    /// <summary>A delivery without events, at once.</summary>
    public async Task<WebhookDelivery> TestAsync(Webhook webhook, CancellationToken ct)
    {
        var (delivery, _) = await SendAsync(webhook, WebhookBatch.Test(webhook), 0, ct);
        await progress.LogTestAsync(webhook, delivery, ct);
        return delivery;
    }

    /// <summary>Until the webhook is no longer ours, or no longer what it was.</summary>
    async Task DeliverAsync(Webhook webhook, CancellationToken ct)
    {
        var (attempt, retryAt, position, moved) = (webhook.Failures, webhook.RetryAt, webhook.Position, clock.GetTimestamp());
        if (retryAt is { } later)
            await UntilAsync(later, ct);
        try
        {
            await foreach (var frames in events.FollowAsync(position, webhook.Filter, ct))
            {
                foreach (var batch in WebhookBatch.Split(webhook, frames, settings.Batch))
                {
                    if (!await DeliverAsync(webhook, batch, attempt, ct))
                        return;
                    (attempt, position, moved) = (0, batch.Last, clock.GetTimestamp());
                }
                if (clock.GetElapsedTime(moved) < s_look || frames.Count == 0)
                    continue;
                (position, moved) = (Math.Max(position, frames[^1].Row.Id), clock.GetTimestamp());
                if (!await progress.MoveAsync(webhook, position, ct))
                    return;
            }
        }
        catch (CursorExpiredException expired)
        {
            await progress.StopAsync(webhook, $"events it had not taken are gone: replay after {expired.Oldest} goes on with the oldest that are left", ct);
        }
    }

    async Task<bool> DeliverAsync(Webhook webhook, WebhookBatch batch, int failures, CancellationToken ct)
    {
        for (var attempt = failures + 1; ; attempt++)
        {
            var (delivery, outcome) = await SendAsync(webhook, batch, attempt, ct);
            if (!await progress.RecordAsync(webhook, delivery, outcome, ct))
                return false;
            if (delivery.IsTaken)
            {
                if (batch.Frames.Count < settings.Batch)
                    await UntilAsync(delivery.At + (long)s_pace.TotalMilliseconds, ct);
                return true;
            }
            // the row says when; another node may have come in between
            if (await progress.ClaimAsync(webhook, ct) is not { RetryAt: { } retryAt })
                return false;
            await UntilAsync(retryAt, ct);
            if (await progress.ClaimAsync(webhook, ct) is null)
                return false;
        }
    }

    async Task<(WebhookDelivery Delivery, WebhookOutcome Outcome)> SendAsync(Webhook webhook, WebhookBatch batch, int attempt, CancellationToken ct)
    {
        var (at, begun) = (Now(), clock.GetTimestamp());
        var outcome = await post.SendAsync(webhook, batch, attempt, ct);
        return (new()
        {
            At = at,
            FirstEvent = batch.First,
            LastEvent = batch.Last,
            Events = batch.Frames.Count,
            Attempt = attempt,
            Status = outcome.Status,
            Duration = (int)clock.GetElapsedTime(begun).TotalMilliseconds,
            Error = outcome.Error,
        }, outcome);
    }

    Task UntilAsync(long time, CancellationToken ct) => time <= Now() ? Task.CompletedTask : Task.Delay(TimeSpan.FromMilliseconds(time - Now()), clock, ct);

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
