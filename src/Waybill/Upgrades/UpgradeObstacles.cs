using Waybill.Devices;

namespace Waybill.Upgrades;

/// <summary>Why an upgrade cannot begin now, said before anything is sent. A dock that is away is told when it comes.</summary>
static class UpgradeObstacles
{
    const int LowBattery = 20;

    public static RefusedException? Of(GatewayCondition seen, bool isOfAircraft)
    {
        if (seen.OtherJob is { } job)
            return new("dock_busy", $"The dock {job}: it cannot be upgraded until that has ended.");
        if (!seen.IsListening)
            return null;
        if (seen.Occupation is { } occupation)
            return new("dock_busy", $"The dock {occupation}: it can be upgraded when it is idle.");
        if (seen.IsStopped is true)
            return new("emergency_stop", "The emergency stop of the dock is pressed.");
        return isOfAircraft ? OfAircraft(seen) : null;
    }

    static RefusedException? OfAircraft(GatewayCondition seen)
    {
        if (seen.AircraftIsHome is false)
            return new("aircraft_away", "The aircraft is not in the dock.");
        return seen.Battery <= LowBattery ? new("battery_low", $"The battery of the aircraft is at {seen.Battery} %: more than {LowBattery} % are needed.") : null;
    }
}
