using System.Runtime.InteropServices;

namespace Waybill.Logs;

/// <summary>The logs that a module has, or why they cannot be had.</summary>
/// <param name="Module">Whose.</param>
/// <param name="DeviceSn">The serial number, also where the dock left it to the module; null when nobody knows.</param>
/// <param name="Code">0, or the dock's code for this module alone.</param>
/// <param name="Reason">What the code means, for people.</param>
/// <param name="Boots">One log for each start of the device.</param>
sealed record LogList(string Module, string? DeviceSn, int Code, string? Reason, IReadOnlyList<BootLog> Boots);

/// <summary>The log of one start of a device; times in Unix milliseconds, null where the dock told none.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct BootLog(long Index, long? Start, long? End, long? Size);
