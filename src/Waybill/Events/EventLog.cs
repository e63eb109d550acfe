using System.Data.Common;
using System.Globalization;
using Waybill.Data;

namespace Waybill.Events;

/// <summary>A part of the feed, and the cursor behind what was looked at for it: the same one again at the end of the feed.</summary>
sealed record EventPage(IReadOnlyList<EventRow> Rows, long Next)
{
    /// <summary>There was no more when it was read.</summary>
    public required bool IsLast { get; init; }
}

/// <summary>The events that can be told, by cursor and without gaps.</summary>
sealed class EventLog(Database database, EventRows rows)
{
    /// <summary>Rows one reading looks at. Events have no index but their order, which every commit would pay for.</summary>
    const int MostScanned = 20_000;

    /// <summary>The cursor behind everything that can be told now.</summary>
    public async ValueTask<long> HeadAsync(CancellationToken ct) => await database.FirstAsync<long>(
        $"select coalesce((select max(id) from events where {rows.IsSettled}), (select next from sequences where name = 'events_pruned'))", null, ct);

    /// <summary>The cursor before everything that has happened since, in Unix milliseconds.</summary>
    public async ValueTask<long> BeforeAsync(long time, CancellationToken ct) => await database.FirstAsync<long>(
        $"""
        select coalesce(
          (select id from events where at < @time and {rows.IsSettled} order by id desc limit 1),
          (select next from sequences where name = 'events_pruned'))
        """,
        new { time },
        ct);

    /// <summary>Completes when something may have come since this call.</summary>
    public Task MoreAsync() => rows.NextCommitAsync();

    public void Wake() => rows.Committed();

    /// <summary>How often one must look for what other nodes committed.</summary>
    public TimeSpan Poll => rows.Poll;

    /// <summary>What stands behind a cursor; null: from the oldest event that is kept.</summary>
    /// <exception cref="CursorExpiredException">Events behind the cursor are gone.</exception>
    /// <exception cref="RefusedException"><c>cursor_invalid</c>: the feed never came so far.</exception>
    public async ValueTask<EventPage> ReadAsync(long? cursor, EventFilter filter, int limit, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var after = cursor ?? await db.FirstAsync<long>("select next from sequences where name = 'events_pruned'");
        var page = filter == EventFilter.Everything ? await PlainAsync(db, after, limit) : await FilteredAsync(db, after, filter, limit);
        // read after the rows: when the cursor is good now, none of them was taken away before
        var (oldest, newest) = await db.FirstAsync<Ends>(
            "select s.next as oldest, coalesce((select max(id) from events), s.next) as newest from sequences s where s.name = 'events_pruned'") ?? new(0, 0);
        if (cursor < oldest)
            throw new CursorExpiredException(oldest);
        return after <= newest ? page : throw InvalidCursor();
    }

    public static RefusedException InvalidCursor() => new("cursor_invalid", "There is no such place in the feed: take the cursor from 'next' or from an event's id.");

    async ValueTask<EventPage> PlainAsync(DbConnection db, long after, int limit)
    {
        var found = await ListAsync(db, $"id > {Text(after)} and {rows.IsSettled}", EventFilter.Everything, limit);
        return new(found, found.Count > 0 ? found[^1].Id : after) { IsLast = found.Count < limit };
    }

    async ValueTask<EventPage> FilteredAsync(DbConnection db, long after, EventFilter filter, int limit)
    {
        var scanned = await db.FirstAsync<Scanned>(
            $"select count(*) as rows, max(id) as through from (select id from events where id > @after and {rows.IsSettled} order by id limit {MostScanned}) scanned", new { after });
        if (scanned is not { Through: { } last })
            return new([], after) { IsLast = true };
        var found = await ListAsync(db, $"id > {Text(after)} and id <= {Text(last)}", filter, limit);
        return new(found, found.Count == limit ? found[^1].Id : last) { IsLast = found.Count < limit && scanned.Rows < MostScanned };
    }

    static async Task<IReadOnlyList<EventRow>> ListAsync(DbConnection db, string where, EventFilter filter, int limit)
    {
        await using var command = db.CreateCommand();
        command.CommandText = $"select {EventRow.Columns}, object from events where {where}{Condition(command, filter)} order by id limit {limit}";
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<EventRow>();
        while (await reader.ReadAsync())
            found.Add(Row(reader));
        return found;
    }

    static string Condition(DbCommand command, EventFilter filter)
    {
        var condition = filter.States is { } states ? $" and state in ({string.Join(", ", states.DefaultIfEmpty((short)-1))})" : "";
        OneOf[] names = [new("p.name", "product", filter.Products), new("d.name", "device", filter.Devices)];
        foreach (var (name, value) in names.SelectMany(n => n.Values))
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return filter is { Products: null, Devices: null }
            ? condition
            : $"{condition} and device_id in (select d.id from devices d join products p on p.id = d.product_id where 1 = 1{string.Concat(names.Select(n => n.Sql))})";
    }

    static EventRow Row(DbDataReader r) => new(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt16(4))
    {
        Step = r.GetInt16(5),
        Percent = r.GetInt16(6),
        Code = r.IsDBNull(7) ? null : r.GetInt64(7),
        Reason = r.IsDBNull(8) ? null : r.GetString(8),
        Object = r.IsDBNull(9) ? null : ObjectEvent.Parse(r.GetString(9)),
    };

    static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    sealed record Ends(long Oldest, long Newest);

    sealed record Scanned
    {
        public long Rows { get; init; }

        public long? Through { get; init; }
    }
}
