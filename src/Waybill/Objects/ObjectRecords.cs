using System.Data.Common;
using Waybill.Data;
using Waybill.Protocols;

namespace Waybill.Objects;

/// <summary>Stored bytes as the database knows them.</summary>
sealed record ObjectRecord(Sha256Digest Sha256, Md5Digest Md5, long Size);

static class ObjectRecords
{
    /// <summary>In the same transaction as what refers to it.</summary>
    public static ValueTask<int> KeepAsync(DbConnection db, ObjectRecord stored, long now) => db.RunAsync(
        """
        insert into objects (sha256, md5, size, created_at) values (@sha256, @md5, @size, @now)
        on conflict (sha256) do update set unused_at = null
        """,
        new { sha256 = stored.Sha256.ToBytes(), md5 = stored.Md5.ToBytes(), size = stored.Size, now });
}
