namespace Waybill.S3.Rows;

/// <summary>A row of <c>s3_buckets</c>.</summary>
sealed record Bucket
{
    public const string Columns = "id, name, cors, created_at as createdAt";

    public long Id { get; init; }
    public string Name { get; init; } = "";
    public string? Cors { get; init; }
    public long CreatedAt { get; init; }
}
