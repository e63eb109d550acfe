using Waybill.Devices;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Dialects.DjiCloud;

/// <summary>What properties and topology say of how a dock stands; each message says a part of it.</summary>
static class DjiConditions
{
    public static GatewayCondition OfDock(this GatewayCondition before, DjiProperties said) => before with
    {
        AircraftSn = said.Aircraft?.Sn ?? before.AircraftSn,
        AircraftIsOn = said.Aircraft?.IsOnline ?? before.AircraftIsOn,
        AircraftIsHome = said.HasAircraft ?? before.AircraftIsHome,
        Battery = said.Battery ?? before.Battery,
        IsStopped = said.IsStopped ?? before.IsStopped,
        Occupation = said switch
        {
            { IsUpgrading: true } => DjiDockMode.Meaning(DjiDockMode.Upgrading),
            { Mode: DjiDockMode.Idle } => null,
            { Mode: { } mode } => DjiDockMode.Meaning(mode),
            { IsUpgrading: false } when before.Occupation == DjiDockMode.Meaning(DjiDockMode.Upgrading) => null,
            _ => before.Occupation,
        },
    };

    /// <summary>The aircraft's own properties; its mode is of another kind than the dock's.</summary>
    public static GatewayCondition OfAircraft(this GatewayCondition before, DjiProperties said) => before with { Battery = said.Battery ?? before.Battery };

    /// <summary>Without an aircraft in it: it is off, and still the dock's.</summary>
    public static GatewayCondition Of(this GatewayCondition before, DjiTopology topology) => before with
    {
        AircraftSn = topology.SubDevices is [var aircraft, ..] ? aircraft.Sn : before.AircraftSn,
        AircraftIsOn = topology.SubDevices.Count > 0,
    };
}
