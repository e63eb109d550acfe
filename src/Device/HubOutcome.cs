using System.Runtime.InteropServices;
using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>How a transfer ended on the device.</summary>
/// <param name="Resource">What was moved.</param>
/// <param name="Ending">Whether it succeeded.</param>
/// <param name="Code">Result code of the last attempt, one of <see cref="HubResults"/>.</param>
/// <param name="Attempts">How often it was tried.</param>
public sealed record HubOutcome(HubResource Resource, HubEnding Ending, int Code, int Attempts)
{
    /// <summary>Whether the transfer succeeded.</summary>
    public bool IsOk => Ending == HubEnding.Ok;
}

/// <summary>The ways a transfer ends on the device.</summary>
public enum HubEnding
{
    /// <summary>The bytes were moved and reported.</summary>
    Ok,

    /// <summary>The attempts are used up.</summary>
    Failed,

    /// <summary>The platform answered a report with a code other than 0, which stops a transfer.</summary>
    Canceled,
}

/// <summary>How far a transfer is.</summary>
/// <param name="Bytes">Bytes moved by now; begins again with an attempt that cannot be resumed.</param>
/// <param name="Size">Bytes in all.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HubMoved(long Bytes, long Size)
{
    /// <summary>0 to 100, rounded down.</summary>
    public int Percent => Size == 0 ? 100 : (int)(Bytes * 100 / Size);
}
