using Waybill.Quotas;
using Waybill.S3.Rows;

namespace Waybill.Api;

/// <summary>What a bucket may hold; absent: without limit.</summary>
sealed record BucketBody(long? MaxObjects, long? MaxBytes) : IRequestBody
{
    public BucketQuota Quota => new() { MaxObjects = MaxObjects, MaxBytes = MaxBytes };

    public void Check(Mistakes mistakes) => mistakes
        .Need("maxObjects", MaxObjects is null or >= 0, "0 or more, or absent")
        .Need("maxBytes", MaxBytes is null or >= 0, "0 or more, or absent");
}

/// <summary>A bucket of the S3 endpoint.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Objects">That it holds.</param>
/// <param name="Bytes">Theirs.</param>
/// <param name="MaxObjects">That it may hold; null: without limit.</param>
/// <param name="MaxBytes">Likewise.</param>
sealed record BucketAnswer(string Name, long Objects, long Bytes, long? MaxObjects, long? MaxBytes)
{
    public required DateTime CreatedAt { get; init; }

    public static BucketAnswer Of(CountedBucket b) => new(b.Name, b.Objects, b.Bytes, b.MaxObjects, b.MaxBytes) { CreatedAt = Times.Utc(b.CreatedAt) };
}

/// <summary>An object of a bucket.</summary>
sealed record ObjectAnswer(string Bucket, string Key, long Size, string Etag, string Sha256)
{
    public required string? ContentType { get; init; }
    public required DateTime ModifiedAt { get; init; }

    /// <summary>The device whose it is, as <c>product/device</c>; null: none's.</summary>
    public required string? Device { get; init; }

    /// <summary>Who put it: the device, or the public name of a key.</summary>
    public required string PutBy { get; init; }

    /// <summary>The user's own, by name without <c>x-amz-meta-</c>.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public static ObjectAnswer Of(FoundObject o)
    {
        var details = o.Details;
        return new(o.Bucket, o.Key, o.Size, o.ETag, Convert.ToHexStringLower(o.Sha256))
        {
            ContentType = details.Headers?.GetValueOrDefault("Content-Type"),
            ModifiedAt = Times.Utc(o.ModifiedAt),
            Device = o.Device is null ? null : $"{o.Product}/{o.Device}",
            PutBy = o.PutBy,
            Metadata = details.Metadata ?? [],
        };
    }
}
