using Waybill.Devices;

namespace Waybill.Logs;

/// <summary>What a dock answered to a list.</summary>
/// <param name="Code">0, or why there is none; null when it did not say.</param>
/// <param name="Reason">What the code means, for people.</param>
/// <param name="Lists">By module.</param>
sealed record ReportedLists(int? Code, string? Reason, IReadOnlyList<LogList> Lists);

/// <summary>The answer to <c>fileupload_list</c>. A second one changes nothing.</summary>
sealed class LogListReply(long id, ReportedLists reported) : LogMessage
{
    public override void Need(JobView<LogRequest> view) => view.NeededIds.Add(id);

    protected override JobDecision<LogRequest> Rule(JobView<LogRequest> view, JobMoment<LogSettings> moment)
    {
        if (view.Find(id) is not { IsOpen: true, Command: LogCommand.List } request)
            return JobDecision<LogRequest>.Nothing;
        if (reported.Code is not (null or 0) and var code)
            return new(Changed: request.Ended(LogState.Rejected, reported.Reason ?? $"the dock answered code {code}", code));
        var wanted = reported.Lists.Where(l => request.Modules.Contains(l.Module, StringComparer.Ordinal)).DistinctBy(l => l.Module).ToList();
        if (wanted.Exists(l => l.Code == 0 && l.Boots.Count > 0))
            return new(Changed: request.Answered(request.DeadlineAt) with { State = LogState.Listed, Lists = wanted });
        var failed = wanted.Find(l => l.Code != 0);
        return new(Changed: request.Ended(LogState.Failed, failed?.Reason ?? "the dock has no logs of these modules", failed?.Code) with { Lists = wanted });
    }
}
