using System.Text.Json.Serialization;
using Waybill.Devices;
using Waybill.Link;

namespace Waybill.Api;

/// <summary>What is absent stays; a new device without a secret gets one.</summary>
sealed record DeviceBody(string? Secret, Dictionary<string, string>? Tags) : IRequestBody
{
    public void Check(Mistakes mistakes) => mistakes
        .May("tags", Tags, Devices.Tags.AreValid, Devices.Tags.Allowed);
}

sealed record DevicePatch(bool? Disabled, Dictionary<string, string>? Tags) : IRequestBody
{
    public void Check(Mistakes mistakes) => mistakes.May("tags", Tags, Devices.Tags.AreValid, Devices.Tags.Allowed);
}

/// <summary>A new secret; absent: one is made and returned once.</summary>
sealed record SecretBody(string? Secret, int? OverlapSeconds) : IRequestBody
{
    public const int UsualOverlap = 7 * 24 * 3600;
    const int LongestOverlap = 365 * 24 * 3600;

    public void Check(Mistakes mistakes) => mistakes
        .Need("overlapSeconds", OverlapSeconds is null or >= 0 and <= LongestOverlap, $"0 to {LongestOverlap}");
}

sealed record SecretAnswer(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret, DateTime PreviousValidUntil);

sealed record DeviceAnswer(string Product, string Device, Dictionary<string, string> Tags, bool Disabled, Presence Presence)
{
    public required DateTime? LastSeen { get; init; }
    public required DateTime? PreviousSecretUntil { get; init; }
    public required DateTime? RegisteredAt { get; init; }
    public required DateTime? RegistrationOpenUntil { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }

    /// <summary>Only in the answer to the request that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    /// <summary>The newest transfer of each file that ended <c>ok</c>: what the device uploaded and what it was sent. Not in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TransferAnswer>? Files { get; init; }

    /// <summary>What is on the device, by its own reports. Not in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HoldsAnswer? Holds { get; init; }

    /// <summary>What it has uploaded, against its rules. Not in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UploadStanding? Uploads { get; init; }

    /// <summary>Who stands behind it, where it is a gateway. Not in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GatewayAnswer? Gateway { get; init; }

    /// <summary>The gateway it stands behind. Not in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Behind { get; init; }

    /// <summary>The version it reported last. Not in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Firmware { get; init; }

    /// <summary>Open ones. Not in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TransferAnswer>? Transfers { get; init; }

    public static DeviceAnswer Of(Product product, Devices.Device device, DeviceConnection? connection) =>
        new(product.Name, device.Name, Devices.Tags.Read(device.TagsText), device.DisabledAt is not null, Presence.Of(connection))
        {
            LastSeen = Times.Utc(device.SeenAt),
            PreviousSecretUntil = Times.Utc(device.PreviousSecretUntil),
            RegisteredAt = Times.Utc(device.RegisteredAt),
            RegistrationOpenUntil = Times.Utc(device.RegistrationOpenUntil),
            CreatedAt = Times.Utc(device.CreatedAt),
            UpdatedAt = Times.Utc(device.UpdatedAt),
        };
}

/// <summary>Whether the device is connected to this node, since when and from where.</summary>
sealed record Presence(bool Connected, DateTime? Since, string? Address)
{
    public static Presence Of(DeviceConnection? connection) => connection is { IsOpen: true } open
        ? new(true, Times.Utc(open.Since), open.Address?.ToString())
        : new(false, null, null);
}
