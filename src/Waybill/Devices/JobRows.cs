using System.Data.Common;
using Waybill.Data;

namespace Waybill.Devices;

/// <summary>The batch's load and save of jobs, and the looks at them from outside.</summary>
abstract class JobRows<TJob>
    where TJob : class, IGatewayJob<TJob>
{
    public abstract ValueTask LoadAsync(DbConnection db, JobView<TJob> view);

    public abstract ValueTask SaveAsync(DbConnection db, JobView<TJob> view);

    /// <summary>The newest first.</summary>
    public abstract ValueTask<IReadOnlyList<TJob>> ListAsync(Database database, JobFilter filter, CancellationToken ct);

    /// <summary>Jobs whose time has come, soonest first.</summary>
    public abstract ValueTask<IReadOnlyList<DueJob>> DueAsync(Database database, long now, int most, CancellationToken ct);

    public async ValueTask<TJob?> FindAsync(Database database, long id, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var view = new JobView<TJob>();
        view.NeededIds.Add(id);
        await LoadAsync(db, view);
        return view.Find(id);
    }

    /// <summary>The open job of a gateway, of which there is at most one.</summary>
    public async ValueTask<TJob?> OpenOfAsync(Database database, long gatewayId, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var view = new JobView<TJob>();
        view.NeededGateways.Add(gatewayId);
        await LoadAsync(db, view);
        return view.OpenOf(gatewayId);
    }
}

/// <summary>There are few jobs: one text for both databases, row by row.</summary>
/// <typeparam name="TJob">The job.</typeparam>
/// <typeparam name="TRow">Its row, as both databases give it.</typeparam>
/// <param name="table">Which has <c>id</c>, <c>gateway_id</c>, <c>state</c> and <c>due_at</c>.</param>
/// <param name="columns">All of them, by the names of <typeparamref name="TRow"/>.</param>
abstract class JobRows<TJob, TRow>(string table, string columns) : JobRows<TJob>
    where TJob : class, IGatewayJob<TJob>
{
    public override async ValueTask LoadAsync(DbConnection db, JobView<TJob> view)
    {
        if (view.NeededIds.Count > 0)
            await ReadAsync(db, view, "id", view.NeededIds);
        if (view.NeededGateways.Count > 0)
            await ReadAsync(db, view, "state < 10 and gateway_id", view.NeededGateways);
    }

    public override async ValueTask SaveAsync(DbConnection db, JobView<TJob> view)
    {
        foreach (var (before, after) in view.Changed)
            await db.RunAsync(before is null ? Insert : Update, Values(after));
    }

    public override async ValueTask<IReadOnlyList<DueJob>> DueAsync(Database database, long now, int most, CancellationToken ct) =>
        await database.ListAsync<DueJob>($"select id, gateway_id as gatewayId from {table} where due_at <= @now order by due_at limit @most", new { now, most }, ct);

    public override async ValueTask<IReadOnlyList<TJob>> ListAsync(Database database, JobFilter filter, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var within = new OneOf("p.name", "within", filter.Products);
        var where = $"p.id = d.product_id{within.Sql}" + (filter.GatewayId is null ? "" : " and j.gateway_id = @GatewayId") + (filter.Open ? " and j.state < 10" : "");
        var rows = await db.ListAsync<TRow>(
            $"select {Prefixed()} from {table} j join devices d on d.id = j.gateway_id join products p on {where} where j.id < @Before order by j.id desc limit @Most",
            within.With(new { filter.GatewayId, filter.Before, filter.Most }));
        return [.. rows.Select(Job)];
    }

    protected abstract string Insert { get; }

    protected abstract string Update { get; }

    protected abstract object Values(TJob job);

    protected abstract TJob Job(TRow row);

    string Prefixed() => string.Join(", ", columns.Split(", ").Select(c => "j." + c));

    async ValueTask ReadAsync(DbConnection db, JobView<TJob> view, string column, IEnumerable<long> needed)
    {
        var ids = new IdList(needed);
        foreach (var row in await db.ListAsync<TRow>($"select {columns} from {table} where {column} in {ids.Sql}", ids.With()))
            view.Loaded(Job(row));
    }
}

sealed record DueJob(long Id, long GatewayId);

/// <summary>Which jobs a list shows; null: no matter.</summary>
/// <param name="Products">Names of products whose gateways they are of.</param>
/// <param name="GatewayId">Row id.</param>
/// <param name="Open">Those that are not over.</param>
/// <param name="Before">Below this id.</param>
/// <param name="Most">Rows.</param>
sealed record JobFilter(IReadOnlyList<string>? Products, long? GatewayId, bool Open, long Before, int Most);
