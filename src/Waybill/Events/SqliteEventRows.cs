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
    SqliteInsert<EventRow>? _insert, _insertObject;

    /// <summary>There are no other nodes.</summary>
    public override TimeSpan Poll => TimeSpan.MaxValue;

    public override string IsSettled => "1 = 1";

    public override ValueTask AppendAsync(DbConnection db, IReadOnlyList<EventRow> rows)
    {
        _insert ??= new(
            (SqliteConnection)db,
            "insert into events",
            "device_id, transfer_id, at, state, step, percent, code, reason",
            static (insert, row) => insert.Bind(row.DeviceId).Bind(row.SubjectId).Bind(row.At).Bind(row.State).Bind(row.Step).Bind(row.Percent)
                .Bind(row.Code).Bind(row.Reason));
        _insert.Run(rows);
        return default;
    }

    public override ValueTask AppendObjectsAsync(DbConnection db, IReadOnlyList<EventRow> rows)
    {
        _insertObject ??= new(
            (SqliteConnection)db,
            "insert into events",
            "device_id, transfer_id, at, state, step, percent, object",
            static (insert, row) => insert.Bind(row.DeviceId).Bind(0).Bind(row.At).Bind(row.State).Bind(0).Bind(0).Bind(row.Object?.ToText()));
        _insertObject.Run(rows);
        return default;
    }
}
