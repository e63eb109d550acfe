using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using Waybill.Data;
using Waybill.Events;

namespace Waybill.Webhooks;

/// <summary>Webhooks as people make and change them. Each change begins a new version, which their couriers notice.</summary>
sealed class WebhookRegistry(Database database, EventLog log, WebhookAddresses addresses, Ids ids, TimeProvider clock)
{
    const int Most = 100;
    const string ByRequest = "paused by request";

    TaskCompletionSource _changed = NewSignal();

    /// <summary>Completes at the next change made at this node.</summary>
    public Task NextChangeAsync() => Volatile.Read(ref _changed).Task;

    public async ValueTask<Webhook> GetAsync(string name, CancellationToken ct) =>
        await database.FirstAsync<Webhook>($"select {Webhook.Columns} from webhooks where name = @name", new { name }, ct) ?? throw NotFound(name);

    public ValueTask<IReadOnlyList<Webhook>> ListAsync(string after, int limit, CancellationToken ct) => database.ListAsync<Webhook>(
        $"select {Webhook.Columns} from webhooks where name > @after order by name limit @limit", new { after, limit }, ct);

    public ValueTask<IReadOnlyList<Webhook>> RunningAsync(CancellationToken ct) =>
        database.ListAsync<Webhook>($"select {Webhook.Columns} from webhooks where paused_at is null", null, ct);

    /// <summary>Makes the webhook, which hears from now on, or gives it these settings. The secret comes back when we made it.</summary>
    /// <exception cref="RefusedException"><c>webhook_address</c>, <c>webhook_host</c>, <c>too_many_webhooks</c>.</exception>
    public async Task<(Webhook Webhook, bool Made, string? MadeSecret)> PutAsync(string name, WebhookChange change, CancellationToken ct)
    {
        await CheckAsync(change.Url, ct);
        var made = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var row = await RowAsync(name, change, made, ct);
        var keep = change.Secret is null ? "" : ", secret = excluded.secret";
        var pause = change.Paused is null ? "" : ", paused_at = excluded.paused_at, paused_reason = excluded.paused_reason";
        var webhook = await database.WriteAsync(
            async db =>
            {
                if (await db.FirstAsync<int>("select count(*) from webhooks where name <> @Name", row) >= Most)
                    throw new RefusedException("too_many_webhooks", $"There are {Most} webhooks already.");
                return (await db.FirstAsync<Webhook>(
                    $"""
                    insert into webhooks (id, name, url, secret, product, device, states, position, failures, paused_at, paused_reason,
                      version, claimed_by, claimed_until, created_at, updated_at)
                    values (@Id, @Name, @Url, @Secret, @Product, @Device, @States, @Position, 0, @PausedAt, @PausedReason, 1, 0, 0, @CreatedAt, @UpdatedAt)
                    on conflict (name) do update set url = excluded.url, product = excluded.product, device = excluded.device, states = excluded.states,
                      failures = 0, retry_at = null, version = webhooks.version + 1, updated_at = excluded.updated_at{keep}{pause}
                    returning {Webhook.Columns}
                    """,
                    row))!;
            },
            ct);
        Changed();
        var isNew = webhook.Id == row.Id;
        return (webhook, isNew, isNew && change.Secret is null ? made : null);
    }

    public Task<Webhook> PauseAsync(string name, CancellationToken ct) =>
        ChangeAsync(name, "paused_at = coalesce(paused_at, @now), paused_reason = coalesce(paused_reason, @text)", 0, ct);

    /// <exception cref="CursorExpiredException">Events it has not taken are gone: replay says where to go on.</exception>
    public async Task<Webhook> ResumeAsync(string name, CancellationToken ct)
    {
        await log.ReadAsync((await GetAsync(name, ct)).Position, EventFilter.Everything, 1, ct);
        return await ChangeAsync(name, "paused_at = null, paused_reason = null, failures = 0, retry_at = null", 0, ct);
    }

    /// <summary>Sends what stands behind the cursor, again or for the first time. A pause stays.</summary>
    /// <exception cref="CursorExpiredException">It is gone.</exception>
    public async Task<Webhook> ReplayAsync(string name, long after, CancellationToken ct)
    {
        await log.ReadAsync(after, EventFilter.Everything, 1, ct);
        return await ChangeAsync(name, "position = @after, failures = 0, retry_at = null", after, ct);
    }

    public async Task DeleteAsync(string name, CancellationToken ct)
    {
        var gone = await database.WriteAsync(
            async db =>
            {
                await db.RunAsync("delete from webhook_deliveries where webhook_id in (select id from webhooks where name = @name)", new { name });
                return await db.RunAsync("delete from webhooks where name = @name", new { name });
            },
            ct);
        if (gone == 0)
            throw NotFound(name);
        Changed();
    }

    async Task<Webhook> ChangeAsync(string name, string set, long after, CancellationToken ct)
    {
        var values = new { name, after, now = Now(), text = ByRequest };
        var webhook = await database.WriteAsync(
            db => db.FirstAsync<Webhook>(
                $"update webhooks set {set}, version = version + 1, updated_at = @now where name = @name returning {Webhook.Columns}", values),
            ct);
        Changed();
        return webhook ?? throw NotFound(name);
    }

    async ValueTask<Webhook> RowAsync(string name, WebhookChange change, string made, CancellationToken ct) => new()
    {
        Id = await ids.NextAsync(ct),
        Name = name,
        Url = change.Url.AbsoluteUri,
        Secret = change.Secret ?? made,
        Product = change.Product,
        Device = change.Device,
        States = change.States is { } states ? string.Join(',', states.Order().Select(s => s.ToString(CultureInfo.InvariantCulture))) : null,
        Position = await log.HeadAsync(ct),
        PausedAt = change.Paused == true ? Now() : null,
        PausedReason = change.Paused == true ? ByRequest : null,
        CreatedAt = Now(),
        UpdatedAt = Now(),
    };

    async Task CheckAsync(Uri url, CancellationToken ct)
    {
        try
        {
            await addresses.OfAsync(url.IdnHost.Trim('[', ']'), ct);
        }
        catch (SocketException)
        {
            throw new RefusedException("webhook_host", "The name of the URL's host cannot be resolved.");
        }
    }

    void Changed() => Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    static RefusedException NotFound(string name) => new("webhook_not_found", $"There is no webhook '{name}'.");
}
