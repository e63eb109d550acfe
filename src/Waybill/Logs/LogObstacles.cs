using Waybill.Devices;

namespace Waybill.Logs;

/// <summary>
/// Why logs cannot be had now, said before anything is sent. A dock that is away is asked when it comes, and one whose aircraft is off
/// still has its own logs.
/// </summary>
static class LogObstacles
{
    public static RefusedException? Of(GatewayCondition seen, IReadOnlyList<string> modules)
    {
        if (seen.OtherJob is { } job)
            return new("dock_busy", $"The dock {job}: it gives no logs until that has ended.");
        if (!seen.IsListening)
            return null;
        if (seen.Occupation is { } occupation)
            return new("dock_busy", $"The dock {occupation}: it gives no logs meanwhile.");
        return seen.AircraftIsOn is false && modules.All(m => m == LogModules.Aircraft)
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
