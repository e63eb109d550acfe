using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>How a dock and its aircraft stand: what decides whether a command can be followed now.</summary>
public sealed record DjiCondition
{
    /// <summary>Whether the aircraft is on and linked.</summary>
    public bool AircraftIsOn { get; init; } = true;

    /// <summary>Whether it stands in the dock.</summary>
    public bool AircraftIsHome { get; init; } = true;

    /// <summary>Percent of its battery.</summary>
    public int Battery { get; init; } = 90;

    /// <summary>Whether the emergency stop is pressed.</summary>
    public bool IsStopped { get; init; }

    /// <summary>As in <see cref="DjiDockMode"/>.</summary>
    public int Mode { get; init; } = DjiDockMode.Idle;

    /// <summary>Whether a module of the aircraft is at another version than the rest.</summary>
    public bool WantsConsistency { get; init; }

    /// <summary>Code with which the next upgrades fail while firmware is written; 0 for none.</summary>
    public int UpgradeFault { get; init; }

    /// <summary>Answers to commands that begin something never arrive; the work does.</summary>
    public bool LosesReplies { get; init; }

    /// <summary>The next export is broken off by a restart, before its bytes are sent.</summary>
    public bool RestartsInExport { get; init; }

    /// <summary>Fingerprints of archives are those of something else.</summary>
    public bool MistakesFingerprints { get; init; }

    /// <summary>Version of the dock.</summary>
    public string DockFirmware { get; init; } = "10.01.32.05";

    /// <summary>Version of the aircraft.</summary>
    public string AircraftFirmware { get; init; } = "07.01.20.01";

    internal DjiProperties DockState => new()
    {
        FirmwareVersion = DockFirmware,
        WantsConsistency = WantsConsistency,
        IsUpgrading = Mode == DjiDockMode.Upgrading,
    };

    internal DjiProperties AircraftState => new() { FirmwareVersion = AircraftFirmware };

    internal DjiProperties Osd(string aircraftSn, string? aircraftModel) => new()
    {
        Mode = Mode,
        IsStopped = IsStopped,
        HasAircraft = AircraftIsHome,
        Battery = Battery,
        Aircraft = new(aircraftSn, aircraftModel, AircraftIsOn, true),
        Storage = new(82_045_336, 512),
    };
}
