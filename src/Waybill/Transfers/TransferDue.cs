namespace Waybill.Transfers;

/// <summary>What was seen when the clock struck.</summary>
/// <param name="Listening">The device is connected and takes commands.</param>
/// <param name="BytesFlowing">A request for the transfer's URL is being served.</param>
readonly record struct Sighting(bool Listening, bool BytesFlowing);

/// <summary>A transfer's time has come: a claim was not proven, a device was silent, a back-off is over, a deadline passed.</summary>
sealed class TransferDue(long id, Sighting seen) : PlatformMessage
{
    static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    public override void Need(TransferView view) => view.NeededIds.Add(id);

    protected override Decision Rule(TransferView view, Moment moment)
    {
        if (view.Find(id) is not { IsOpen: true } transfer || transfer.DueAt > moment.Now)
            return Decision.Nothing;
        if (seen.BytesFlowing)
            return new(Changed: transfer with { DueAt = moment.After(Again) });
        if (transfer.Step == TransferStep.Verifying)
            return new(Changed: transfer.Ended(TransferState.Failed, "the device said done, but the bytes were not seen"));
        if (transfer.DeadlineAt <= moment.Now)
            return new(Changed: transfer.Ended(TransferState.Timeout, transfer.Reason ?? Overdue(transfer)));
        return new(Changed: transfer.IsRunning ? Silent(transfer, moment) : transfer with { DueAt = transfer.DeadlineAt });
    }

    static string Overdue(Transfer transfer) =>
        transfer.Kind == TransferKind.Upload ? "the bytes did not arrive while the URL was valid" : "the device did not fetch it before the deadline";

    /// <summary>A device that is away has not failed: it is offered again when it listens.</summary>
    Transfer Silent(Transfer transfer, Moment moment) => seen.Listening
        ? transfer.AttemptFailed(TransferState.Timeout, "the device went silent", moment)
        : transfer with { State = TransferState.Pending, DueAt = transfer.DeadlineAt };
}
