using Waybill.Data;

namespace Waybill.S3.Rows;

/// <summary>A bucket and what it holds.</summary>
sealed record CountedBucket
{
    public string Name { get; init; } = "";
    public long? MaxObjects { get; init; }
    public long? MaxBytes { get; init; }
    public long CreatedAt { get; init; }
    public long Objects { get; init; }
    public long Bytes { get; init; }
}

/// <summary>Buckets with what they hold, for who looks after them.</summary>
sealed class BucketList(Database database)
{
    const string Select =
        """
        select b.name, b.max_objects as maxObjects, b.max_bytes as maxBytes, b.created_at as createdAt,
          cast(coalesce(sum(u.objects), 0) as bigint) as objects, cast(coalesce(sum(u.bytes), 0) as bigint) as bytes
        from s3_buckets b left join s3_usage u on u.bucket_id = b.id
        """;

    const string Group = "group by b.id, b.name, b.max_objects, b.max_bytes, b.created_at order by b.name limit @limit";

    /// <summary>In the order of their names.</summary>
    public ValueTask<IReadOnlyList<CountedBucket>> ListAsync(string after, int limit, CancellationToken ct) =>
        database.ListAsync<CountedBucket>($"{Select} where b.name > @after {Group}", new { after, limit }, ct);

    public ValueTask<CountedBucket?> FindAsync(string name, CancellationToken ct) =>
        database.FirstAsync<CountedBucket>($"{Select} where b.name = @name {Group}", new { name, limit = 1 }, ct);
}
