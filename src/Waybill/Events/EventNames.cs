using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Waybill.Data;

namespace Waybill.Events;

/// <summary>Whose an event is.</summary>
sealed record EventDevice(string Product, string Device)
{
    /// <summary>No device's: who may hear some products or devices only does not hear it.</summary>
    public static EventDevice Nobody { get; } = new("", "");
}

/// <summary>
/// An event with the names that its row leaves out. The kind is the number of the room that owns transfers; kind and name are null
/// when the transfer was deleted since, and for anything else.
/// </summary>
readonly record struct ToldEvent(EventRow Row, EventDevice Device, short? Kind, string? Name);

/// <summary>Joins events with the names they do without. A device's names never change; its id is never given again.</summary>
sealed class EventNames(Database database)
{
    const int MostKept = 200_000;

    readonly ConcurrentDictionary<long, EventDevice> _devices = [];

    /// <summary>In their order; without those whose device was deleted, since nobody may be told of it any more.</summary>
    public async ValueTask<IReadOnlyList<ToldEvent>> TellAsync(IReadOnlyList<EventRow> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
            return [];
        await LearnDevicesAsync(rows, ct);
        var transfers = new Dictionary<long, (short Kind, string Name)>();
        await ReadAsync(
            $"select id, kind, name from transfers where id in ({Ids(rows.Where(IsOfTransfer).Select(r => r.SubjectId).DefaultIfEmpty())})",
            r => transfers[r.GetInt64(0)] = (r.GetInt16(1), r.GetString(2)),
            ct);
        var told = new List<ToldEvent>(rows.Count);
        foreach (var row in rows)
        {
            if (Device(row) is { } device)
                told.Add(IsOfTransfer(row) && transfers.TryGetValue(row.SubjectId, out var transfer) ? new(row, device, transfer.Kind, transfer.Name) : new(row, device, null, null));
        }
        return told;
    }

    /// <summary>After <see cref="LearnDevicesAsync"/>; null when the device was removed.</summary>
    public EventDevice? Device(EventRow row) => row.DeviceId == 0 ? EventDevice.Nobody : _devices.GetValueOrDefault(row.DeviceId);

    public async ValueTask LearnDevicesAsync(IReadOnlyList<EventRow> rows, CancellationToken ct)
    {
        var unknown = rows.Where(r => r.DeviceId != 0 && !_devices.ContainsKey(r.DeviceId)).Select(r => r.DeviceId).ToHashSet();
        if (unknown.Count == 0)
            return;
        if (_devices.Count > MostKept)
        {
            _devices.Clear();
            unknown = [.. rows.Select(r => r.DeviceId)];
        }
        await ReadAsync(
            $"select d.id, p.name, d.name from devices d join products p on p.id = d.product_id where d.id in ({Ids(unknown)})",
            r => _devices[r.GetInt64(0)] = new(r.GetString(1), r.GetString(2)),
            ct);
    }

    // without Dapper, which keeps every text it has seen
    async Task ReadAsync(string sql, Action<DbDataReader> row, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        await using var command = db.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            row(reader);
    }

    static bool IsOfTransfer(EventRow row) => EventSubject.Of(row.State) == EventSubject.Transfer;

    static string Ids(IEnumerable<long> ids) => string.Join(", ", ids.Distinct().Select(id => id.ToString(CultureInfo.InvariantCulture)));
}
