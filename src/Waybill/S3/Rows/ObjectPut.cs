using Waybill.Objects;
using Waybill.Quotas;

namespace Waybill.S3.Rows;

/// <summary>An object to be recorded.</summary>
/// <param name="Bucket">Where.</param>
/// <param name="Named">The row, but for whose it is.</param>
/// <param name="Putter">Whose it is.</param>
/// <param name="Fresh">The bytes, for their record; null when they are another's already.</param>
sealed record ObjectPut(Bucket Bucket, S3Object Named, ObjectPutter Putter, ObjectRecord? Fresh)
{
    /// <summary>The upload in parts that it was.</summary>
    public long? UploadId { get; init; }

    /// <summary>Hashes of its parts, which are gone in the same transaction.</summary>
    public IReadOnlyList<byte[]> Lost { get; init; } = [];

    public WantedObject Wanted => new(Bucket.Id, Named.Key, Named.Size) { UploadId = UploadId };
}
