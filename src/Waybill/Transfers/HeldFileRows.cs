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

    protected abstract ValueTask SaveAsync(DbConnection db, IReadOnlyList<HeldFiles> changed);
}

/// <summary>On the writer's thread; its statements belong to the writer's connection.</summary>
sealed class SqliteHeldFileRows : HeldFileRows
{
    SqliteStatement? _select;
    SqliteStatement? _upsert;

    protected override ValueTask LoadAsync(DbConnection db, IReadOnlyCollection<long> devices, Action<HeldFiles> loaded)
    {
        _select ??= new((SqliteConnection)db, "select files, reported_at from held_files where device_id = ?");
        foreach (var device in devices)
        {
            if (_select.Bind(device).Step())
                loaded(HeldFiles.FromText(device, _select.Text(0), _select.Int64(1)));
            _select.Reset();
        }
        return default;
    }

    protected override ValueTask SaveAsync(DbConnection db, IReadOnlyList<HeldFiles> changed)
    {
        _upsert ??= new(
            (SqliteConnection)db,
            """
            insert into held_files (device_id, files, reported_at) values (?, ?, ?)
            on conflict (device_id) do update set files = excluded.files, reported_at = excluded.reported_at
            """);
        foreach (var held in changed)
            _upsert.Bind(held.DeviceId).Bind(held.ToText()).Bind(held.ReportedAt).Run();
        return default;
    }
}

/// <summary>One statement with arrays each way.</summary>
sealed class PostgresHeldFileRows : HeldFileRows
{
    protected override async ValueTask LoadAsync(DbConnection db, IReadOnlyCollection<long> devices, Action<HeldFiles> loaded)
    {
        await using var command = new NpgsqlCommand(
            "select device_id, files, reported_at from held_files where device_id = any($1)", (NpgsqlConnection)db);
        command.Parameters.Add(new() { Value = devices.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            loaded(HeldFiles.FromText(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2)));
    }

    protected override async ValueTask SaveAsync(DbConnection db, IReadOnlyList<HeldFiles> changed)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into held_files (device_id, files, reported_at) select * from unnest($1::bigint[], $2::text[], $3::bigint[])
            on conflict (device_id) do update set files = excluded.files, reported_at = excluded.reported_at
            """,
            (NpgsqlConnection)db);
        command.Parameters.Add(new() { Value = changed.Select(h => h.DeviceId).ToArray() });
        command.Parameters.Add(new() { Value = changed.Select(h => h.ToText()).ToArray() });
        command.Parameters.Add(new() { Value = changed.Select(h => h.ReportedAt).ToArray() });
        await command.ExecuteNonQueryAsync();
    }
}
