using System.Text.Json;
using Dapper;
using Waybill.Data;
using Waybill.Devices;

namespace Waybill.Logs;

/// <summary>Campaigns as they are ordered and looked at. What becomes of them is <see cref="LogCampaignClock"/>'s.</summary>
sealed class LogCampaigns(Database database, Ids ids, LogSettings settings, TimeProvider clock)
{
    const string From = "from log_campaigns c join products p on p.id = c.product_id";

    /// <exception cref="RefusedException"><c>nothing_matches</c>.</exception>
    public async Task<LogCampaign> MakeAsync(Product product, LogCampaignOrder order, CancellationToken ct)
    {
        var (id, now) = (await ids.NextAsync(ct), Now());
        var matching = new OneOf("d.name", "named", order.Filter.Devices);
        var values = matching.With(new { id, productId = product.Id, now });
        var where = Where(order.Filter, values) + matching.Sql;
        if (await database.FirstAsync<long>($"select count(*) from devices d where {where}", values, ct) == 0)
            throw new RefusedException("nothing_matches", "No enabled dock of the product matches the filter: look at GET /products/{product}/devices with the same prefix and tag.");
        var row = new
        {
            id,
            productId = product.Id,
            order.Name,
            filter = JsonSerializer.Serialize(order.Filter, LogJson.Default.LogCampaignFilter),
            modules = JsonSerializer.Serialize(order.Modules, LogJson.Default.IReadOnlyListString),
            order.Since,
            order.Until,
            order.Most,
            state = (short)LogState.InProgress,
            now,
            deadline = now + (long)settings.Deadline.TotalMilliseconds,
        };
        await database.WriteAsync(
            async db =>
            {
                await db.RunAsync(
                    """
                    insert into log_campaigns (id, product_id, name, filter, modules, since, until, most, state, created_at, updated_at, deadline_at)
                    values (@id, @productId, @Name, @filter, @modules, @Since, @Until, @Most, @state, @now, @now, @deadline)
                    """,
                    row);
                return await db.RunAsync(
                    $"insert into log_campaign_targets (campaign_id, gateway_id, state, due_at, updated_at) select @id, d.id, 0, @now, @now from devices d where {where}", values);
            },
            ct);
        return (await FindAsync(id, ct))!;
    }

    public ValueTask<LogCampaign?> FindAsync(long id, CancellationToken ct) =>
        database.FirstAsync<LogCampaign>($"select {LogCampaign.Columns} {From} where c.id = @id", new { id }, ct);

    /// <summary>The newest first.</summary>
    public ValueTask<IReadOnlyList<LogCampaign>> ListAsync(IReadOnlyList<string>? products, long before, int most, CancellationToken ct)
    {
        var within = new OneOf("p.name", "within", products);
        return database.ListAsync<LogCampaign>(
            $"select {LogCampaign.Columns} {From} where c.id < @before{within.Sql} order by c.id desc limit @most", within.With(new { before, most }), ct);
    }

    /// <summary>Of all these campaigns, in no order.</summary>
    public async ValueTask<IReadOnlyList<LogCampaignCount>> CountAsync(IEnumerable<long> campaignIds, CancellationToken ct)
    {
        var campaigns = new IdList(campaignIds);
        return campaigns.IsEmpty
            ? []
            : await database.ListAsync<LogCampaignCount>(
                $"select campaign_id as campaignId, state, count(*) as targets from log_campaign_targets where campaign_id in {campaigns.Sql} group by campaign_id, state",
                campaigns.With(),
                ct);
    }

    /// <summary>In the order of their serial numbers.</summary>
    /// <param name="id">Of the campaign.</param>
    /// <param name="state">Null: all.</param>
    /// <param name="after">A serial number.</param>
    /// <param name="most">Rows.</param>
    /// <param name="ct">Gives it up.</param>
    public ValueTask<IReadOnlyList<LogCampaignTarget>> TargetsAsync(long id, LogState? state, string after, int most, CancellationToken ct) =>
        database.ListAsync<LogCampaignTarget>(
            $"""
            select {LogCampaignTarget.Columns} from log_campaign_targets t join devices d on d.id = t.gateway_id
            where t.campaign_id = @id and d.name > @after{(state is null ? "" : " and t.state = @state")} order by d.name limit @most
            """,
            new { id, after, state = (short?)state, most },
            ct);

    /// <summary>Nothing more is ordered; what runs is told to stop.</summary>
    /// <exception cref="RefusedException">It has ended.</exception>
    public async Task<LogCampaign> CancelAsync(LogCampaign campaign, CancellationToken ct)
    {
        var now = Now();
        await database.WriteAsync(
            db => db.RunAsync("update log_campaigns set canceled_at = @now, updated_at = @now where id = @Id and state < 10 and canceled_at is null", new { campaign.Id, now }), ct);
        var canceled = (await FindAsync(campaign.Id, ct))!;
        return canceled.CanceledAt is not null ? canceled : throw new RefusedException("log_campaign_ended", "The campaign has ended; what has ended cannot be canceled.");
    }

    /// <summary>Docks that speak for themselves: who stands behind one has its logs in the same request.</summary>
    static string Where(LogCampaignFilter filter, DynamicParameters values)
    {
        var where = "d.product_id = @productId and d.disabled_at is null and not exists (select 1 from gateway_members m where m.device_id = d.id)";
        if (filter.Prefix is { } prefix)
        {
            where += " and substr(d.name, 1, @prefixLength) = @prefix";
            values.AddDynamicParams(new { prefix, prefixLength = prefix.Length });
        }
        if (filter.Tag is { } tag)
        {
            where += " and replace(d.tags, @pair, '') <> d.tags";
            var colon = tag.IndexOf(':', StringComparison.Ordinal);
            values.AddDynamicParams(new { pair = Tags.Pair(tag[..colon], tag[(colon + 1)..]) });
        }
        return where;
    }

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
