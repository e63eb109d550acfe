using System.Runtime.InteropServices;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Whose logs: texts, since devices write both <c>"0"</c> and <c>0</c>, and a later one must not be lost.</summary>
public static class DjiModules
{
    /// <summary>The aircraft's.</summary>
    public const string Aircraft = "0";

    /// <summary>The dock's.</summary>
    public const string Dock = "3";
}

/// <summary>The log of one start of a device.</summary>
/// <param name="Index"><c>boot_index</c>, which names it.</param>
/// <param name="Start">Unix milliseconds.</param>
/// <param name="End">Unix milliseconds.</param>
/// <param name="Size">Bytes.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DjiBootLog(long Index, long? Start = null, long? End = null, long? Size = null);

/// <summary>One module's part of the answer to <c>fileupload_list</c>.</summary>
/// <param name="Module">As in <see cref="DjiModules"/>, or what was sent.</param>
/// <param name="DeviceSn">Null when blank.</param>
/// <param name="Result">Not 0: this module's logs cannot be listed, whatever the others' say.</param>
/// <param name="Boots">At most <see cref="MaxBoots"/>.</param>
/// <param name="Unread">How many entries had no index, or were too many.</param>
public sealed record DjiModuleLogs(string? Module, string? DeviceSn, int Result, IReadOnlyList<DjiBootLog> Boots, int Unread)
{
    /// <summary>Most boots kept of one module.</summary>
    public const int MaxBoots = 2000;

    /// <summary>Whose logs these are, when the device's number is blank too; null when only the module could tell and does not.</summary>
    public string? Owner(string dockSn, string? aircraftSn) => DeviceSn ?? Module switch
    {
        DjiModules.Aircraft => aircraftSn,
        DjiModules.Dock => dockSn,
        _ => null,
    };
}

/// <summary>The answer to any command.</summary>
/// <param name="Result">0, or an error code; null when the data had none.</param>
/// <param name="Status">Of <c>ota_create</c>; null when none was sent.</param>
/// <param name="Logs">Of <c>fileupload_list</c>; empty otherwise.</param>
public sealed record DjiCommandReply(int? Result, DjiStatus? Status, IReadOnlyList<DjiModuleLogs> Logs) : DjiUp
{
    /// <summary>Most modules kept; two are documented.</summary>
    public const int MaxModules = 8;
}

/// <summary><c>fileupload_progress</c>.</summary>
/// <param name="Result">Not 0: the job failed.</param>
/// <param name="Status">Of the job; null when none was sent.</param>
/// <param name="Files">At most <see cref="MaxFiles"/>: one per module, in some implementations one per boot.</param>
public sealed record DjiLogProgress(int Result, DjiStatus? Status, IReadOnlyList<DjiLogFile> Files) : DjiUp
{
    /// <summary>Most files kept.</summary>
    public const int MaxFiles = 1000;
}

/// <summary>How one file of a log job stands.</summary>
/// <param name="Module">As in <see cref="DjiModules"/>.</param>
/// <param name="DeviceSn">Null when blank.</param>
/// <param name="Key">Where it is in the bucket; in the oldest generation the device chooses it.</param>
/// <param name="Fingerprint">As sent.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Progress">How far it is.</param>
public sealed record DjiLogFile(string? Module, string? DeviceSn, string? Key, string? Fingerprint, long? Size, DjiFileProgress Progress)
{
    /// <summary>Longest key and fingerprint read, in bytes: that of S3.</summary>
    public const int MaxKey = 1024;
}

/// <summary>How far a file is; every part of it is missing in one generation or another.</summary>
/// <param name="Percent">Of the current step, 0 to 100.</param>
/// <param name="CurrentStep">From 1.</param>
/// <param name="TotalSteps">Missing for the aircraft in the vendor's own example.</param>
/// <param name="Status">Null when none was sent.</param>
/// <param name="Result">Not 0: failed, even when the status lags behind.</param>
/// <param name="FinishTime">Unix milliseconds.</param>
/// <param name="Rate">Bytes per second.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DjiFileProgress(
    int? Percent, int? CurrentStep, int? TotalSteps, DjiStatus? Status, int Result, long? FinishTime, long? Rate)
{
    /// <summary>Of the whole file, 0 to 100: needs no number of steps.</summary>
    public int? Overall => CurrentStep is > 0 and var current && TotalSteps is { } total && current <= total && Percent is { } percent
        ? (int)(((current - 1) * 100L + percent) / total)
        : Percent;

    /// <summary>Whether it failed.</summary>
    public bool IsFailure => Result != 0 || Status is { IsFinal: true, State: not DjiState.Ok };
}
