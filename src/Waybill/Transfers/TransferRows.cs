using System.Data.Common;
using Waybill.Objects;
using Waybill.Protocols;

namespace Waybill.Transfers;

/// <summary>
/// The batch's load and save, the one place where the two databases differ: prepared statements row by row where the
/// database is in the process, one statement with arrays for each kind of change where it is across a socket.
/// </summary>
abstract class TransferRows
{
    public const string Columns =
        "id, device_id, kind, name, state, step, percent, size, md5, version, sha256, attempts, code, reason, report, told, "
        + "created_at, updated_at, url_expires_at, deadline_at, due_at, served, type";

    public abstract ValueTask LoadAsync(DbConnection db, TransferView view);

    public abstract ValueTask SaveAsync(DbConnection db, TransferView view);

    /// <summary>What was saved is committed.</summary>
    public virtual void Committed(TransferView view)
    {
    }

    /// <summary>Names of committed transfers that wait for company are to be findable in the database soon.</summary>
    public virtual void MergeNames()
    {
    }

    /// <summary>A row of <see cref="Columns"/>, from either database.</summary>
    public static Transfer Row(DbDataReader r) => new()
    {
        Id = r.GetInt64(0),
        DeviceId = r.GetInt64(1),
        Kind = (TransferKind)r.GetInt16(2),
        Name = r.GetString(3),
        State = (TransferState)r.GetInt16(4),
        Step = (TransferStep)r.GetInt16(5),
        Percent = r.GetInt16(6),
        Size = r.GetInt64(7),
        Md5 = r.IsDBNull(8) ? null : Md5Digest.FromBytes(r.GetFieldValue<byte[]>(8)),
        Version = r.IsDBNull(9) ? null : r.GetString(9),
        Sha256 = r.IsDBNull(10) ? null : Sha256Digest.FromBytes(r.GetFieldValue<byte[]>(10)),
        Attempts = r.GetInt16(11),
        Code = r.IsDBNull(12) ? null : r.GetInt64(12),
        Reason = r.IsDBNull(13) ? null : r.GetString(13),
        Report = r.IsDBNull(14) ? null : r.GetString(14),
        Told = r.GetInt16(15) != 0,
        CreatedAt = r.GetInt64(16),
        UpdatedAt = r.GetInt64(17),
        UrlExpiresAt = r.GetInt64(18),
        DeadlineAt = r.GetInt64(19),
        DueAt = r.IsDBNull(20) ? null : r.GetInt64(20),
        Served = r.IsDBNull(21) ? RangeSet.Empty : RangeSet.FromBytes(r.GetFieldValue<byte[]>(21)),
        Type = r.IsDBNull(22) ? null : r.GetString(22),
    };
}
