namespace Waybill.Logs;

/// <summary>
/// The dock listens, or something new waits for it: it is told. After a new connection (<paramref name="again"/>) what it did not answer
/// is told once more, but for a start: that would upload twice. A start also needs credentials (<paramref name="canStart"/>).
/// </summary>
sealed class LogOffer(long gatewayId, bool again, bool canStart) : LogMessage
{
    public override void Need(LogView view) => view.NeededGateways.Add(gatewayId);

    protected override LogDecision Rule(LogView view, LogMoment moment)
    {
        if (view.OpenOf(gatewayId) is not { Command: not LogCommand.None } request)
            return LogDecision.Nothing;
        if (request.Command == LogCommand.Start ? request.ToldAt is not null || !canStart : request.ToldAt is not null && !again)
            return LogDecision.Nothing;
        return Telling(request, moment);
    }

    static LogDecision Telling(LogRequest request, LogMoment moment) => new(
        Changed: request with
        {
            State = request.State == LogState.Pending ? LogState.Sent : request.State,
            ToldAt = moment.Now,
            Tries = request.Tries + 1,
            DueAt = moment.After(moment.Settings.Answer),
        },
        Told: request.Command);
}
