using Waybill.Objects;

namespace Waybill.Logs;

/// <summary>The chosen logs of one module, as one object in storage.</summary>
sealed record LogArchive
{
    public required string Module { get; init; }

    /// <summary>Serial number of the device whose logs these are; empty where nobody knows.</summary>
    public required string DeviceSn { get; init; }

    public required IReadOnlyList<long> BootIndexes { get; init; }

    /// <summary>Where the dock was told to put it.</summary>
    public required string ObjectKey { get; init; }

    /// <summary>Where it says that it did: the oldest generation chooses by itself.</summary>
    public string? ReportedKey { get; init; }

    public LogState State { get; init; }

    /// <summary>What the dock is doing, in its own word.</summary>
    public string? Stage { get; init; }

    public int Percent { get; init; }

    /// <summary>Bytes, as reported.</summary>
    public long? Size { get; init; }

    /// <summary>As reported.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The dock says that it is uploaded.</summary>
    public bool IsClaimed { get; init; }

    /// <summary>Bytes of what was seen in storage; null: nothing was.</summary>
    public long? StoredSize { get; init; }

    /// <summary>Of what was seen, where the storage is ours.</summary>
    public Sha256Digest? Sha256 { get; init; }

    /// <summary>The dock was told to stop it.</summary>
    public bool IsUnwanted { get; init; }

    public int? Code { get; init; }
    public string? Reason { get; init; }

    public bool IsOpen => State < LogState.Ok;

    /// <summary>Where it is to be looked for.</summary>
    public string Key => ReportedKey ?? ObjectKey;

    public LogArchive Ended(LogState state, string? reason, int? code = null) =>
        this with { State = state, Percent = state == LogState.Ok ? 100 : Percent, Reason = reason, Code = code ?? Code };

    /// <summary>Whether what was seen is what the dock says it is.</summary>
    public bool IsProven => StoredSize is { } stored && (Size is null || Size == stored);

    /// <summary>Claimed and seen is ok; one without the other is not.</summary>
    public LogArchive Settled() => IsOpen && IsClaimed && IsProven ? Ended(LogState.Ok, null) : this;
}
