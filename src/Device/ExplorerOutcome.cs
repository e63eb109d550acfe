using Waybill.Protocols.TencentExplorer;

namespace Waybill.Device;

/// <summary>How a transfer of the Explorer dialect ended on the device.</summary>
/// <param name="Kind">Which way the file went.</param>
/// <param name="Resource">What was moved or deleted.</param>
/// <param name="Ending">Whether it succeeded.</param>
/// <param name="Code">Result code of the last attempt, one of <see cref="ExplorerResults"/>.</param>
/// <param name="Attempts">How often it was tried.</param>
public sealed record ExplorerOutcome(ExplorerTransfer Kind, ExplorerResource Resource, TransferEnding Ending, int Code, int Attempts)
    : TransferOutcome(Ending, Code, Attempts);

/// <summary>What devices of the Explorer dialect do.</summary>
public enum ExplorerTransfer
{
    /// <summary>It put a file.</summary>
    Upload,

    /// <summary>It was told to fetch a file.</summary>
    Download,

    /// <summary>It was told to delete a file.</summary>
    Removal,
}
