using Waybill.Quotas;

namespace Waybill.Transfers;

/// <summary>Who must know of a batch that was committed.</summary>
sealed class CommittedTransfers(TransferRows rows, GrantedTransfers granted, CommandQueue commands, UploadRefusals refusals)
{
    public void Tell(TransferView view)
    {
        rows.Committed(view);
        foreach (var (device, refusal) in view.Refused)
            refusals.Note(device, refusal);
        foreach (var (before, after) in view.Changed)
        {
            granted.Committed(after);
            // a device takes one after the other: what waits may go when one has ended
            if (before is { Kind: TransferKind.Download, IsRunning: true } && !after.IsRunning)
                commands.Wake(after.DeviceId);
        }
    }
}
