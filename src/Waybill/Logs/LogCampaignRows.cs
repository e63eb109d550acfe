using Waybill.Data;

namespace Waybill.Logs;

/// <summary>A dock of a campaign that something is to be done for.</summary>
sealed class OpenTarget
{
    public long GatewayId { get; init; }
    public long? LogId { get; init; }

    /// <summary>Of its request; null: there is none.</summary>
    public short? LogState { get; init; }

    public string? LogReason { get; init; }
}

/// <summary>What is to be done for the docks of campaigns, and what was done: a restart finds all of it.</summary>
sealed class LogCampaignRows(Database database, TimeProvider clock)
{
    const int MostAtOnce = 256;

    const string Open =
        """
        select t.gateway_id as gatewayId, t.log_id as logId, r.state as logState, r.reason as logReason
        from log_campaign_targets t left join log_requests r on r.id = t.log_id
        where t.campaign_id = @Id and t.state < 10
        """;

    public ValueTask<IReadOnlyList<LogCampaign>> OpenAsync(CancellationToken ct) => database.ListAsync<LogCampaign>(
        $"select {LogCampaign.Columns} from log_campaigns c join products p on p.id = c.product_id where c.state < 10 order by c.id", null, ct);

    /// <summary>Those whose turn may have come.</summary>
    public ValueTask<IReadOnlyList<OpenTarget>> DueAsync(LogCampaign campaign, CancellationToken ct) => database.ListAsync<OpenTarget>(
        $"{Open} and t.due_at <= @now order by t.due_at, t.gateway_id limit {MostAtOnce}", new { campaign.Id, now = Now() }, ct);

    /// <summary>Those whose request stands otherwise than was noted.</summary>
    public ValueTask<IReadOnlyList<OpenTarget>> MovedAsync(LogCampaign campaign, CancellationToken ct) => database.ListAsync<OpenTarget>(
        $"{Open} and t.due_at is null and (r.id is null or r.state <> t.state) order by t.gateway_id limit {MostAtOnce}", new { campaign.Id }, ct);

    /// <summary>Those from whose list is to be chosen.</summary>
    public ValueTask<IReadOnlyList<OpenTarget>> ListedAsync(LogCampaign campaign, int most, CancellationToken ct) => database.ListAsync<OpenTarget>(
        $"{Open} and t.due_at is null and r.state = {(short)LogState.Listed} order by t.gateway_id limit @most", new { campaign.Id, most }, ct);

    /// <summary>Those with an open request.</summary>
    public ValueTask<IReadOnlyList<OpenTarget>> RunningAsync(LogCampaign campaign, CancellationToken ct) => database.ListAsync<OpenTarget>(
        $"{Open} and r.state < 10 order by r.archives, t.gateway_id limit {MostAtOnce}", new { campaign.Id }, ct);

    /// <summary>How many uploads are ordered and not over.</summary>
    public ValueTask<int> UploadingAsync(LogCampaign campaign, CancellationToken ct) => database.FirstAsync<int>(
        """
        select count(*) from log_campaign_targets t join log_requests r on r.id = t.log_id
        where t.campaign_id = @Id and t.state < 10 and r.state < 10 and r.archives <> '[]'
        """,
        new { campaign.Id },
        ct);

    /// <summary>The request that it is to have, before that is made.</summary>
    public Task GiveAsync(LogCampaign campaign, OpenTarget target, long logId, CancellationToken ct) =>
        SetAsync("log_id = @logId", new { campaign.Id, target.GatewayId, logId, now = Now() }, ct);

    /// <summary>Its request is made; from here on it follows that.</summary>
    public Task FollowAsync(LogCampaign campaign, OpenTarget target, CancellationToken ct) =>
        SetAsync("due_at = null, reason = null", new { campaign.Id, target.GatewayId, now = Now() }, ct);

    public Task WaitAsync(LogCampaign campaign, OpenTarget target, string reason, long dueAt, CancellationToken ct) =>
        SetAsync("reason = @reason, due_at = @dueAt", new { campaign.Id, target.GatewayId, reason, dueAt, now = Now() }, ct);

    public Task NoteAsync(LogCampaign campaign, OpenTarget target, LogState state, string? reason, CancellationToken ct) =>
        SetAsync("state = @state, reason = @reason, due_at = null", new { campaign.Id, target.GatewayId, state = (short)state, reason, now = Now() }, ct);

    /// <summary>Who has no request yet gets none any more.</summary>
    public Task<int> EndWaitingAsync(LogCampaign campaign, LogState state, string reason, CancellationToken ct) => database.WriteAsync(
        async db =>
        {
            var values = new { campaign.Id, state = (short)state, reason, now = Now() };
            await db.RunAsync(
                "update log_campaign_targets set due_at = null where campaign_id = @Id and due_at is not null and exists (select 1 from log_requests r where r.id = log_id)", values);
            return await db.RunAsync(
                "update log_campaign_targets set state = @state, reason = @reason, due_at = null, updated_at = @now where campaign_id = @Id and due_at is not null", values);
        },
        ct);

    /// <summary>When all of its docks have ended.</summary>
    public Task<int> EndAsync(LogCampaign campaign, CancellationToken ct) => database.WriteAsync(
        db => db.RunAsync(
            """
            update log_campaigns set state = @state, updated_at = @now
            where id = @Id and state < 10 and not exists (select 1 from log_campaign_targets t where t.campaign_id = @Id and t.state < 10)
            """,
            new { campaign.Id, state = (short)(campaign.CanceledAt is null ? LogState.Ok : LogState.Canceled), now = Now() }),
        ct);

    public long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>What has ended stays so.</summary>
    Task<int> SetAsync(string change, object values, CancellationToken ct) => database.WriteAsync(
        db => db.RunAsync($"update log_campaign_targets set {change}, updated_at = @now where campaign_id = @Id and gateway_id = @GatewayId and state < 10", values), ct);
}
