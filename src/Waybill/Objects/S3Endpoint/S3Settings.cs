namespace Waybill.Objects.S3Endpoint;

sealed record S3Settings
{
    public string Region { get; init; } = "us-east-1";

    /// <summary>Names under which <c>{bucket}.{name}</c> reaches a bucket.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = ["localhost"];

    /// <summary>Of one PutObject or part, in bytes.</summary>
    public long MaximumPart { get; init; } = 5L << 30;

    /// <summary>Of an object that is put together from parts.</summary>
    public long MaximumSize { get; init; } = 5L << 40;

    /// <summary>The size that every part but the last must have.</summary>
    public long SmallestPart { get; init; } = 5L << 20;

    /// <summary>When an upload in parts that nobody ended is given up.</summary>
    public TimeSpan AbandonedAfter { get; init; } = TimeSpan.FromDays(7);
}
