using System.Data.Common;
using Npgsql;

namespace Waybill.Transfers;

/// <summary>One statement with arrays for each kind of load and change.</summary>
sealed class PostgresTransferRows : TransferRows
{
    const string Types =
        "bigint[], bigint[], smallint[], text[], bigint[], smallint[], smallint[], smallint[], bigint[], bytea[], text[], bytea[], "
        + "smallint[], bigint[], text[], text[], smallint[], bigint[], bigint[], bigint[], bigint[], bigint[], bytea[]";

    static readonly string Arrays = string.Join(", ", Types.Split(", ").Select((type, i) => $"${i + 1}::{type}"));

    static readonly string Insert = $"insert into transfers ({Columns}) select * from unnest({Arrays})";

    static readonly string Update =
        "update transfers t set "
        + string.Join(", ", Columns.Split(", ").Skip(4).Where(c => c is not "created_at").Select(c => $"{c} = n.{c}"))
        + $" from unnest({Arrays}) as n ({Columns}) where t.id = n.id";

    public override async ValueTask LoadAsync(DbConnection db, TransferView view)
    {
        if (view.NeededKeys.Count > 0)
        {
            var keys = view.NeededKeys;
            await ReadAsync(db, view, $"""
                select {Prefixed("t")} from unnest($1::bigint[], $2::smallint[], $3::text[]) as n (device_id, kind, name)
                join transfers t on t.device_id = n.device_id and t.kind = n.kind and t.name = n.name and t.past = 0
                """, Array(keys, k => k.DeviceId), Array(keys, k => (short)k.Kind), Array(keys, k => k.Name));
        }
        if (view.NeededIds.Count > 0)
            await ReadAsync(db, view, $"select {Columns} from transfers where id = any($1::bigint[])", Array(view.NeededIds, i => i));
        if (view.NeededDevices.Count > 0)
            await ReadAsync(db, view,
                $"select {Columns} from transfers where device_id = any($1::bigint[]) and kind <> 0 and state < 10",
                Array(view.NeededDevices, i => i));
    }

    public override async ValueTask SaveAsync(DbConnection db, TransferView view)
    {
        if (view.Changed is { Count: > 0 } changed)
            await WriteAsync(db, Update, [.. changed.Select(c => c.After)]);
        if (view.Fresh is { Count: > 0 } fresh)
            await WriteAsync(db, Insert, fresh);
    }

    static async Task WriteAsync(DbConnection db, string sql, IReadOnlyList<Transfer> rows)
    {
        await using var command = Command(db, sql,
            Array(rows, t => t.Id), Array(rows, t => t.DeviceId), Array(rows, t => (short)t.Kind), Array(rows, t => t.Name), Array(rows, t => t.Past),
            Array(rows, t => (short)t.State), Array(rows, t => (short)t.Step), Array(rows, t => (short)t.Percent), Array(rows, t => t.Size),
            Array(rows, t => t.Md5?.ToBytes()), Array(rows, t => t.Version), Array(rows, t => t.Sha256?.ToBytes()),
            Array(rows, t => (short)t.Attempts), Array(rows, t => t.Code), Array(rows, t => t.Reason), Array(rows, t => t.Report),
            Array(rows, t => (short)(t.Told ? 1 : 0)), Array(rows, t => t.CreatedAt), Array(rows, t => t.UpdatedAt), Array(rows, t => t.UrlExpiresAt),
            Array(rows, t => t.DeadlineAt), Array(rows, t => t.DueAt), Array(rows, t => t.Served.IsEmpty ? null : t.Served.ToBytes()));
        await command.ExecuteNonQueryAsync();
    }

    static async Task ReadAsync(DbConnection db, TransferView view, string sql, params object[] arrays)
    {
        await using var command = Command(db, sql, arrays);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            view.Loaded(Row(reader));
    }

    static NpgsqlCommand Command(DbConnection db, string sql, params object[] arrays)
    {
        var command = new NpgsqlCommand(sql, (NpgsqlConnection)db);
        foreach (var array in arrays)
            command.Parameters.Add(new NpgsqlParameter { Value = array });
        return command;
    }

    static T[] Array<TRow, T>(IEnumerable<TRow> rows, Func<TRow, T> value) => [.. rows.Select(value)];

    static string Prefixed(string table) => string.Join(", ", Columns.Split(", ").Select(c => $"{table}.{c}"));
}
