namespace Waybill.Protocols.DjiCloud;

/// <summary>
/// What <c>osd</c> and <c>state</c> say of what matters to files: versions, and why something cannot run now. Each message holds a few of
/// the many properties, so null means that this one said nothing.
/// </summary>
public sealed record DjiProperties : DjiUp
{
    /// <summary>Any text.</summary>
    public string? FirmwareVersion { get; init; }

    /// <summary>Of a dock as in <see cref="DjiDockMode"/>; of an aircraft it means something else.</summary>
    public int? Mode { get; init; }

    /// <summary>Whether the emergency stop is pressed.</summary>
    public bool? IsStopped { get; init; }

    /// <summary>Whether the aircraft stands in the dock.</summary>
    public bool? HasAircraft { get; init; }

    /// <summary><c>compatible_status</c>: whether a consistency upgrade is wanted.</summary>
    public bool? WantsConsistency { get; init; }

    /// <summary><c>firmware_upgrade_status</c>; not every model says it.</summary>
    public bool? IsUpgrading { get; init; }

    /// <summary>Percent: of the aircraft's battery, by itself or by the dock that charges it.</summary>
    public int? Battery { get; init; }

    /// <summary>The aircraft that belongs to the dock, also while it is off.</summary>
    public DjiPairedAircraft? Aircraft { get; init; }

    /// <summary>Room on the dock.</summary>
    public DjiRoom? Storage { get; init; }
}

/// <summary><c>sub_device</c> of a dock.</summary>
/// <param name="Sn">Null when blank.</param>
/// <param name="ModelKey">As <see cref="DjiThing.ModelKey"/>; null when blank.</param>
/// <param name="IsOnline">Whether it is on.</param>
/// <param name="IsPaired">Whether it is linked.</param>
public sealed record DjiPairedAircraft(string? Sn, string? ModelKey, bool? IsOnline, bool? IsPaired);

/// <summary><c>storage</c>, in KiB.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Used">What is used.</param>
public sealed record DjiRoom(long Total, long Used);

/// <summary><c>mode_code</c> of docks.</summary>
public static class DjiDockMode
{
    /// <summary>The only one in which exports and upgrades begin.</summary>
    public const int Idle = 0;

    /// <summary>Somebody works on it where it stands.</summary>
    public const int LocalDebug = 1;

    /// <summary>Somebody works on it from afar.</summary>
    public const int RemoteDebug = 2;

    /// <summary>Firmware is being upgraded.</summary>
    public const int Upgrading = 3;

    /// <summary>A task runs.</summary>
    public const int Working = 4;

    /// <summary>What a mode means, as the end of a sentence that begins with the dock.</summary>
    public static string Meaning(int mode) => mode switch
    {
        Idle => "is idle",
        LocalDebug => "is in local debugging",
        RemoteDebug => "is in remote debugging",
        Upgrading => "is upgrading",
        Working => "is working",
        _ => "is in a mode that is not known",
    };
}
