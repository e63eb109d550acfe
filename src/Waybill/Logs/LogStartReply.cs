using Waybill.Devices;

namespace Waybill.Logs;

/// <summary>The answer to <c>fileupload_start</c>; progress that came before it counts more.</summary>
sealed class LogStartReply(long id, int? code, string? reason) : LogMessage
{
    public override void Need(JobView<LogRequest> view) => view.NeededIds.Add(id);

    protected override JobDecision<LogRequest> Rule(JobView<LogRequest> view, JobMoment<LogSettings> moment)
    {
        if (view.Find(id) is not { State: LogState.Sent, IsExporting: true } request)
            return JobDecision<LogRequest>.Nothing;
        if (code is not (null or 0))
            return new(Changed: request.Ended(LogState.Rejected, reason ?? $"the dock answered code {code}", code));
        return new(Changed: request.Exporting(moment));
    }
}

static class LogExporting
{
    /// <summary>The dock is at work: it has until the job's limit, and may not be silent for too long.</summary>
    public static LogRequest Exporting(this LogRequest request, JobMoment<LogSettings> moment)
    {
        var begun = request.Command == LogCommand.Start;
        var deadline = begun ? moment.After(moment.Settings.Job) : request.DeadlineAt;
        var running = request with { State = LogState.InProgress, Step = request.Step == LogStep.Verifying ? LogStep.Verifying : LogStep.None, DeadlineAt = deadline };
        return begun ? running.Answered(moment.After(moment.Settings.Silence)) : running;
    }
}
