namespace Waybill.Quotas;

/// <summary>Who puts objects into buckets.</summary>
/// <param name="Name">The public name of a key, or the device.</param>
/// <param name="Device">The device whose temporary credentials were used, as <c>product/device</c>; null: it is none.</param>
sealed record ObjectPutter(string Name, string? Device);

/// <summary>An object that somebody wants to put, or a part of one.</summary>
/// <param name="BucketId">Where.</param>
/// <param name="Key">What was there before makes room.</param>
/// <param name="Size">Bytes; of a part its own.</param>
sealed record WantedObject(long BucketId, string Key, long Size)
{
    /// <summary>The upload in parts that it is of.</summary>
    public long? UploadId { get; init; }

    /// <summary>Which of its parts; null: all of it.</summary>
    public int? Part { get; init; }

    /// <summary>Counts among what a device asks for within an hour: not what was begun before.</summary>
    public bool IsNew => UploadId is null;
}
