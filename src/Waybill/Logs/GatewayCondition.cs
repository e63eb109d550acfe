namespace Waybill.Logs;

/// <summary>What a dock last said of itself and its aircraft; kept in memory, null where it said nothing.</summary>
sealed record GatewayCondition
{
    public static GatewayCondition Unknown { get; } = new();

    /// <summary>Whether the dock is there and listens.</summary>
    public bool IsListening { get; init; }

    public bool? AircraftIsOn { get; init; }
    public bool? AircraftIsHome { get; init; }
    public int? Battery { get; init; }
    public bool? IsStopped { get; init; }
    public bool? IsUpgrading { get; init; }

    /// <summary>What the dock is doing, as the end of a sentence; null when it is idle or did not say.</summary>
    public string? Occupation { get; init; }

    /// <summary>The serial number of its aircraft, also while that is off.</summary>
    public string? AircraftSn { get; init; }

    /// <summary>
    /// Why logs of these modules cannot be had now. A dock that is away is asked later, and one whose aircraft alone is off still has its own.
    /// </summary>
    public RefusedException? LogObstacle(IReadOnlyList<string> modules)
    {
        if (!IsListening)
            return null;
        if (IsUpgrading is true)
            return new("dock_upgrading", "The dock is upgrading: it gives no logs until that has ended.");
        if (Occupation is { } occupation)
            return new("dock_busy", $"The dock {occupation}: it gives no logs meanwhile.");
        return AircraftIsOn is false && modules.All(m => m == LogModules.Aircraft)
            ? new("aircraft_off", "The aircraft is off or not linked: its logs can be had when it is on.")
            : null;
    }
}

/// <summary>Whose logs.</summary>
static class LogModules
{
    public const string Aircraft = "0";
    public const string Dock = "3";

    public static bool IsKnown(string module) => module is Aircraft or Dock;
}
