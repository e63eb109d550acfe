using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Microsoft.Data.Sqlite;
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
        _select ??= new((SqliteConnection)db, "select files, changed_at from held_files where device_id = ?");
        foreach (var device in devices)
        {
            if (_select.Bind(device).Step())
                loaded(HeldFiles.FromText(device, _select.Text(0), _select.Int64(1)));
            _select.Reset();
        }
        return default;
    }

    protected override ValueTask SaveAsync(DbConnection db, IReadOnlyList<(HeldFiles Before, HeldFiles After)> changed)
    {
        _upsert ??= new(
            (SqliteConnection)db,
            """
            insert into held_files (device_id, files, changed_at) values (?, ?, ?)
            on conflict (device_id) do update set files = excluded.files, changed_at = excluded.changed_at
            """);
        _history ??= new(
            (SqliteConnection)db,
            """
            insert into held_history (device_id, changed_at, name, version, type) values (?, ?, ?, ?, ?)
            on conflict (device_id, changed_at, name) do update set version = excluded.version, type = excluded.type
            """);
        foreach (var (before, after) in changed)
        {
            _upsert.Bind(after.DeviceId).Bind(after.ToText()).Bind(after.ChangedAt).Run();
            foreach (var change in after.ChangesSince(before))
                _history.Bind(after.DeviceId).Bind(after.ChangedAt).Bind(change.Name).Bind(change.Version).Bind(change.Type).Run();
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
            "select device_id, files, changed_at from held_files where device_id = any($1)", (NpgsqlConnection)db);
        command.Parameters.Add(new() { Value = devices.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            loaded(HeldFiles.FromText(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2)));
    }

    protected override async ValueTask SaveAsync(DbConnection db, IReadOnlyList<(HeldFiles Before, HeldFiles After)> changed)
    {
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db);
        var rows = new NpgsqlBatchCommand(
            """
            insert into held_files (device_id, files, changed_at) select * from unnest($1::bigint[], $2::text[], $3::bigint[])
            on conflict (device_id) do update set files = excluded.files, changed_at = excluded.changed_at
            """);
        rows.Parameters.Add(new() { Value = changed.Select(c => c.After.DeviceId).ToArray() });
        rows.Parameters.Add(new() { Value = changed.Select(c => c.After.ToText()).ToArray() });
        rows.Parameters.Add(new() { Value = changed.Select(c => c.After.ChangedAt).ToArray() });
        batch.BatchCommands.Add(rows);
        batch.BatchCommands.Add(History([.. changed.SelectMany(c => c.After.ChangesSince(c.Before).Select(h => (c.After, h)))]));
        await batch.ExecuteNonQueryAsync();
    }

    static NpgsqlBatchCommand History(IReadOnlyList<(HeldFiles Held, HeldChange Change)> changes)
    {
        var command = new NpgsqlBatchCommand(
            """
            insert into held_history (device_id, changed_at, name, version, type)
            select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[])
            on conflict (device_id, changed_at, name) do update set version = excluded.version, type = excluded.type
            """);
        command.Parameters.Add(new() { Value = changes.Select(c => c.Held.DeviceId).ToArray() });
        command.Parameters.Add(new() { Value = changes.Select(c => c.Held.ChangedAt).ToArray() });
        command.Parameters.Add(new() { Value = changes.Select(c => c.Change.Name).ToArray() });
        command.Parameters.Add(new() { Value = changes.Select(c => c.Change.Version).ToArray() });
        command.Parameters.Add(new() { Value = changes.Select(c => c.Change.Type).ToArray() });
        return command;
    }
}
