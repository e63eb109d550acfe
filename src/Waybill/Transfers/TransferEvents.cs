using Waybill.Events;

namespace Waybill.Transfers;

/// <summary>What of a transfer's changes is an event: every state and step, and the percent where it passes a multiple of five.</summary>
static class TransferEvents
{
    const int PercentStep = 5;

    public static bool IsWorthTelling(Transfer before, Transfer after) =>
        before.State != after.State || before.Step != after.Step || before.Percent / PercentStep != after.Percent / PercentStep;

    public static EventRow Of(Transfer transfer) => new(0, transfer.DeviceId, transfer.Id, transfer.UpdatedAt, (short)transfer.State)
    {
        Step = (short)transfer.Step,
        Percent = (short)transfer.Percent,
        Code = transfer.Code,
        Reason = EventReason.Of(transfer.Reason),
    };
}
