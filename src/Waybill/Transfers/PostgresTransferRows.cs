using System.Data.Common;
using Npgsql;

namespace Waybill.Transfers;

/// <summary>One statement with arrays for each kind of load and change.</summary>
sealed class PostgresTransferRows : TransferRows
{
    const string Types =
        "bigint[], bigint[], smallint[], text[], smallint[], smallint[], smallint[], bigint[], bytea[], text[], bytea[], "
        + "smallint[], bigint[], text[], text[], smallint[], bigint[], bigint[], bigint[], bigint[], bigint[], bytea[], text[]";

    static readonly string Arrays = string.Join(", ", Types.Split(", ").Select((type, i) => $"${i + 1}::{type}"));

    static readonly string Insert = $"insert into transfers ({Columns}) select * from unnest({Arrays})";

    const string InsertNames =
        "insert into transfer_names (device_id, kind, name, id) select * from unnest($1::bigint[], $2::smallint[], $3::text[], $4::bigint[])";

    static readonly string Update =
        "update transfers t set "
        + string.Join(", ", Columns.Split(", ").Skip(4).Where(c => c is not "created_at").Select(c => $"{c} = n.{c}"))
        + $" from unnest({Arrays}) as n ({Columns}) where t.id = n.id";

    public override async ValueTask LoadAsync(DbConnection db, TransferView view)
    {
        if (view.NeededKeys.Count > 0)
        {
            var keys = view.NeededKeys;
            await ReadAsync(db, view.LoadedNewest, $"""
                select {Prefixed("t")} from unnest($1::bigint[], $2::smallint[], $3::text[]) as k (device_id, kind, name)
                cross join lateral (
                  select n.id from transfer_names n
                  where n.device_id = k.device_id and n.kind = k.kind and n.name = k.name order by n.id desc limit 1
                ) newest join transfers t on t.id = newest.id
                """, Array(keys, k => k.DeviceId), Array(keys, k => (short)k.Kind), Array(keys, k => k.Name));
        }
        if (view.NeededIds.Count > 0)
            await ReadAsync(db, view.Loaded, $"select {Columns} from transfers where id = any($1::bigint[])", Array(view.NeededIds, i => i));
        if (view.NeededDevices.Count > 0)
            await ReadAsync(db, view.Loaded,
                $"select {Columns} from transfers where device_id = any($1::bigint[]) and kind <> 0 and state < 10",
                Array(view.NeededDevices, i => i));
    }

    public override async ValueTask SaveAsync(DbConnection db, TransferView view)
    {
        if (view.Changed is { Count: > 0 } changed)
            await WriteAsync(db, Update, [.. changed.Select(c => c.After)]);
        if (view.Fresh is { Count: > 0 } fresh)
        {
            await WriteAsync(db, Insert, fresh);
            await using var names = Command(db, InsertNames,
                Array(fresh, t => t.DeviceId), Array(fresh, t => (short)t.Kind), Array(fresh, t => t.Name), Array(fresh, t => t.Id));
            await names.ExecuteNonQueryAsync();
        }
    }

    static async Task WriteAsync(DbConnection db, string sql, IReadOnlyList<Transfer> rows)
    {
        await using var command = Command(db, sql,
            Array(rows, t => t.Id), Array(rows, t => t.DeviceId), Array(rows, t => (short)t.Kind), Array(rows, t => t.Name),
            Array(rows, t => (short)t.State), Array(rows, t => (short)t.Step), Array(rows, t => (short)t.Percent), Array(rows, t => t.Size),
            Array(rows, t => t.Md5?.ToBytes()), Array(rows, t => t.Version), Array(rows, t => t.Sha256?.ToBytes()),
            Array(rows, t => (short)t.Attempts), Array(rows, t => t.Code), Array(rows, t => t.Reason), Array(rows, t => t.Report),
            Array(rows, t => (short)(t.Told ? 1 : 0)), Array(rows, t => t.CreatedAt), Array(rows, t => t.UpdatedAt), Array(rows, t => t.UrlExpiresAt),
            Array(rows, t => t.DeadlineAt), Array(rows, t => t.DueAt), Array(rows, t => t.Served.IsEmpty ? null : t.Served.ToBytes()), Array(rows, t => t.Type));
        await command.ExecuteNonQueryAsync();
    }

    static async Task ReadAsync(DbConnection db, Action<Transfer> loaded, string sql, params object[] arrays)
    {
        await using var command = Command(db, sql, arrays);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            loaded(Row(reader));
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
