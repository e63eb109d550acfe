using System.Data.Common;
using Waybill.Data;

namespace Waybill.Objects;

/// <summary>Objects that lost what referred to them.</summary>
static class UnusedObjects
{
    public const string Unreferenced =
        "not exists (select 1 from files f where f.sha256 = objects.sha256) and not exists (select 1 from transfers t where t.sha256 = objects.sha256) "
        + "and not exists (select 1 from upload_slots s where s.sha256 = objects.sha256) "
        + "and not exists (select 1 from s3_objects o where o.sha256 = objects.sha256) and not exists (select 1 from s3_parts p where p.sha256 = objects.sha256)";

    /// <summary>In the transaction that removed the references: whoever nothing refers to now begins its grace time. In one order, so that no
    /// two on PostgreSQL wait for each other.</summary>
    public static async ValueTask<int> MarkAsync(DbConnection db, IReadOnlyList<byte[]> hashes, DateTimeOffset now)
    {
        var marked = 0;
        foreach (var sha256 in hashes.DistinctBy(Convert.ToHexString).OrderBy(Convert.ToHexString, StringComparer.Ordinal))
            marked += await db.RunAsync(
                $"update objects set unused_at = @now where sha256 = @sha256 and unused_at is null and {Unreferenced}",
                new { sha256, now = now.ToUnixTimeMilliseconds() });
        return marked;
    }
}
