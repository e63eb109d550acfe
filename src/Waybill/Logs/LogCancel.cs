using Waybill.Devices;

namespace Waybill.Logs;

/// <summary>Logs are not wanted any more: all of them, or those of some modules. What the dock does not know yet ends at once.</summary>
sealed class LogCancel(long id, IReadOnlyList<string> modules) : LogWish
{
    public override void Need(JobView<LogRequest> view) => view.NeededIds.Add(id);

    protected override JobDecision<LogRequest> Rule(JobView<LogRequest> view, JobMoment<LogSettings> moment)
    {
        if (view.Find(id) is not { } request)
            return JobDecision<LogRequest>.Refused("log_request_not_found", "There is no such log request.");
        if (request.State == LogState.Canceled)
            return new(Unchanged: request);
        if (!request.IsOpen)
            return JobDecision<LogRequest>.Refused("log_request_ended", "The log request has ended; what has ended cannot be canceled.");
        if (!modules.All(m => request.Modules.Contains(m, StringComparer.Ordinal)))
            return JobDecision<LogRequest>.Refused("modules_invalid", "A module is not one of the request's.");
        return request.IsExporting ? Running(request, moment) : new(Changed: Without(request));
    }

    /// <summary>The dock knows nothing of it, or lists what nobody wants, which does no harm.</summary>
    LogRequest Without(LogRequest request)
    {
        var rest = request.Modules.Where(m => !IsMeant(m)).ToList();
        var archives = request.Archives.Where(a => !IsMeant(a.Module)).ToList();
        if (rest.Count == 0 || (request.Archives.Count > 0 && archives.Count == 0))
            return request.Ended(LogState.Canceled, "canceled");
        return request with { Modules = rest, Archives = archives, Lists = [.. request.Lists.Where(l => !IsMeant(l.Module))] };
    }

    JobDecision<LogRequest> Running(LogRequest request, JobMoment<LogSettings> moment)
    {
        var meant = request.Archives.Where(a => a.IsOpen && IsMeant(a.Module)).ToList();
        if (meant.Count == 0 || meant.TrueForAll(a => a.IsUnwanted))
            return new(Unchanged: request);
        var unwanted = request.With(a => a.IsOpen && IsMeant(a.Module) ? a with { IsUnwanted = true } : a);
        return new(Changed: unwanted.ToTell(LogCommand.Cancel, moment.After(moment.Settings.Answer)));
    }

    bool IsMeant(string module) => modules.Count == 0 || modules.Contains(module, StringComparer.Ordinal);
}

/// <summary>The answer to <c>fileupload_update</c>. A dock that does not cancel goes on, and says how it ends.</summary>
sealed class LogCancelReply(long id, int? code, string? reason) : LogMessage
{
    public override void Need(JobView<LogRequest> view) => view.NeededIds.Add(id);

    protected override JobDecision<LogRequest> Rule(JobView<LogRequest> view, JobMoment<LogSettings> moment)
    {
        if (view.Find(id) is not { IsOpen: true, Command: LogCommand.Cancel, ToldAt: not null } request)
            return JobDecision<LogRequest>.Nothing;
        if (code is null or 0)
            return new(Changed: request.Answered(moment.After(moment.Settings.Cancel)));
        return new(Changed: request.With(a => a with { IsUnwanted = false }).Answered(moment.After(moment.Settings.Silence)) with
        {
            Report = $"cancel refused: {reason ?? $"code {code}"}",
        });
    }
}
