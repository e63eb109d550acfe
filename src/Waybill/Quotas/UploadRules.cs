using System.Text.Json;
using Waybill.Devices;

namespace Waybill.Quotas;

/// <summary>What a device may upload, and how long it is kept. Null: without limit.</summary>
sealed record UploadRules
{
    public const string Columns =
        "max_files as maxFiles, max_bytes as maxBytes, per_hour as perHour, max_size as maxSize, types as typesText, "
        + "keep_days as keepDays, keep_newest as keepNewest";

    /// <summary>Uploads kept and under way at the same time.</summary>
    public long? MaxFiles { get; init; }

    /// <summary>Their bytes.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>New uploads within an hour.</summary>
    public long? PerHour { get; init; }

    /// <summary>Bytes of one file.</summary>
    public long? MaxSize { get; init; }

    public string? TypesText { get; init; }

    /// <summary>How long uploads are kept.</summary>
    public long? KeepDays { get; init; }

    /// <summary>How many of the newest uploads are kept.</summary>
    public long? KeepNewest { get; init; }

    /// <summary>Kinds of files, in dialects that have kinds: where none is announced, none is guessed.</summary>
    public IReadOnlyList<string>? Types
    {
        get => field ??= TypesText is null ? null : JsonSerializer.Deserialize(TypesText, DeviceJson.Default.StringArray);
        init => (field, TypesText) = (value, value is null ? null : JsonSerializer.Serialize([.. value], DeviceJson.Default.StringArray));
    }

    /// <summary>Whether a decision needs to know what the device has uploaded.</summary>
    public bool NeedUsage => (MaxFiles ?? MaxBytes ?? PerHour) is not null;

    public bool HasRetention => (KeepDays ?? KeepNewest) is not null;

    /// <summary>Why one more upload is refused; null: it is not.</summary>
    /// <param name="wanted">The upload.</param>
    /// <param name="usage">All others; not read where <see cref="NeedUsage"/> is false.</param>
    public RefusedException? WhyNot(WantedUpload wanted, UploadUsage usage)
    {
        if (wanted.Type is { } type && Types?.Contains(type, StringComparer.OrdinalIgnoreCase) == false)
            return new("type_not_allowed", $"Files of type '{type}' are not allowed: only {string.Join(", ", Types)}.");
        if (wanted.Size > MaxSize)
            return new("size_refused", $"The file is {wanted.Size} bytes, {MaxSize} are allowed.");
        if (usage.Files >= MaxFiles)
            return new("quota_exceeded", $"The device has {usage.Files} uploads kept or under way, {MaxFiles} are allowed.");
        if (MaxBytes is { } most && (usage.Bytes >= most && wanted.Size != 0 || usage.Bytes + wanted.Size > most))
            return new("quota_exceeded", $"The device has {usage.Bytes} bytes kept or under way, {most} are allowed.");
        if (wanted.IsNew && usage.LastHour >= PerHour)
            return new("rate_exceeded", $"The device has asked for {usage.LastHour} uploads within an hour, {PerHour} are allowed.");
        return null;
    }

    /// <summary>The most bytes that one more upload may bring; null: any number.</summary>
    public long? Room(UploadUsage usage) => (MaxSize, MaxBytes - usage.Bytes) switch
    {
        ({ } size, { } left) => Math.Clamp(left, 0, size),
        (null, { } left) => Math.Max(left, 0),
        var (size, _) => size,
    };
}

/// <summary>An upload to be judged.</summary>
/// <param name="Size">Null: not known yet.</param>
/// <param name="Type">Null: the dialect has no kinds of files.</param>
/// <param name="IsNew">Whether it is asked for, not brought or asked for again.</param>
readonly record struct WantedUpload(long? Size, string? Type, bool IsNew);

/// <summary>What a device has uploaded: kept and under way, and asked for within the last hour.</summary>
sealed record UploadUsage(long Files, long Bytes, long LastHour)
{
    public static UploadUsage None { get; } = new(0, 0, 0);
}
