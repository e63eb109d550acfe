using Waybill.Devices;

namespace Waybill.Logs;

/// <summary>A request's time has come: an answer is missing, a claim was not proven, a dock was silent, a deadline passed.</summary>
sealed class LogDue(long id, bool isListening) : LogWish
{
    public override void Need(JobView<LogRequest> view) => view.NeededIds.Add(id);

    protected override JobDecision<LogRequest> Rule(JobView<LogRequest> view, JobMoment<LogSettings> moment)
    {
        if (view.Find(id) is not { IsOpen: true } request || request.DueAt > moment.Now)
            return JobDecision<LogRequest>.Nothing;
        if (request.Step == LogStep.Verifying)
            return new(Changed: request.Ended(LogState.Failed, Unproven(request)));
        if (request.DeadlineAt <= moment.Now)
            return new(Changed: request.IsExporting
                ? Over(request, moment, "the upload took too long")
                : request.Ended(LogState.Timeout, "the dock did not come, or nobody chose, before the deadline"));
        if (request is { Command: not LogCommand.None, ToldAt: not null })
            return new(Changed: Unanswered(request, moment));
        if (request.Archives.Any(a => a is { IsOpen: true, IsUnwanted: true }))
            return new(Changed: request.With(a => a is { IsOpen: true, IsUnwanted: true } ? a.Ended(LogState.Canceled, "canceled") : a).Settled(moment));
        return new(Changed: request is { IsExporting: true, Command: LogCommand.None }
            ? Over(request, moment, "the dock said nothing more")
            : request with { DueAt = request.DeadlineAt });
    }

    /// <summary>A last word that was lost is made good by what is stored.</summary>
    static LogRequest Over(LogRequest request, JobMoment<LogSettings> moment, string reason)
    {
        var settled = request.With(a => (a with { IsClaimed = a.IsClaimed || a.IsProven }).Settled()).Settled(moment);
        return settled.IsOpen ? settled.Ended(LogState.Timeout, reason) : settled;
    }

    static string Unproven(LogRequest request) => request.Archives.Any(a => a is { IsOpen: true, StoredSize: not null })
        ? "the archive in storage has another size than the dock said"
        : "the dock said ok, but the archive was not seen in storage";

    /// <summary>What does no harm is said again. A start is not: whether it was heard shows in what the dock says.</summary>
    LogRequest Unanswered(LogRequest request, JobMoment<LogSettings> moment)
    {
        if (request.Command == LogCommand.Start)
            return request.Exporting(moment) with { Step = LogStep.Unknown, Reason = "the dock did not answer; it may be at work" };
        if (!isListening)
            return request.ToTell(request.Command, request.DeadlineAt) with { State = request.IsExporting ? request.State : LogState.Pending };
        if (request.Tries < moment.Settings.Tries)
            return request with { ToldAt = null, DueAt = moment.After(moment.Settings.Answer) };
        return request.Command == LogCommand.Cancel
            ? request.With(a => a with { IsUnwanted = false }).Answered(moment.After(moment.Settings.Silence)) with { Report = "cancel was not answered" }
            : request.Ended(LogState.Timeout, "the dock did not answer");
    }
}
