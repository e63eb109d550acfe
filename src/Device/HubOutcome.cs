using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>How a transfer of the Hub dialect ended on the device.</summary>
/// <param name="Resource">What was moved.</param>
/// <param name="Ending">Whether it succeeded.</param>
/// <param name="Code">Result code of the last attempt, one of <see cref="HubResults"/>.</param>
/// <param name="Attempts">How often it was tried.</param>
public sealed record HubOutcome(HubResource Resource, TransferEnding Ending, int Code, int Attempts) : TransferOutcome(Ending, Code, Attempts);
