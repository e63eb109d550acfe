using Waybill.Link;
using Waybill.Objects;
using Waybill.Protocols;

namespace Waybill.Transfers;

enum TransferKind
{
    Upload = 0,
    Download = 1,
    Removal = 2,
}

/// <summary>10 and above are terminal and sticky.</summary>
enum TransferState
{
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

enum TransferStep
{
    None = 0,

    /// <summary>A reply was lost: the device may or may not be at work.</summary>
    Unknown = 1,

    /// <summary>The device claims to be done, the proof is missing.</summary>
    Verifying = 2,
}

/// <summary>What names a transfer on the wire: of these there is one newest.</summary>
readonly record struct TransferKey(long DeviceId, TransferKind Kind, string Name);

/// <summary>One file moving one way for one device. Times are Unix milliseconds, sizes bytes.</summary>
sealed record Transfer
{
    public const long UnknownSize = -1;

    public required long Id { get; init; }
    public required long DeviceId { get; init; }
    public required TransferKind Kind { get; init; }
    public required string Name { get; init; }

    public TransferState State { get; init; }
    public TransferStep Step { get; init; }
    public int Percent { get; init; }
    /// <summary><see cref="UnknownSize"/> until the bytes came, where the device did not announce it.</summary>
    public required long Size { get; init; }
    public Md5Digest? Md5 { get; init; }
    public string? Version { get; init; }

    /// <summary>What kind of file it is (<c>FILE</c>, <c>AUDIO</c>), in dialects that have kinds.</summary>
    public string? Type { get; init; }

    /// <summary>The bytes: of a download from the start, of an upload once they are stored.</summary>
    public Sha256Digest? Sha256 { get; init; }

    /// <summary>Tries that ended without success.</summary>
    public int Attempts { get; init; }

    /// <summary>The device's result code of the attempt that failed last.</summary>
    public long? Code { get; init; }

    /// <summary>Why it is in this state, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>What the device reported after the end, or against the proof: recorded, not applied.</summary>
    public string? Report { get; init; }

    /// <summary>Whether the device has been told that the transfer was canceled.</summary>
    public bool Told { get; init; }

    public required long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
    public long UrlExpiresAt { get; init; }
    public required long DeadlineAt { get; init; }

    /// <summary>When the clock must look at it again; null when it is over.</summary>
    public long? DueAt { get; init; }

    /// <summary>Which bytes were served to the device.</summary>
    public RangeSet Served { get; init; } = RangeSet.Empty;

    public bool IsOpen => State < TransferState.Ok;

    /// <summary>An upload whose bytes are kept.</summary>
    public bool IsKept => this is { Kind: TransferKind.Upload, State: TransferState.Ok, Sha256: not null };

    public bool IsRunning => State is TransferState.Sent or TransferState.InProgress or TransferState.Paused;

    /// <summary>What tells the device of it; none for an upload, which the device asks for.</summary>
    public Commands Command => Kind switch
    {
        TransferKind.Download => Commands.Download,
        TransferKind.Removal => Commands.Removal,
        _ => Commands.None,
    };

    public TransferKey Key => new(DeviceId, Kind, Name);

    /// <summary>Whether nothing but the progress differs: the frequent change, saved without touching an index.</summary>
    public bool IsProgressOf(Transfer before) =>
        this == before with { State = State, Step = Step, Percent = Percent, UpdatedAt = UpdatedAt };
}
