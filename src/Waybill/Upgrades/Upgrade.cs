using Waybill.Devices;
using Waybill.Events;

namespace Waybill.Upgrades;

/// <summary>How an upgrade stands. 10 and above are terminal and sticky: the numbers of transfers.</summary>
enum UpgradeState
{
    /// <summary>Waits for the dock.</summary>
    Pending = 0,
    Sent = 1,
    InProgress = 2,
    Paused = 3,
    Ok = 10,
    Failed = 11,
    Rejected = 12,
    Canceled = 13,
    Timeout = 14,
}

enum UpgradeStep
{
    None = 0,

    /// <summary>The answer was lost: the dock may or may not be at work, and is not told twice.</summary>
    Unknown = 1,

    /// <summary>The dock says that it is done; not every device has said its new version.</summary>
    Verifying = 2,
}

/// <summary>
/// One upgrade of a dock, its aircraft or both. The dock says nothing of the devices apart: one stream of progress is that of all. Times
/// are Unix milliseconds.
/// </summary>
sealed record Upgrade : IGatewayJob<Upgrade>
{
    public required long Id { get; init; }

    /// <summary>Row id of the dock.</summary>
    public required long GatewayId { get; init; }

    public required IReadOnlyList<UpgradeTarget> Targets { get; init; }

    public UpgradeState State { get; init; }
    public UpgradeStep Step { get; init; }

    /// <summary>What the dock is doing, in its own word.</summary>
    public string? Stage { get; init; }

    /// <summary>Of the stage.</summary>
    public int Percent { get; init; }

    /// <summary>Bytes per second.</summary>
    public long? Rate { get; init; }

    /// <summary>Firmware is being written: devices restart, and from here on their versions are news.</summary>
    public bool IsWriting { get; init; }

    /// <summary>The dock says that it is done.</summary>
    public bool IsClaimed { get; init; }

    /// <summary>When the dock was told; null: it was not.</summary>
    public long? ToldAt { get; init; }

    /// <summary>It has answered, or said something of it.</summary>
    public bool IsAnswered { get; init; }

    /// <summary>The dock's code, kept as it came.</summary>
    public int? Code { get; init; }

    /// <summary>Why it is in this state, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>What the dock said after the end: recorded, not applied.</summary>
    public string? Report { get; init; }

    public required long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
    public required long DeadlineAt { get; init; }

    /// <summary>When the clock must look at it again; null when it is over.</summary>
    public long? DueAt { get; init; }

    public bool IsOpen => State < UpgradeState.Ok;

    /// <summary>Packages are fetched by URL.</summary>
    public string? CredentialJob => null;

    public bool HasWork => State == UpgradeState.Pending && ToldAt is null;

    /// <summary>Whether every device runs what it was to run.</summary>
    public bool IsProven => Targets.All(t => t.IsProven);

    public Upgrade At(long updatedAt) => this with { UpdatedAt = updatedAt };

    public EventRow ToEvent() => new(0, GatewayId, Id, UpdatedAt, (short)(EventSubject.Upgrade + (short)State))
    {
        Step = (short)Step,
        Percent = (short)Percent,
        Code = Code,
        Reason = EventReason.Of(Reason),
    };

    public Upgrade Ended(UpgradeState state, string? reason, int? code = null) => this with
    {
        State = state,
        Step = UpgradeStep.None,
        Percent = state == UpgradeState.Ok ? 100 : Percent,
        Reason = reason,
        Code = code ?? Code,
        DueAt = null,
    };
}

/// <summary>What one device is to run.</summary>
sealed record UpgradeTarget
{
    public required string Sn { get; init; }

    /// <summary>Any text.</summary>
    public required string Version { get; init; }

    /// <summary>2 consistency, 3 normal, 4 PSDK.</summary>
    public required int Type { get; init; }

    /// <summary>The package in the library; null where a consistency upgrade goes without.</summary>
    public string? FileName { get; init; }

    /// <summary>Its version there, which need not be what the device calls it.</summary>
    public string? FileVersion { get; init; }

    /// <summary>What it ran before; null when nobody knew.</summary>
    public string? Before { get; init; }

    /// <summary>What it said to run since firmware was being written.</summary>
    public string? Reported { get; init; }

    public bool IsProven => string.Equals(Reported, Version, StringComparison.Ordinal);

    /// <summary>The version alone cannot tell that anything happened: it was the same before.</summary>
    public bool IsAmbiguous => Before is null || string.Equals(Before, Version, StringComparison.Ordinal);
}
