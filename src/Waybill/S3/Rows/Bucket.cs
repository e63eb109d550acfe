using Waybill.Quotas;

namespace Waybill.S3.Rows;

/// <summary>A row of <c>s3_buckets</c>.</summary>
sealed record Bucket
{
    public const string Columns = "id, name, cors, max_objects as maxObjects, max_bytes as maxBytes, created_at as createdAt";

    public long Id { get; init; }
    public string Name { get; init; } = "";
    public string? Cors { get; init; }
    public long? MaxObjects { get; init; }
    public long? MaxBytes { get; init; }
    public long CreatedAt { get; init; }

    public BucketQuota Quota => new() { MaxObjects = MaxObjects, MaxBytes = MaxBytes };
}
