using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using Waybill.Data;

namespace Waybill.Transfers;

/// <summary>Load and save of what devices hold, within the batch's transaction.</summary>
abstract class HeldFileRows
{
    public async ValueTask LoadAsync(DbConnection db, TransferView view)
    {
        if (view.NeededHeld.Count > 0)
            await LoadAsync(db, view.NeededHeld, view.LoadedHeld);
    }

    public async ValueTask SaveAsync(DbConnection db, TransferView view)
    {
        if (view.UnknownHeld() is { Count: > 0 } unknown)
            await LoadAsync(db, unknown, view.LoadedHeld);
        if (view.ChangedHeld() is { Count: > 0 } changed)
            await SaveAsync(db, changed);
    }

    protected abstract ValueTask LoadAsync(DbConnection db, IReadOnlyCollection<long> devices, Action<HeldFiles> loaded);

    protected abstract ValueTask SaveAsync(DbConnection db, IReadOnlyList<(HeldFiles Before, HeldFiles After)> changed);
}

/// <summary>On the writer's thread; its statements belong to the writer's connection.</summary>
sealed class SqliteHeldFileRows : HeldFileRows
{
    SqliteStatement? _select;
    SqliteStatement? _upsert;
    SqliteStatement? _history;

    protected override ValueTask LoadAsync(DbConnection db, IReadOnlyCollection<long> devices, Action<HeldFiles> loaded)
    {
        _select ??= new((SqliteConnection)db, "select files, changed_at, last_change from held_files where device_id = ?");
        foreach (var device in devices)
        {
            if (_select.Bind(device).Step())
                loaded(new(device, HeldText.Read(_select.Text(0)), _select.Int64(1), _select.Int64(2)));
            _select.Reset();
        }
        return default;
    }

    protected override ValueTask SaveAsync(DbConnection db, IReadOnlyList<(HeldFiles Before, HeldFiles After)> changed)
    {
        _upsert ??= new(
            (SqliteConnection)db,
            """
            insert into held_files (device_id, files, changed_at, last_change) values (?, ?, ?, ?)
            on conflict (device_id) do update set files = excluded.files, changed_at = excluded.changed_at, last_change = excluded.last_change
            """);
        _history ??= new((SqliteConnection)db, "insert into held_changes (id, device_id, previous, changed_at, files) values (?, ?, ?, ?, ?)");
        foreach (var (before, after) in changed)
        {
            _upsert.Bind(after.DeviceId).Bind(HeldText.Write(after.Files)).Bind(after.ChangedAt).Bind(after.LastChange).Run();
            _history.Bind(after.LastChange).Bind(after.DeviceId).Bind(before.LastChange).Bind(after.ChangedAt)
                .Bind(HeldText.Write(after.ChangesSince(before))).Run();
        }
        return default;
    }
}

/// <summary>One statement with arrays each way.</summary>
sealed class PostgresHeldFileRows : HeldFileRows
{
    protected override async ValueTask LoadAsync(DbConnection db, IReadOnlyCollection<long> devices, Action<HeldFiles> loaded)
    {
        await using var command = new NpgsqlCommand(
            "select device_id, files, changed_at, last_change from held_files where device_id = any($1)", (NpgsqlConnection)db);
        command.Parameters.Add(new() { Value = devices.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            loaded(new(reader.GetInt64(0), HeldText.Read(reader.GetString(1)), reader.GetInt64(2), reader.GetInt64(3)));
    }

    protected override async ValueTask SaveAsync(DbConnection db, IReadOnlyList<(HeldFiles Before, HeldFiles After)> changed)
    {
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db);
        batch.BatchCommands.Add(Command(
            """
            insert into held_files (device_id, files, changed_at, last_change)
            select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[])
            on conflict (device_id) do update set files = excluded.files, changed_at = excluded.changed_at, last_change = excluded.last_change
            """,
            changed.Select(c => c.After.DeviceId).ToArray(),
            changed.Select(c => HeldText.Write(c.After.Files)).ToArray(),
            changed.Select(c => c.After.ChangedAt).ToArray(),
            changed.Select(c => c.After.LastChange).ToArray()));
        batch.BatchCommands.Add(Command(
            """
            insert into held_changes (id, device_id, previous, changed_at, files)
            select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[])
            """,
            changed.Select(c => c.After.LastChange).ToArray(),
            changed.Select(c => c.After.DeviceId).ToArray(),
            changed.Select(c => c.Before.LastChange).ToArray(),
            changed.Select(c => c.After.ChangedAt).ToArray(),
            changed.Select(c => HeldText.Write(c.After.ChangesSince(c.Before))).ToArray()));
        await batch.ExecuteNonQueryAsync();
    }

    static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> columns)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var column in columns)
            command.Parameters.Add(new() { Value = column });
        return command;
    }
}
