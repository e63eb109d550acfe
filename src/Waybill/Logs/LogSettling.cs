using Waybill.Devices;

namespace Waybill.Logs;

static class LogSettling
{
    /// <summary>What follows for a request from how its archives stand.</summary>
    public static LogRequest Settled(this LogRequest request, JobMoment<LogSettings> moment)
    {
        var open = request.Archives.Where(a => a.IsOpen).ToList();
        if (open.Count == 0)
            return Ended(request);
        if (open.TrueForAll(a => a.IsClaimed))
        {
            return request.Step == LogStep.Verifying
                ? request
                : request with { Step = LogStep.Verifying, DueAt = moment.After(moment.Settings.Grace) };
        }
        return request.Command == LogCommand.None
            ? request with { DueAt = Math.Min(request.DeadlineAt, moment.After(open.Exists(a => a.IsUnwanted) ? moment.Settings.Cancel : moment.Settings.Silence)) }
            : request;
    }

    /// <summary>As good as the worst of its archives; what somebody canceled is not bad.</summary>
    static LogRequest Ended(LogRequest request)
    {
        var worst = request.Archives.FirstOrDefault(a => a.State is LogState.Failed or LogState.Rejected or LogState.Timeout);
        if (worst is not null)
            return request.Ended(worst.State, worst.Reason, worst.Code);
        return request.Archives.All(a => a.State == LogState.Canceled) ? request.Ended(LogState.Canceled, "canceled") : request.Ended(LogState.Ok, null);
    }
}
