using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary><c>file_upload_callback</c>: a dock has put a media file into the bucket. It comes again until it is answered.</summary>
/// <param name="ObjectKey">Where; what tells repeats apart.</param>
public sealed record DjiMediaFile(string ObjectKey) : DjiUp
{
    /// <summary>Longest key, name and path read, in bytes: that of S3.</summary>
    public const int MaxKey = 1024;

    /// <summary>As the camera named it; null when blank.</summary>
    public string? Name { get; init; }

    /// <summary>On the aircraft; null when blank.</summary>
    public string? Path { get; init; }

    /// <summary>Of the task it was taken in; null when blank.</summary>
    public string? FlightId { get; init; }

    /// <summary>Null when not said.</summary>
    public bool? IsOriginal { get; init; }

    /// <summary>As sent, under either of two names: a text whose zone is not said.</summary>
    public string? CreatedAt { get; init; }

    /// <summary>Of the oldest form: not 0 when the upload failed.</summary>
    public int Result { get; init; }

    internal static DjiUp Read(JsonValue data)
    {
        var file = data.Field("file"u8);
        if (file.Field("object_key"u8).Word(MaxKey) is not { } key)
            return new DjiUnusable("file has no object_key");
        var ext = file.Field("ext"u8);
        return new DjiMediaFile(key)
        {
            Name = file.Field("name"u8).Word(MaxKey),
            Path = file.Field("path"u8).Word(MaxKey),
            FlightId = ext.Field("flight_id"u8).Word(DjiUpReader.MaxId),
            IsOriginal = ext.Field("is_original"u8).Flag(),
            CreatedAt = file.Field("metadata"u8).Field("create_time"u8, "created_time"u8).Word(DjiUpReader.MaxId),
            Result = data.Field("result"u8).Small() ?? 0,
        };
    }
}
