using Waybill.Data;

namespace Waybill.S3.Rows;

/// <summary>An object, where it is and whose.</summary>
sealed record FoundObject
{
    public long BucketId { get; init; }
    public string Bucket { get; init; } = "";
    public string Key { get; init; } = "";
    public byte[] Sha256 { get; init; } = [];
    public byte[] Md5 { get; init; } = [];
    public long Size { get; init; }

    /// <summary>Without its quotes.</summary>
    public string ETag { get; init; } = "";
    public long ModifiedAt { get; init; }
    public string? DetailsText { get; init; }
    public string PutBy { get; init; } = "";

    /// <summary>The device whose it is; null: none's.</summary>
    public string? Device { get; init; }
    public string? Product { get; init; }

    public ObjectDetails Details => ObjectDetails.Parse(DetailsText);
}

/// <summary>Objects as people and programs look for them, over all buckets.</summary>
sealed class ObjectList(Database database)
{
    const string Select =
        """
        select o.bucket_id as bucketId, b.name as bucket, o.key, o.sha256, r.md5, o.size, o.etag, o.modified_at as modifiedAt, o.details as detailsText,
          o.put_by as putBy, d.name as device, p.name as product
        from s3_objects o join s3_buckets b on b.id = o.bucket_id join objects r on r.sha256 = o.sha256
        left join devices d on d.id = o.device_id left join products p on p.id = d.product_id
        """;

    /// <summary>Of a bucket, in the order of their keys.</summary>
    public ValueTask<IReadOnlyList<FoundObject>> OfBucketAsync(Bucket bucket, string prefix, string after, int limit, CancellationToken ct)
    {
        var end = KeyOrder.AfterAll(prefix);
        return database.ListAsync<FoundObject>(
            $"{Select} where o.bucket_id = @Id and o.key >= @prefix and o.key > @after{(end is null ? "" : " and o.key < @end")} order by o.key limit @limit",
            new { bucket.Id, prefix, after, end, limit },
            ct);
    }

    /// <summary>Of a device, by bucket and key.</summary>
    public ValueTask<IReadOnlyList<FoundObject>> OfDeviceAsync(long deviceId, long afterBucket, string afterKey, int limit, CancellationToken ct) =>
        database.ListAsync<FoundObject>(
            $"{Select} where o.device_id = @deviceId and (o.bucket_id, o.key) > (@afterBucket, @afterKey) order by o.bucket_id, o.key limit @limit",
            new { deviceId, afterBucket, afterKey, limit },
            ct);

    /// <summary>Those whose keys begin so; none where there is no such bucket.</summary>
    public ValueTask<IReadOnlyList<FoundObject>> BelowAsync(string bucket, string prefix, int limit, CancellationToken ct) => database.ListAsync<FoundObject>(
        $"{Select} where b.name = @bucket and o.key >= @prefix and o.key < @end order by o.key limit @limit",
        new { bucket, prefix, end = KeyOrder.AfterAll(prefix), limit },
        ct);

    public ValueTask<FoundObject?> FindAsync(string bucket, string key, CancellationToken ct) =>
        database.FirstAsync<FoundObject>($"{Select} where b.name = @bucket and o.key = @key", new { bucket, key }, ct);
}
