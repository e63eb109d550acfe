namespace Waybill.Cli.Simulate.Docks;

/// <summary>What a dock does, well or badly, and what is to come of it.</summary>
enum DockTrial
{
    BringUp,
    Logs,
    Upgrade,
    Media,
    WrongCode,
    LostReply,
    BlankSn,
    RandomBid,
    AircraftOff,
    Restart,
    UploadCut,
    WrongFingerprint,
    LowBattery,
    EmergencyStop,
    UpgradeFails,
}

static class DockTrials
{
    /// <summary>Those that go wrong.</summary>
    public static readonly IReadOnlyList<DockTrial> Faults = [.. Enum.GetValues<DockTrial>().Where(t => t >= DockTrial.WrongCode)];

    /// <summary>What <c>--dock-faults</c> takes, and what bars and tables say.</summary>
    public static string Word(this DockTrial trial) => trial switch
    {
        DockTrial.BringUp => "arrival",
        DockTrial.WrongCode => "wrong-binding-code",
        DockTrial.LostReply => "lost-reply",
        DockTrial.BlankSn => "blank-sn",
        DockTrial.RandomBid => "random-bid",
        DockTrial.AircraftOff => "aircraft-off",
        DockTrial.UploadCut => "upload-cut",
        DockTrial.WrongFingerprint => "wrong-fingerprint",
        DockTrial.LowBattery => "low-battery",
        DockTrial.EmergencyStop => "emergency-stop",
        DockTrial.UpgradeFails => "upgrade-fails",
        _ => trial.ToString().ToLowerInvariant(),
    };

    /// <summary>What is proven when it ends as it should.</summary>
    public static string Expected(this DockTrial trial) => trial switch
    {
        DockTrial.BringUp => "bound, topology and osd told",
        DockTrial.Logs => "ok, and what is in storage is what the dock packed",
        DockTrial.Upgrade => "ok, and dock and aircraft run the new version",
        DockTrial.Media => "a file of the dock, once though told again and again",
        DockTrial.WrongCode => "not bound, and the API says why",
        DockTrial.LostReply => "ok, begun once",
        DockTrial.BlankSn or DockTrial.RandomBid => "ok all the same",
        DockTrial.AircraftOff => "refused: aircraft_off; the dock's own logs come",
        DockTrial.Restart => "failed with 324021",
        DockTrial.UploadCut => "failed with 324019",
        DockTrial.WrongFingerprint => "ok, its word kept",
        DockTrial.LowBattery => "refused: battery_low",
        DockTrial.EmergencyStop => "refused: emergency_stop",
        _ => "failed with 312002",
    };
}
