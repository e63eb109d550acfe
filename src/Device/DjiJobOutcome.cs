using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>What a dock does for the platform.</summary>
public enum DjiJob
{
    /// <summary>Puts logs into a bucket.</summary>
    Logs,

    /// <summary>Upgrades itself, its aircraft or both.</summary>
    Upgrade,
}

/// <summary>How a job of a dock ended.</summary>
/// <param name="Job">Which kind.</param>
/// <param name="Bid">That of the command.</param>
/// <param name="State">As reported, or as it would have been.</param>
/// <param name="Code">0, or the code it failed with.</param>
/// <param name="Bytes">What was moved.</param>
public sealed record DjiJobOutcome(DjiJob Job, string? Bid, DjiState State, int Code, long Bytes);
