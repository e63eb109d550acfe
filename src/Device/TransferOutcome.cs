using System.Runtime.InteropServices;

namespace Waybill.Device;

/// <summary>How a transfer ended on the device.</summary>
/// <param name="Ending">Whether it succeeded.</param>
/// <param name="Code">Result code of the last attempt, as reported.</param>
/// <param name="Attempts">How often it was tried.</param>
public abstract record TransferOutcome(TransferEnding Ending, int Code, int Attempts)
{
    /// <summary>Whether the transfer succeeded.</summary>
    public bool IsOk => Ending == TransferEnding.Ok;
}

/// <summary>The ways a transfer ends on the device.</summary>
public enum TransferEnding
{
    /// <summary>It was done and reported.</summary>
    Ok,

    /// <summary>The attempts are used up.</summary>
    Failed,

    /// <summary>The platform answered a report with a code other than 0, which stops a transfer of the Hub dialect.</summary>
    Canceled,
}

/// <summary>How far a transfer is.</summary>
/// <param name="Bytes">Bytes moved by now; begins again with an attempt that cannot be resumed.</param>
/// <param name="Size">Bytes in all.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BytesMoved(long Bytes, long Size)
{
    /// <summary>0 to 100, rounded down.</summary>
    public int Percent => Size == 0 ? 100 : (int)(Bytes * 100 / Size);
}
