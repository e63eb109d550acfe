using System.Data.Common;
using Waybill.Data;

namespace Waybill.Quotas;

/// <summary>What a bucket may hold; null: without limit.</summary>
sealed record BucketQuota
{
    public long? MaxObjects { get; init; }
    public long? MaxBytes { get; init; }

    public bool IsLimited => (MaxObjects ?? MaxBytes) is not null;

    /// <summary>Why it cannot hold so much; null: it can. What a bucket holds already it keeps, whatever the quota is now.</summary>
    public RefusedException? WhyNot(BucketUsage total, BucketUsage added)
    {
        if (added.Objects > 0 && total.Objects > MaxObjects)
            return new("bucket_full", $"The bucket may hold {MaxObjects} objects (maxObjects).");
        if (added.Bytes > 0 && total.Bytes > MaxBytes)
            return new("bucket_full", $"The bucket may hold {MaxBytes} bytes (maxBytes), and {total.Bytes} it would be.");
        return null;
    }
}

/// <summary>How much a bucket holds, or a change adds to it.</summary>
sealed record BucketUsage(long Objects, long Bytes)
{
    /// <summary>So many rows count together.</summary>
    const int Parts = 8;

    public static BucketUsage None { get; } = new(0, 0);

    public static BucketUsage operator +(BucketUsage a, BucketUsage b) => new(a.Objects + b.Objects, a.Bytes + b.Bytes);

    /// <summary>Of a new bucket.</summary>
    public static ValueTask<int> OpenAsync(DbConnection db, long bucketId) => db.RunAsync(
        $"insert into s3_usage (bucket_id, part, objects, bytes) values {string.Join(", ", Enumerable.Range(0, Parts).Select(p => $"(@bucketId, {p}, 0, 0)"))}",
        new { bucketId });

    /// <summary>Of one that goes.</summary>
    public static ValueTask<int> CloseAsync(DbConnection db, long bucketId) => db.RunAsync("delete from s3_usage where bucket_id = @bucketId", new { bucketId });

    /// <summary>In the transaction that makes it so, behind the rows of objects and bytes, so that no two on PostgreSQL wait for each other.</summary>
    public static async ValueTask AddAsync(DbConnection db, long bucketId, BucketUsage added)
    {
        if (added != None)
            await db.RunAsync(
                "update s3_usage set objects = objects + @Objects, bytes = bytes + @Bytes where bucket_id = @bucketId and part = @part",
                new { bucketId, part = Random.Shared.Next(Parts), added.Objects, added.Bytes });
    }

    public static async ValueTask<BucketUsage> OfAsync(DbConnection db, long bucketId) => (await db.FirstAsync<BucketUsage>(
        "select cast(coalesce(sum(objects), 0) as bigint) as objects, cast(coalesce(sum(bytes), 0) as bigint) as bytes from s3_usage where bucket_id = @bucketId",
        new { bucketId }))!;

    /// <summary>The quota as it is now. Until the transaction ends, nobody else puts into this bucket as long as it has one.</summary>
    public static async ValueTask<BucketQuota> HoldQuotaAsync(DbConnection db, long bucketId) => await db.FirstAsync<BucketQuota>(
        "update s3_buckets set created_at = created_at where id = @bucketId returning max_objects as maxObjects, max_bytes as maxBytes", new { bucketId }) ?? new();
}
