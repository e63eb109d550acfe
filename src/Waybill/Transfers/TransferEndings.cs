namespace Waybill.Transfers;

/// <summary>The ways a transfer or one of its attempts ends: used by every rule, so they end alike.</summary>
static class TransferEndings
{
    public static Transfer Ended(this Transfer transfer, TransferState state, string? reason = null) => transfer with
    {
        State = state,
        Step = TransferStep.None,
        Percent = state == TransferState.Ok ? 100 : transfer.Percent,
        Reason = reason,
        DueAt = null,
    };

    /// <summary>A newer transfer of the same key takes over; null when this one had ended anyway.</summary>
    public static Transfer? Superseded(this Transfer transfer) =>
        transfer.IsOpen ? transfer.Ended(TransferState.Canceled, "superseded") : null;

    /// <summary>An attempt ended without success: wait and try again, or give up.</summary>
    public static Transfer AttemptFailed(this Transfer transfer, TransferState whenUsedUp, string reason, Moment moment)
    {
        var attempts = transfer.Attempts + 1;
        if (attempts >= moment.Settings.Attempts)
            return transfer.Ended(whenUsedUp, reason) with { Attempts = attempts };
        var due = transfer.Kind == TransferKind.Upload
            ? transfer.DeadlineAt
            : Math.Min(transfer.DeadlineAt, moment.Now + moment.Settings.BackOffAfter(attempts));
        return transfer with { State = TransferState.Pending, Step = TransferStep.None, Attempts = attempts, Reason = reason, DueAt = due };
    }

    /// <summary>The device says done, we have no proof yet: it has the grace time to turn up.</summary>
    public static Transfer Claimed(this Transfer transfer, string report, Moment moment) => transfer with
    {
        State = TransferState.InProgress,
        Step = TransferStep.Verifying,
        Report = report,
        DueAt = moment.After(moment.Settings.Grace),
    };
}
