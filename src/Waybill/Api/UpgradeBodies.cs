using Waybill.Data;
using Waybill.Devices.Gateways;
using Waybill.Files;
using Waybill.Upgrades;

namespace Waybill.Api;

/// <summary>Firmware for a dock, its aircraft or both.</summary>
sealed record UpgradeBody(string? Product, string? Gateway, UpgradeDeviceBody[]? Devices) : IRequestBody
{
    public void Check(Mistakes mistakes)
    {
        mistakes.Need("product", Product is { Length: > 0 }, "the id of a product")
            .Need("gateway", Gateway is { Length: > 0 }, "the serial number of a dock")
            .Need("devices", Devices is { Length: 1 or 2 }, "a list of the dock, its aircraft or both");
        foreach (var (i, device) in (Devices ?? []).Index())
            UpgradeDeviceBody.Check(mistakes, $"devices[{i}]", device);
    }
}

/// <summary>What one device is to run.</summary>
/// <param name="Sn">Serial number of the dock, or of who stands behind it.</param>
/// <param name="File">The package in the library; a consistency upgrade goes without.</param>
/// <param name="Version">What the device calls it; absent: what the package says, or else the file's version.</param>
/// <param name="Type">2 consistency, 3 normal, 4 PSDK.</param>
sealed record UpgradeDeviceBody(string? Sn, FileRef? File, string? Version, int? Type)
{
    const int LongestVersion = 64;

    public static void Check(Mistakes mistakes, string field, UpgradeDeviceBody? device) => mistakes
        .Need($"{field}.sn", device?.Sn is { Length: > 0 }, "a serial number")
        .Need($"{field}.type", device?.Type is >= UpgradeTypes.Consistency and <= UpgradeTypes.Psdk, "2 (consistency), 3 (normal) or 4 (PSDK)")
        .May($"{field}.version", device?.Version, v => v.Length is > 0 and <= LongestVersion && !v.Any(char.IsControl), $"1 to {LongestVersion} characters without control characters")
        .May($"{field}.file.name", device?.File, f => f.Name is { } name && FileNames.IsName(name), FileNames.AllowedName)
        .May($"{field}.file.version", device?.File, f => f.Version is { } version && FileNames.IsVersion(version), FileNames.AllowedVersion)
        .Need($"{field}.file", device is null or { File: not null } or { Type: UpgradeTypes.Consistency, Version: not null }, "a file of the library; only type 2 goes without, and needs its version then");
}

static class UpgradeTypes
{
    public const int Consistency = 2;
    public const int Psdk = 4;
}

/// <summary>An upgrade as the API shows it. The dock tells of both devices in one.</summary>
sealed record UpgradeAnswer(string Id, string Product, string Gateway, string State)
{
    public required string? Step { get; init; }

    /// <summary>What the dock is doing, in its own word.</summary>
    public required string? Stage { get; init; }

    /// <summary>Of the stage.</summary>
    public required int Percent { get; init; }

    /// <summary>Bytes per second.</summary>
    public required long? Rate { get; init; }

    public required IReadOnlyList<UpgradeDeviceAnswer> Devices { get; init; }

    /// <summary>The dock's code.</summary>
    public required long? Code { get; init; }

    public required string? Reason { get; init; }

    /// <summary>What the dock said that was recorded and not applied.</summary>
    public required string? Report { get; init; }

    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }

    /// <summary>When it ends if nothing happens.</summary>
    public required DateTime DeadlineAt { get; init; }

    public static UpgradeAnswer Of(Upgrade upgrade, GatewayName gateway, Seal seal) =>
        new(seal.Write(upgrade.Id, 0, SealPurpose.Upgrade), gateway.Product, gateway.Gateway, TransferWords.Of(upgrade.State))
        {
            Step = upgrade.Step == UpgradeStep.None ? null : TransferWords.Of(upgrade.Step),
            Stage = upgrade.Stage,
            Percent = upgrade.Percent,
            Rate = upgrade.Rate,
            Devices = [.. upgrade.Targets.Select(t => UpgradeDeviceAnswer.Of(upgrade, t))],
            Code = upgrade.Code,
            Reason = upgrade.Reason,
            Report = upgrade.Report,
            CreatedAt = Times.Utc(upgrade.CreatedAt),
            UpdatedAt = Times.Utc(upgrade.UpdatedAt),
            DeadlineAt = Times.Utc(upgrade.DeadlineAt),
        };
}

/// <summary>One device of an upgrade.</summary>
sealed record UpgradeDeviceAnswer(string Sn, string Version, int Type, FileRef? File)
{
    /// <summary>What it ran before; null: it never said.</summary>
    public required string? Before { get; init; }

    /// <summary>What it said to run since firmware was being written.</summary>
    public required string? Reported { get; init; }

    /// <summary><c>ok</c> when it runs what it was to run; before that as the upgrade.</summary>
    public required string State { get; init; }

    public required int Percent { get; init; }

    public static UpgradeDeviceAnswer Of(Upgrade upgrade, UpgradeTarget target) =>
        new(target.Sn, target.Version, target.Type, target.FileName is null ? null : new(target.FileName, target.FileVersion))
        {
            Before = target.Before,
            Reported = target.Reported,
            State = TransferWords.Of(IsDone(upgrade, target) ? UpgradeState.Ok : upgrade.State),
            Percent = IsDone(upgrade, target) ? 100 : upgrade.Percent,
        };

    /// <summary>A version that was the same before proves nothing until the dock says so too.</summary>
    static bool IsDone(Upgrade upgrade, UpgradeTarget target) => target.IsProven && (upgrade.IsClaimed || !target.IsAmbiguous);
}
