using System.Data.Common;
using Microsoft.Data.Sqlite;
using Waybill.Data;
using Waybill.Objects;
using Waybill.Protocols;

namespace Waybill.Transfers;

/// <summary>On the writer's thread; its statements belong to the writer's connection.</summary>
sealed class SqliteTransferRows(RecentNames names) : TransferRows
{
    Statements? _statements;

    public override ValueTask LoadAsync(DbConnection db, TransferView view)
    {
        var statements = On(db);
        foreach (var key in view.NeededKeys)
            Read(names.Find(key) is { } id ? statements.ById.Bind(id) : ByKey(statements, key), view.LoadedNewest);
        foreach (var id in view.NeededIds)
            Read(statements.ById.Bind(id), view.Loaded);
        foreach (var device in view.NeededDevices)
            Read(statements.ByDevice.Bind(device), view.Loaded);
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
        statements.Insert.Run(view.Fresh);
        return default;
    }

    public override void Committed(TransferView view) => names.Add(view.Fresh);

    public override void MergeNames() => names.MergeSoon();

    static SqliteStatement ByKey(Statements statements, TransferKey key) =>
        statements.ByKey.Bind(key.DeviceId).Bind((long)key.Kind).Bind(key.Name);

    static void BindAll(SqliteStatement insert, Transfer t) =>
        Tail(insert.Bind(t.Id).Bind(t.DeviceId).Bind((long)t.Kind).Bind(t.Name).Bind(t.Type).Bind(t.CreatedAt), t);

    static void Update(SqliteStatement update, Transfer t) => Tail(update, t).Bind(t.Id).Run();

    static SqliteStatement Tail(SqliteStatement s, Transfer t) => s
        .Bind((long)t.State).Bind((long)t.Step).Bind(t.Percent).Bind(t.Size).Bind(t.Md5?.ToBytes()).Bind(t.Version)
        .Bind(t.Sha256?.ToBytes()).Bind(t.Attempts).Bind(t.Code).Bind(t.Reason).Bind(t.Report).Bind(t.Told ? 1 : 0)
        .Bind(t.UpdatedAt).Bind(t.UrlExpiresAt).Bind(t.DeadlineAt).Bind(t.DueAt).Bind(t.Served.IsEmpty ? null : t.Served.ToBytes());

    static void Read(SqliteStatement select, Action<Transfer> loaded)
    {
        try
        {
            while (select.Step())
                loaded(Row(select));
        }
        finally
        {
            select.Reset();
        }
    }

    static Transfer Row(SqliteStatement s) => new()
    {
        Id = s.Int64(0),
        DeviceId = s.Int64(1),
        Kind = (TransferKind)s.Int64(2),
        Name = s.Text(3),
        State = (TransferState)s.Int64(4),
        Step = (TransferStep)s.Int64(5),
        Percent = (int)s.Int64(6),
        Size = s.Int64(7),
        Md5 = s.IsNull(8) ? null : Md5Digest.FromBytes(s.Bytes(8)),
        Version = s.MaybeText(9),
        Sha256 = s.IsNull(10) ? null : Sha256Digest.FromBytes(s.Bytes(10)),
        Attempts = (int)s.Int64(11),
        Code = s.MaybeInt64(12),
        Reason = s.MaybeText(13),
        Report = s.MaybeText(14),
        Told = s.Int64(15) != 0,
        CreatedAt = s.Int64(16),
        UpdatedAt = s.Int64(17),
        UrlExpiresAt = s.Int64(18),
        DeadlineAt = s.Int64(19),
        DueAt = s.MaybeInt64(20),
        Served = s.IsNull(21) ? RangeSet.Empty : RangeSet.FromBytes(s.Bytes(21)),
        Type = s.MaybeText(22),
    };

    Statements On(DbConnection db) => _statements ??= new Statements((SqliteConnection)db);

    sealed class Statements(SqliteConnection db)
    {
        const string Select = $"select {Columns} from transfers where ";
        const string Assigned =
            "state = ?, step = ?, percent = ?, size = ?, md5 = ?, version = ?, sha256 = ?, attempts = ?, code = ?, reason = ?, "
            + "report = ?, told = ?, updated_at = ?, url_expires_at = ?, deadline_at = ?, due_at = ?, served = ?";

        public SqliteStatement ByKey { get; } = new(db, Select + "id = (select max(id) from transfer_names where device_id = ? and kind = ? and name = ?)");
        public SqliteStatement ById { get; } = new(db, Select + "id = ?");
        public SqliteStatement ByDevice { get; } = new(db, Select + "device_id = ? and kind <> 0 and state < 10 order by id limit 200");
        public SqliteStatement Progress { get; } = new(db, "update transfers set state = ?, step = ?, percent = ?, updated_at = ? where id = ?");
        public SqliteStatement Update { get; } = new(db, $"update transfers set {Assigned} where id = ?");
        public SqliteInsert<Transfer> Insert { get; } = new(
            db,
            "insert into transfers",
            "id, device_id, kind, name, type, created_at, state, step, percent, size, md5, version, sha256, attempts, code, reason, report, "
            + "told, updated_at, url_expires_at, deadline_at, due_at, served",
            BindAll);
    }
}
