using System.Data.Common;
using Waybill.Data;

namespace Waybill.Webhooks;

/// <summary>
/// How far deliveries have come, and which node makes them. What a courier says counts only while the webhook is what the courier
/// took it for (its version) and its node has the claim.
/// </summary>
sealed class WebhookProgress(Database database, WebhookSettings settings, Ids ids, TimeProvider clock)
{
    const int MostLogged = 1000;
    const string Mine = "where id = @Id and version = @Version and claimed_by = @node";
    static readonly TimeSpan s_claim = TimeSpan.FromSeconds(30);

    /// <summary>SQLite has one process, which after a crash is the same one again.</summary>
    readonly long _node = database is SqliteDatabase ? 1 : Random.Shared.NextInt64(2, long.MaxValue);

    /// <summary>The webhook as it stands, for this node to deliver; null when it is another's, paused, changed or gone.</summary>
    public Task<Webhook?> ClaimAsync(Webhook webhook, CancellationToken ct) => database.WriteAsync(
        db => db.FirstAsync<Webhook>(
            $"""
            update webhooks set claimed_by = @node, claimed_until = @until
            where id = @Id and version = @Version and paused_at is null and (claimed_by = @node or claimed_until < @now)
            returning {Webhook.Columns}
            """,
            Values(webhook)),
        ct);

    /// <summary>Whether the webhook still is ours, after nothing happened for a while or nothing that it wants.</summary>
    public async Task<bool> MoveAsync(Webhook webhook, long position, CancellationToken ct) => await database.WriteAsync(
        db => db.RunAsync($"update webhooks set position = @position, claimed_until = @until {Mine}", Values(webhook, position)), ct) == 1;

    /// <summary>Writes down what became of an attempt. False when the courier has to look anew.</summary>
    public async Task<bool> RecordAsync(Webhook webhook, WebhookDelivery delivery, WebhookOutcome outcome, CancellationToken ct)
    {
        var row = delivery with { Id = await ids.NextAsync(ct) };
        return await database.WriteAsync(
            async db =>
            {
                await LogAsync(db, webhook, row);
                return row.IsTaken
                    ? await db.RunAsync(
                        $"update webhooks set position = @position, failures = 0, retry_at = null, last_error = null, claimed_until = @until {Mine}",
                        Values(webhook, row.LastEvent))
                    : await FailAsync(db, webhook, row, outcome);
            },
            ct) == 1;
    }

    public async Task LogTestAsync(Webhook webhook, WebhookDelivery delivery, CancellationToken ct)
    {
        var row = delivery with { Id = await ids.NextAsync(ct) };
        await database.WriteAsync<int>(
            async db =>
            {
                await LogAsync(db, webhook, row);
                return 0;
            },
            ct);
    }

    public Task StopAsync(Webhook webhook, string reason, CancellationToken ct) => database.WriteAsync(
        db => db.RunAsync($"update webhooks set paused_at = @now, paused_reason = @reason, version = version + 1 {Mine}", Values(webhook, reason: reason)), ct);

    /// <summary>Other nodes need not wait for the claims' end.</summary>
    public Task LeaveAsync() => database.WriteAsync(
        db => db.RunAsync("update webhooks set claimed_until = 0 where claimed_by = @node", new { node = _node }), CancellationToken.None);

    public ValueTask<IReadOnlyList<WebhookDelivery>> DeliveriesAsync(Webhook webhook, long before, int limit, CancellationToken ct) =>
        database.ListAsync<WebhookDelivery>(
            $"select {WebhookDelivery.Columns} from webhook_deliveries where webhook_id = @Id and id < @before order by id desc limit @limit",
            new { webhook.Id, before, limit },
            ct);

    /// <returns>1 when it is tried again.</returns>
    async ValueTask<int> FailAsync(DbConnection db, Webhook webhook, WebhookDelivery row, WebhookOutcome outcome)
    {
        var reason = outcome.IsOver ? "the receiver answered 410 Gone" : row.Attempt >= settings.Attempts ? $"{row.Attempt} attempts in a row failed" : null;
        var retryAt = Now() + (long)settings.BackOffAfter(row.Attempt).TotalMilliseconds;
        var updated = await db.RunAsync(
            $"""
            update webhooks set failures = @Attempt, retry_at = @retryAt, last_error = @Error, claimed_until = @until,
              paused_at = case when @reason is null then null else @now end, paused_reason = @reason {Mine}
            """,
            new { row.Attempt, retryAt = reason is null ? (long?)retryAt : null, row.Error, reason, webhook.Id, webhook.Version, node = _node, now = Now(), until = Until() });
        return reason is null ? updated : 0;
    }

    static async ValueTask LogAsync(DbConnection db, Webhook webhook, WebhookDelivery row)
    {
        var webhookId = webhook.Id;
        await db.RunAsync(
            """
            insert into webhook_deliveries (id, webhook_id, at, first_event, last_event, events, attempt, status, duration, error)
            select @Id, id, @At, @FirstEvent, @LastEvent, @Events, @Attempt, @Status, @Duration, @Error from webhooks where id = @webhookId
            """,
            new { row.Id, webhookId, row.At, row.FirstEvent, row.LastEvent, row.Events, row.Attempt, row.Status, row.Duration, row.Error });
        await db.RunAsync(
            $"""
            delete from webhook_deliveries where webhook_id = @webhookId and id <=
              (select id from webhook_deliveries where webhook_id = @webhookId order by id desc limit 1 offset {MostLogged})
            """,
            new { webhookId });
    }

    object Values(Webhook webhook, long position = 0, string? reason = null) =>
        new { webhook.Id, webhook.Version, node = _node, now = Now(), until = Until(), position, reason };

    long Until() => Now() + (long)(settings.Timeout + s_claim).TotalMilliseconds;

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
