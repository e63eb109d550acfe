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
        "id, device_id, kind, name, past, state, step, percent, size, md5, version, sha256, attempts, code, reason, report, told, "
        + "created_at, updated_at, url_expires_at, deadline_at, due_at, served";

    public abstract ValueTask LoadAsync(DbConnection db, TransferView view);

    /// <summary>Changes first, so that a row that became past makes room for its successor.</summary>
    public abstract ValueTask SaveAsync(DbConnection db, TransferView view);

    /// <summary>A row of <see cref="Columns"/>, from either database.</summary>
    public static Transfer Row(DbDataReader r) => new()
    {
        Id = r.GetInt64(0),
        DeviceId = r.GetInt64(1),
        Kind = (TransferKind)r.GetInt16(2),
        Name = r.GetString(3),
        Past = r.GetInt64(4),
        State = (TransferState)r.GetInt16(5),
        Step = (TransferStep)r.GetInt16(6),
        Percent = r.GetInt16(7),
        Size = r.GetInt64(8),
        Md5 = r.IsDBNull(9) ? null : Md5Digest.FromBytes(r.GetFieldValue<byte[]>(9)),
        Version = r.IsDBNull(10) ? null : r.GetString(10),
        Sha256 = r.IsDBNull(11) ? null : Sha256Digest.FromBytes(r.GetFieldValue<byte[]>(11)),
        Attempts = r.GetInt16(12),
        Code = r.IsDBNull(13) ? null : r.GetInt64(13),
        Reason = r.IsDBNull(14) ? null : r.GetString(14),
        Report = r.IsDBNull(15) ? null : r.GetString(15),
        Told = r.GetInt16(16) != 0,
        CreatedAt = r.GetInt64(17),
        UpdatedAt = r.GetInt64(18),
        UrlExpiresAt = r.GetInt64(19),
        DeadlineAt = r.GetInt64(20),
        DueAt = r.IsDBNull(21) ? null : r.GetInt64(21),
        Served = r.IsDBNull(22) ? RangeSet.Empty : RangeSet.FromBytes(r.GetFieldValue<byte[]>(22)),
    };
}
