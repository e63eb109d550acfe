namespace Waybill.Transfers;

enum Reported
{
    Running,
    Done,
    Fail,
}

/// <summary>What a device says of a transfer: how far it is, or how it ended.</summary>
/// <param name="State">Running or final.</param>
/// <param name="Percent">0 to 100; null when not said.</param>
/// <param name="Code">The device's result code.</param>
/// <param name="Text">The device's words.</param>
/// <param name="IsHopeless">Another attempt would end the same way.</param>
readonly record struct ReportedProgress(Reported State, int? Percent, long Code, string Text, bool IsHopeless = false)
{
    public override string ToString() =>
        State == Reported.Running ? $"{Percent ?? 0} %" : $"{(State == Reported.Done ? "done" : "fail")} {Code} {Text}".TrimEnd();
}

/// <summary>
/// A progress or final report. Everything is answered; reports after the end are recorded, not applied.
/// <see cref="TransferMessage.Refusal"/> is set once, after a cancel: the device stops on it.
/// </summary>
class TransferReport(TransferKey key, ReportedProgress progress) : TransferMessage
{
    public TransferKey Key => key;

    public bool IsFinal => progress.State != Reported.Running;

    public override void Need(TransferView view) => view.NeededKeys.Add(key);

    /// <summary>The transfer that the device means; null: none.</summary>
    protected virtual Transfer? Find(TransferView view) => view.Find(key);

    protected override Decision Rule(TransferView view, Moment moment)
    {
        if (Find(view) is not { } transfer)
            return Decision.Nothing;
        if (!transfer.IsOpen)
            return Late(transfer);
        return progress.State switch
        {
            Reported.Running => Running(transfer, moment),
            Reported.Done => Done(transfer, moment),
            _ => Fail(transfer, moment),
        };
    }

    Decision Late(Transfer transfer)
    {
        if (transfer is { State: TransferState.Canceled, Told: false } && !IsFinal)
            return new(Changed: transfer with { Told = true, Report = progress.ToString() },
                Refusal: new RefusedException("canceled", "The transfer was canceled."));
        var report = progress.ToString();
        var agrees = progress.State switch
        {
            Reported.Done => transfer.State == TransferState.Ok,
            Reported.Fail => transfer.State == TransferState.Failed,
            _ => true,
        };
        return agrees || string.Equals(transfer.Report, report, StringComparison.Ordinal)
            ? new(Unchanged: transfer)
            : new(Changed: transfer with { Report = report });
    }

    Decision Running(Transfer transfer, Moment moment)
    {
        var percent = Math.Clamp(progress.Percent ?? transfer.Percent, 0, 100);
        var due = transfer.Kind == TransferKind.Upload
            ? transfer.DeadlineAt
            : Math.Min(transfer.DeadlineAt, moment.After(moment.Settings.Silence));
        return new(Changed: transfer with { State = TransferState.InProgress, Step = TransferStep.None, Percent = percent, DueAt = due });
    }

    Decision Done(Transfer transfer, Moment moment)
    {
        if (transfer.Kind == TransferKind.Removal || (transfer.Kind == TransferKind.Download && transfer.Served.Covers(transfer.Size)))
            return new(Changed: transfer.Ended(TransferState.Ok));
        return transfer.Step == TransferStep.Verifying
            ? new(Unchanged: transfer)
            : new(Changed: transfer.Claimed(progress.ToString(), moment));
    }

    /// <summary>Without a running attempt there is nothing to end: devices report one failure twice (quirk H15).</summary>
    Decision Fail(Transfer transfer, Moment moment)
    {
        if (!transfer.IsRunning)
            return new(Unchanged: transfer);
        var reason = progress.Text.Length > 0 ? progress.Text : $"the device reported code {progress.Code}";
        var failed = progress.IsHopeless ? transfer.Ended(TransferState.Failed, reason) with { Attempts = transfer.Attempts + 1 } : transfer.AttemptFailed(TransferState.Failed, reason, moment);
        return new(Changed: failed with { Code = progress.Code, Report = progress.ToString() });
    }
}
