using Waybill.Devices;

namespace Waybill.Logs;

/// <summary>
/// The dock listens, or something new waits for it: it is told. After a new connection (<paramref name="again"/>) what it did not answer
/// is told once more, but for a start: that would upload twice. A start also needs credentials (<paramref name="canStart"/>).
/// </summary>
class LogOffer(long gatewayId, bool again, bool canStart) : LogMessage
{
    /// <summary>What the dock is told now, with the request as its content.</summary>
    public LogCommand Told => Result?.Command ?? LogCommand.None;

    public override void Need(JobView<LogRequest> view) => view.NeededGateways.Add(gatewayId);

    protected override JobDecision<LogRequest> Rule(JobView<LogRequest> view, JobMoment<LogSettings> moment)
    {
        if (view.OpenOf(gatewayId) is not { Command: not LogCommand.None } request)
            return JobDecision<LogRequest>.Nothing;
        if (request.Command == LogCommand.Start ? request.ToldAt is not null || !canStart : request.ToldAt is not null && !again)
            return JobDecision<LogRequest>.Nothing;
        return Telling(request, moment);
    }

    static JobDecision<LogRequest> Telling(LogRequest request, JobMoment<LogSettings> moment) => new(
        Changed: request with
        {
            State = request.State == LogState.Pending ? LogState.Sent : request.State,
            Reason = null,
            ToldAt = moment.Now,
            Tries = request.Tries + 1,
            DueAt = moment.After(moment.Settings.Answer),
        });
}

/// <summary>The dock cannot be told now: why, and when it is tried again.</summary>
sealed class LogDelayed(long id, string reason) : LogMessage
{
    public override void Need(JobView<LogRequest> view) => view.NeededIds.Add(id);

    protected override JobDecision<LogRequest> Rule(JobView<LogRequest> view, JobMoment<LogSettings> moment) => view.Find(id) is { HasToTell: true } request
        ? new(Changed: request with { Reason = reason, DueAt = Math.Min(request.DeadlineAt, moment.After(moment.Settings.Again)) })
        : JobDecision<LogRequest>.Nothing;
}
