using Waybill.Link;

namespace Waybill.Transfers;

/// <summary>A device asks whether there is something to download. No <see cref="TransferMessage.Result"/>: there is not.</summary>
sealed class DownloadAsk(long deviceId) : TransferMessage
{
    public override void Need(TransferView view) => view.NeededDevices.Add(deviceId);

    protected override Decision Rule(TransferView view, Moment moment)
    {
        var downloads = view.Queue(deviceId).Where(t => t.Kind == TransferKind.Download).ToList();
        return (downloads.Find(t => t.IsRunning) ?? downloads.FirstOrDefault()) is { } next
            ? new(Changed: next.Offered(moment))
            : Decision.Nothing;
    }
}

/// <summary>
/// The platform offers a listening device what it is to do next. With <paramref name="again"/> (a new connection, a new report, a silence)
/// the outstanding one is offered once more; without, nothing happens while one is outstanding.
/// </summary>
sealed class CommandOffer(long deviceId, Commands commands, bool again) : TransferMessage
{
    public override void Need(TransferView view) => view.NeededDevices.Add(deviceId);

    protected override Decision Rule(TransferView view, Moment moment)
    {
        var waiting = view.Queue(deviceId).Where(t => commands.HasFlag(t.Command)).ToList();
        var outstanding = waiting.Find(t => t.IsRunning);
        if (outstanding is { } && !again)
            return Decision.Nothing;
        return (outstanding ?? waiting.Find(t => t.IsReady(moment.Now))) is { } next
            ? new(Changed: next.Offered(moment))
            : Decision.Nothing;
    }
}

static class DownloadOffering
{
    /// <summary>Pending, and not waiting out the back-off of a failed attempt.</summary>
    public static bool IsReady(this Transfer transfer, long now) =>
        transfer.State == TransferState.Pending && (transfer.DueAt == transfer.DeadlineAt || transfer.DueAt <= now);

    /// <summary>Sent to the device, with a URL that has at least half its life before it.</summary>
    public static Transfer Offered(this Transfer transfer, Moment moment)
    {
        var life = (long)moment.Settings.DownloadUrl.TotalMilliseconds;
        return transfer with
        {
            State = transfer.State == TransferState.Pending ? TransferState.Sent : transfer.State,
            Step = TransferStep.None,
            UrlExpiresAt = transfer.UrlExpiresAt - moment.Now >= life / 2 ? transfer.UrlExpiresAt : moment.Now + life,
            DueAt = Math.Min(transfer.DeadlineAt, moment.After(moment.Settings.Silence)),
        };
    }
}
