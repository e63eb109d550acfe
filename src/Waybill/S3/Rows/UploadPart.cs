using Waybill.Objects;
using Waybill.Quotas;
using Waybill.S3.Checksums;

namespace Waybill.S3.Rows;

/// <summary>An object that comes in parts. A row of <c>s3_uploads</c>.</summary>
sealed record Upload
{
    public const string Columns = "id, bucket_id as bucketId, key, details as detailsText, put_by as putBy, device_id as deviceId, created_at as createdAt";

    public long Id { get; init; }
    public long BucketId { get; init; }
    public string Key { get; init; } = "";
    public string? DetailsText { get; init; }

    /// <summary>As in <see cref="S3Object"/>: the object will be of whoever began the upload.</summary>
    public string PutBy { get; init; } = "";
    public long? DeviceId { get; init; }
    public long CreatedAt { get; init; }

    public ObjectPutter Putter => new(PutBy, DeviceId is null ? null : PutBy);

    public ObjectDetails Details => ObjectDetails.Parse(DetailsText);

    public string PublicId => IdText(Id);

    public static string IdText(long id) => id.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A row of <c>s3_parts</c>.</summary>
sealed record UploadPart
{
    public const string Columns = "upload_id as uploadId, number, sha256, md5, size, checksum, modified_at as modifiedAt";

    public long UploadId { get; init; }
    public int Number { get; init; }
    public byte[] Sha256 { get; init; } = [];
    public byte[] Md5 { get; init; } = [];
    public long Size { get; init; }

    /// <summary>As <see cref="StoredChecksum"/> writes it.</summary>
    public string? Checksum { get; init; }
    public long ModifiedAt { get; init; }

    public string ETag => Convert.ToHexStringLower(Md5);

    public WantedObject Wanted(Upload upload) => new(upload.BucketId, upload.Key, Size) { UploadId = UploadId, Part = Number };

    public StoredChecksum? PartChecksum => StoredChecksum.Parse(Checksum);

    public static UploadPart Of(Upload upload, int number, ObjectRecord stored, StoredChecksum? checksum, long now) => new()
    {
        UploadId = upload.Id,
        Number = number,
        Sha256 = stored.Sha256.ToBytes(),
        Md5 = stored.Md5.ToBytes(),
        Size = stored.Size,
        Checksum = checksum?.ToString(),
        ModifiedAt = now,
    };
}
