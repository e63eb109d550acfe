namespace Waybill.Protocols.DjiCloud;

/// <summary>
/// Error codes of results. The vendor's lists differ and are known to be incomplete, so the number is what is kept and the meaning is for
/// people. The second and third digit name the module: 12 firmware, 24 logs, 14 and 16 flight, 19 tasks, 25 commands.
/// </summary>
public static class DjiErrorCodes
{
    /// <summary>Operation not possible in the current state: what to answer a request that must not get an empty success.</summary>
    public const int NotPossible = 314000;

    /// <summary>A consistency upgrade for which the device did not ask.</summary>
    public const int ConsistencyNotAsked = 312001;

    /// <summary>The aircraft is off or not connected: its logs cannot be had.</summary>
    public const int AircraftOff = 324015;

    /// <summary>The logs could not be fetched.</summary>
    public const int LogsNotFetched = 324018;

    /// <summary>The upload failed; also what bad credentials or an endpoint out of reach look like.</summary>
    public const int UploadFailed = 324019;

    /// <summary>The dock lost power or restarted and broke the export.</summary>
    public const int ExportRestarted = 324021;

    /// <summary>The dock is executing a task.</summary>
    public const int ExecutingTask = 325007;

    /// <summary>The dock is exporting logs.</summary>
    public const int ExportingLogs = 325009;

    /// <summary>A failure of an upgrade that has no code of its own.</summary>
    public const int UpgradeFailed = 312002;

    /// <summary>Already upgrading.</summary>
    public const int Upgrading = 312014;

    /// <summary>The dock is busy and cannot upgrade.</summary>
    public const int DockBusy = 312015;

    /// <summary>The package is not what was announced.</summary>
    public const int VersionCheckFailed = 312017;

    /// <summary>There is no aircraft in the dock.</summary>
    public const int AircraftNotHome = 312027;

    /// <summary>The battery is below 20 %.</summary>
    public const int BatteryLow = 312704;

    /// <summary>There are no logs to list.</summary>
    public const int EmptyLogList = 324014;

    /// <summary>The command is not in the required form.</summary>
    public const int BadCommand = 325001;

    /// <summary>The device is upgrading and does nothing else.</summary>
    public const int DeviceUpgrading = 319038;

    /// <summary>The aircraft failed to power on or is not connected.</summary>
    public const int AircraftNotReady = 312022;

    /// <summary>The emergency stop is pressed.</summary>
    public const int EmergencyStop = 316026;

    /// <summary>Bind refused: bad binding code.</summary>
    public const int BadBindingCode = 210229;

    /// <summary>Bind refused.</summary>
    public const int BindRefused = 210231;

    /// <summary>Bind refused: no such organization.</summary>
    public const int NoOrganization = 210234;

    /// <summary>What a code means, as a sentence without its end; null for 0 and for codes no list has.</summary>
    public static string? Meaning(int code) => (code / 1000) switch
    {
        210 => Binding(code),
        312 => Firmware(code),
        324 => Log(code),
        319 or 325 => Busy(code),
        314 or 316 or 514 => Other(code),
        _ => null,
    };

    static string? Binding(int code) => code switch
    {
        BadBindingCode => "the binding code is wrong",
        BindRefused => "binding was refused",
        NoOrganization => "the organization does not exist",
        _ => null,
    };

    static string? Firmware(int code) => code switch
    {
        ConsistencyNotAsked => "a consistency upgrade was sent but the device did not ask for one",
        (>= UpgradeFailed and <= 312004) or 312013 or (>= 312018 and <= 312021) or 312024 => "the upgrade failed, try again",
        312010 => "the request differs from the API",
        312012 => "a parameter is bad",
        Upgrading => "the device is already upgrading",
        DockBusy => "the dock is busy, wait until it is idle",
        312016 => "the link between dock and aircraft is broken, restart both",
        VersionCheckFailed => "the version check failed",
        AircraftNotReady => "the aircraft failed to power on or is not connected",
        312023 => "the driving rods did not close, look at the emergency stop and for obstructions",
        312025 => "deleting the old package failed",
        312026 => "unpacking failed",
        AircraftNotHome => "there is no aircraft in the dock",
        312028 => "the device restarted during the upgrade",
        312029 => "the device is restarting now",
        312030 => "enhanced 4G transmission is on, switch it off",
        BatteryLow => "the battery is below 20 %",
        _ => null,
    };

    static string? Log(int code) => code switch
    {
        324001 => "a restart of the device broke the export",
        324012 => "compressing timed out, choose fewer logs",
        324013 => "the list of logs could not be read",
        EmptyLogList => "the list of logs is empty",
        AircraftOff => "the aircraft is off or not connected",
        324016 => "the dock's storage is too full",
        324017 => "the aircraft's logs are not available or could not be compressed",
        LogsNotFetched => "the logs could not be fetched",
        UploadFailed => "the upload failed: network, endpoint or credentials",
        ExportRestarted => "the dock lost power or restarted and broke the export",
        324030 or 324031 => "media could not be uploaded",
        324032 => "the media's priority could not be changed",
        _ => null,
    };

    static string? Busy(int code) => code switch
    {
        319016 => "another flight task is running",
        319017 => "media are still being handled",
        319018 => "logs are being exported, no flight is possible",
        319019 => "logs are being pulled, no flight is possible",
        319036 => "the dock is in remote debugging",
        319037 => "the dock is in local debugging",
        DeviceUpgrading => "the device is upgrading",
        319999 => "the dock has a system error, restart it",
        BadCommand => "the command is not in the required form",
        325003 => "the command failed, try again",
        325004 => "the device did not answer the dock in time",
        325005 => "the device cannot respond now",
        325006 => "the dock is checking itself after its start",
        ExecutingTask => "the dock is executing a task",
        325008 => "the dock is finishing a task",
        ExportingLogs => "the dock is exporting logs",
        325010 => "the dock is updating flight areas",
        325011 => "the dock is updating its offline map",
        325012 => "the aircraft is not connected",
        _ => null,
    };

    static string? Other(int code) => code switch
    {
        NotPossible => "the operation is not possible in the current state",
        EmergencyStop => "the emergency stop is pressed",
        514147 or 514150 or 514151 => "the device is upgrading or restarting",
        _ => null,
    };
}
