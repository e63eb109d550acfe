using System.Runtime.InteropServices;

namespace Waybill.Protocols.DjiCloud;

/// <summary><c>firmware_upgrade_type</c>, by its numbers on the wire.</summary>
public enum DjiUpgradeType
{
    /// <summary>A module such as a battery is brought to the version of its aircraft; the device must have asked.</summary>
    Consistency = 2,

    /// <summary>Everything is brought to the given version.</summary>
    Normal = 3,

    /// <summary>Of a payload built with the PSDK.</summary>
    Psdk = 4,
}

/// <summary>What an upgrade is doing.</summary>
public enum DjiOtaStage
{
    /// <summary>A word or number that is not in this list.</summary>
    Unknown,

    /// <summary><c>download_firmware</c>, or 1.</summary>
    Download,

    /// <summary><c>upgrade_firmware</c>, or 2: devices restart in it.</summary>
    Upgrade,
}

/// <summary>A step with the word or number it was said by.</summary>
/// <param name="Stage">What it means.</param>
/// <param name="Word">As sent.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DjiOtaStep(DjiOtaStage Stage, string Word)
{
    internal static DjiOtaStep? Of(string? word) => word is null ? null : new(word switch
    {
        "download_firmware" or "1" => DjiOtaStage.Download,
        "upgrade_firmware" or "2" => DjiOtaStage.Upgrade,
        _ => DjiOtaStage.Unknown,
    }, word);
}

/// <summary><c>ota_progress</c>: it names no device and counts for all of the job.</summary>
/// <param name="Result">Not 0: the job failed.</param>
/// <param name="Status">Null when none was sent.</param>
/// <param name="Percent">Of the step, 0 to 100.</param>
/// <param name="Step">Null when none was sent.</param>
/// <param name="StepResult">Not 0: the step failed.</param>
/// <param name="Rate">Bytes per second.</param>
public sealed record DjiOtaProgress(int Result, DjiStatus? Status, int? Percent, DjiOtaStep? Step, int StepResult, long? Rate) : DjiUp
{
    /// <summary>Whether it failed, by its state or by a code.</summary>
    public bool IsFailure => Result != 0 || StepResult != 0 || Status is { IsFinal: true, State: not DjiState.Ok };

    /// <summary>The code to keep: of the job, or else of its step.</summary>
    public int Code => Result != 0 ? Result : StepResult;
}

/// <summary>The vendor's package, untouched.</summary>
/// <param name="Url">Good for as long as the slowest dock needs.</param>
/// <param name="Md5">Of all of it.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Name">As published: devices look at it.</param>
public sealed record DjiPackage(string Url, Md5Digest Md5, long Size, string Name);

/// <summary>One device of an upgrade.</summary>
/// <param name="Sn">Of the dock or its aircraft.</param>
/// <param name="Version">Any text: no pattern holds for all of the vendor's versions.</param>
/// <param name="Type">What kind of upgrade.</param>
/// <param name="Package">May be null for a consistency upgrade.</param>
public sealed record DjiOtaDevice(string Sn, string Version, DjiUpgradeType Type, DjiPackage? Package);
