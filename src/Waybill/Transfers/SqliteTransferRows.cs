using System.Data.Common;
using Microsoft.Data.Sqlite;
using Waybill.Data;
using Waybill.Objects;
using Waybill.Protocols;

namespace Waybill.Transfers;

/// <summary>On the writer's thread; its statements belong to the writer's connection.</summary>
sealed class SqliteTransferRows : TransferRows
{
    Statements? _statements;

    public override ValueTask LoadAsync(DbConnection db, TransferView view)
    {
        var statements = On(db);
        foreach (var key in view.NeededKeys)
            Read(statements.ByKey.Bind(key.DeviceId).Bind((long)key.Kind).Bind(key.Name), view);
        foreach (var id in view.NeededIds)
            Read(statements.ById.Bind(id), view);
        foreach (var device in view.NeededDevices)
            Read(statements.ByDevice.Bind(device), view);
        return default;
    }

    public override ValueTask SaveAsync(DbConnection db, TransferView view)
    {
        var statements = On(db);
        foreach (var (before, after) in view.Changed)
        {
            if (after.IsProgressOf(before))
                statements.Progress.Bind((long)after.State).Bind((long)after.Step).Bind(after.Percent).Bind(after.UpdatedAt).Bind(after.Id).Run();
            else
                Update(statements.Update, after);
        }
        foreach (var transfer in view.Fresh)
            Insert(statements.Insert, transfer);
        return default;
    }

    static void Insert(SqliteStatement insert, Transfer t) =>
        Tail(insert.Bind(t.Id).Bind(t.DeviceId).Bind((long)t.Kind).Bind(t.Name).Bind(t.CreatedAt), t).Run();

    static void Update(SqliteStatement update, Transfer t) => Tail(update, t).Bind(t.Id).Run();

    static SqliteStatement Tail(SqliteStatement s, Transfer t) => s
        .Bind(t.Past).Bind((long)t.State).Bind((long)t.Step).Bind(t.Percent).Bind(t.Size).Bind(t.Md5?.ToBytes()).Bind(t.Version)
        .Bind(t.Sha256?.ToBytes()).Bind(t.Attempts).Bind(t.Code).Bind(t.Reason).Bind(t.Report).Bind(t.Told ? 1 : 0)
        .Bind(t.UpdatedAt).Bind(t.UrlExpiresAt).Bind(t.DeadlineAt).Bind(t.DueAt).Bind(t.Served.IsEmpty ? null : t.Served.ToBytes());

    static void Read(SqliteStatement select, TransferView view)
    {
        while (select.Step())
            view.Loaded(Row(select));
        select.Reset();
    }

    static Transfer Row(SqliteStatement s) => new()
    {
        Id = s.Int64(0),
        DeviceId = s.Int64(1),
        Kind = (TransferKind)s.Int64(2),
        Name = s.Text(3),
        Past = s.Int64(4),
        State = (TransferState)s.Int64(5),
        Step = (TransferStep)s.Int64(6),
        Percent = (int)s.Int64(7),
        Size = s.Int64(8),
        Md5 = s.IsNull(9) ? null : Md5Digest.FromBytes(s.Bytes(9)),
        Version = s.MaybeText(10),
        Sha256 = s.IsNull(11) ? null : Sha256Digest.FromBytes(s.Bytes(11)),
        Attempts = (int)s.Int64(12),
        Code = s.MaybeInt64(13),
        Reason = s.MaybeText(14),
        Report = s.MaybeText(15),
        Told = s.Int64(16) != 0,
        CreatedAt = s.Int64(17),
        UpdatedAt = s.Int64(18),
        UrlExpiresAt = s.Int64(19),
        DeadlineAt = s.Int64(20),
        DueAt = s.MaybeInt64(21),
        Served = s.IsNull(22) ? RangeSet.Empty : RangeSet.FromBytes(s.Bytes(22)),
    };

    Statements On(DbConnection db) => _statements ??= new Statements((SqliteConnection)db);

    sealed class Statements(SqliteConnection db)
    {
        const string Select = $"select {Columns} from transfers where ";
        const string Assigned =
            "past = ?, state = ?, step = ?, percent = ?, size = ?, md5 = ?, version = ?, sha256 = ?, attempts = ?, code = ?, reason = ?, "
            + "report = ?, told = ?, updated_at = ?, url_expires_at = ?, deadline_at = ?, due_at = ?, served = ?";

        public SqliteStatement ByKey { get; } = new(db, Select + "device_id = ? and kind = ? and name = ? and past = 0");
        public SqliteStatement ById { get; } = new(db, Select + "id = ?");
        public SqliteStatement ByDevice { get; } = new(db, Select + "device_id = ? and kind <> 0 and state < 10 order by id limit 200");
        public SqliteStatement Progress { get; } = new(db, "update transfers set state = ?, step = ?, percent = ?, updated_at = ? where id = ?");
        public SqliteStatement Update { get; } = new(db, $"update transfers set {Assigned} where id = ?");
        public SqliteStatement Insert { get; } = new(db,
            """
            insert into transfers (id, device_id, kind, name, created_at,
              past, state, step, percent, size, md5, version, sha256, attempts, code, reason, report, told, updated_at, url_expires_at, deadline_at, due_at, served)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """);
    }
}
