namespace Waybill.S3.Rows;

/// <summary>A key of a bucket and the bytes it names. A row of <c>s3_objects</c>.</summary>
sealed record S3Object
{
    public const string Columns = "bucket_id as bucketId, key, sha256, size, etag, modified_at as modifiedAt, details as detailsText, put_by as putBy, device_id as deviceId";

    public long BucketId { get; init; }
    public string Key { get; init; } = "";
    public byte[] Sha256 { get; init; } = [];
    public long Size { get; init; }

    /// <summary>Without its quotes.</summary>
    public string ETag { get; init; } = "";
    public long ModifiedAt { get; init; }
    public string? DetailsText { get; init; }

    /// <summary>The public name of a key, or the device as <c>product/device</c>.</summary>
    public string PutBy { get; init; } = "";

    /// <summary>The device's, when it was put with the temporary credentials of one.</summary>
    public long? DeviceId { get; init; }

    public ObjectDetails Details => ObjectDetails.Parse(DetailsText);

    public DateTimeOffset Modified => DateTimeOffset.FromUnixTimeMilliseconds(ModifiedAt);
}
