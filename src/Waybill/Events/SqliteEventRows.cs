using System.Data.Common;
using Microsoft.Data.Sqlite;
using Waybill.Data;

namespace Waybill.Events;

/// <summary>
/// On the writer's thread. There is one writer, so ids ascend by commit; SQLite gives each row the highest id and one, and
/// retention never takes the newest row.
/// </summary>
sealed class SqliteEventRows : EventRows
{
    SqliteStatement? _insert, _insertObject;

    /// <summary>There are no other nodes.</summary>
    public override TimeSpan Poll => TimeSpan.MaxValue;

    public override string IsSettled => "1 = 1";

    public override ValueTask AppendAsync(DbConnection db, IReadOnlyList<EventRow> rows)
    {
        _insert ??= new SqliteStatement(
            (SqliteConnection)db,
            "insert into events (device_id, transfer_id, at, state, step, percent, code, reason) values (?, ?, ?, ?, ?, ?, ?, ?)");
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            _insert.Bind(row.DeviceId).Bind(row.SubjectId).Bind(row.At).Bind(row.State).Bind(row.Step).Bind(row.Percent)
                .Bind(row.Code).Bind(row.Reason).Run();
        }
        return default;
    }

    public override ValueTask AppendObjectsAsync(DbConnection db, IReadOnlyList<EventRow> rows)
    {
        _insertObject ??= new SqliteStatement(
            (SqliteConnection)db,
            "insert into events (device_id, transfer_id, at, state, step, percent, object) values (?, 0, ?, ?, 0, 0, ?)");
        foreach (var row in rows)
            _insertObject.Bind(row.DeviceId).Bind(row.At).Bind(row.State).Bind(row.Object?.ToText()).Run();
        return default;
    }
}
