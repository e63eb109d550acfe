using System.Data.Common;
using Npgsql;
using Waybill.Data;

namespace Waybill.Events;

/// <summary>
/// Transactions commit in any order, so an id begins with the number of its transaction: readers stop below the oldest one that
/// is still open, and what it commits later stands behind everything they have seen.
/// </summary>
sealed class PostgresEventRows : EventRows
{
    /// <summary>Room for the places within one transaction: a batch has at most 2048 events.</summary>
    const string PlaceBits = "20";

    const string Base = $"((select next from sequences where name = 'events') + pg_current_xact_id()::text::bigint << {PlaceBits})";

    const string InsertObjects =
        $"""
        insert into events (id, device_id, transfer_id, at, state, step, percent, object)
        select {Base} + n.place - 1, n.device_id, 0, n.at, n.state, 0, 0, n.object
        from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[]) with ordinality as n (device_id, at, state, object, place)
        """;

    const string Insert =
        $"""
        insert into events ({EventRow.Columns})
        select {Base} + n.place - 1,
          n.device_id, n.transfer_id, n.at, n.state, n.step, n.percent, n.code, n.reason
        from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::smallint[], $6::smallint[], $7::bigint[], $8::text[])
          with ordinality as n (device_id, transfer_id, at, state, step, percent, code, reason, place)
        """;

    public override TimeSpan Poll => TimeSpan.FromMilliseconds(200);

    public override string IsSettled =>
        $"id < ((select next from sequences where name = 'events') + pg_snapshot_xmin(pg_current_snapshot())::text::bigint << {PlaceBits})";

    public override ValueTask AppendAsync(DbConnection db, IReadOnlyList<EventRow> rows) => rows.Count == 0 ? default : RunAsync(
        db,
        Insert,
        Array(rows, r => r.DeviceId), Array(rows, r => r.SubjectId), Array(rows, r => r.At), Array(rows, r => r.State), Array(rows, r => r.Step),
        Array(rows, r => r.Percent), Array(rows, r => r.Code), Array(rows, r => r.Reason));

    public override ValueTask AppendObjectsAsync(DbConnection db, IReadOnlyList<EventRow> rows) => rows.Count == 0 ? default : RunAsync(
        db, InsertObjects, Array(rows, r => r.DeviceId), Array(rows, r => r.At), Array(rows, r => r.State), Array(rows, r => r.Object?.ToText()));

    /// <summary>A restored database may count its transactions from the start again: new ids must stand above those that are there.</summary>
    public static Task AlignAsync(Database database, CancellationToken ct) => database.WriteAsync(
        db => db.RunAsync(
            $"""
            update sequences set next = top.transaction + 1 - pg_snapshot_xmin(pg_current_snapshot())::text::bigint
            from (select max(id) >> {PlaceBits} as transaction from events) as top
            where name = 'events' and top.transaction >= next + pg_snapshot_xmax(pg_current_snapshot())::text::bigint
            """),
        ct);

    static async ValueTask RunAsync(DbConnection db, string sql, params object[] arrays)
    {
        await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)db);
        foreach (var array in arrays)
            command.Parameters.Add(new NpgsqlParameter { Value = array });
        await command.ExecuteNonQueryAsync();
    }

    static T[] Array<T>(IReadOnlyList<EventRow> rows, Func<EventRow, T> value) => [.. rows.Select(value)];
}
