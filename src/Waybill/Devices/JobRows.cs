using System.Data.Common;
using System.Globalization;
using Waybill.Data;

namespace Waybill.Devices;

/// <summary>
/// The batch's load and save of jobs. There are few of them: one text for both databases, row by row.
/// </summary>
/// <typeparam name="TJob">The job.</typeparam>
/// <typeparam name="TRow">Its row, as both databases give it.</typeparam>
/// <param name="table">Which has <c>id</c>, <c>gateway_id</c>, <c>state</c> and <c>due_at</c>.</param>
/// <param name="columns">All of them, by the names of <typeparamref name="TRow"/>.</param>
abstract class JobRows<TJob, TRow>(string table, string columns)
    where TJob : class, IGatewayJob<TJob>
{
    public async ValueTask LoadAsync(DbConnection db, JobView<TJob> view)
    {
        if (view.NeededIds.Count > 0)
            await ReadAsync(db, view, "id", view.NeededIds);
        if (view.NeededGateways.Count > 0)
            await ReadAsync(db, view, "state < 10 and gateway_id", view.NeededGateways);
    }

    public async ValueTask SaveAsync(DbConnection db, JobView<TJob> view)
    {
        foreach (var (before, after) in view.Changed)
            await db.RunAsync(before is null ? Insert : Update, Values(after));
    }

    /// <summary>Jobs whose time has come, soonest first.</summary>
    public async ValueTask<IReadOnlyList<DueJob>> DueAsync(Database database, long now, int most, CancellationToken ct) =>
        await database.ListAsync<DueJob>($"select id, gateway_id as gatewayId from {table} where due_at <= @now order by due_at limit @most", new { now, most }, ct);

    public async ValueTask<TJob?> FindAsync(Database database, long id, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var view = new JobView<TJob>();
        await ReadAsync(db, view, "id", [id]);
        return view.Find(id);
    }

    protected abstract string Insert { get; }

    protected abstract string Update { get; }

    protected abstract object Values(TJob job);

    protected abstract TJob Job(TRow row);

    /// <summary>Numbers need no parameters, of which the two databases take lists in different ways.</summary>
    async ValueTask ReadAsync(DbConnection db, JobView<TJob> view, string column, IEnumerable<long> needed)
    {
        var numbers = string.Join(',', needed.Select(n => n.ToString(CultureInfo.InvariantCulture)));
        foreach (var row in await db.ListAsync<TRow>($"select {columns} from {table} where {column} in ({numbers})"))
            view.Loaded(Job(row));
    }
}

sealed record DueJob(long Id, long GatewayId);
