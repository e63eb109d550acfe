using Waybill.Devices;

namespace Waybill.Logs;

/// <summary>Someone wants to know which logs a dock has.</summary>
sealed class LogOrder(long id, long gatewayId, IReadOnlyList<string> modules, GatewayCondition seen) : LogWish
{
    public override void Need(JobView<LogRequest> view) => view.NeededGateways.Add(gatewayId);

    protected override JobDecision<LogRequest> Rule(JobView<LogRequest> view, JobMoment<LogSettings> moment)
    {
        if (modules.Count == 0 || modules.Distinct(StringComparer.Ordinal).Count() < modules.Count || !modules.All(LogModules.IsKnown))
            return JobDecision<LogRequest>.Refused("modules_invalid", "The modules are \"0\" for the aircraft and \"3\" for the dock, each at most once.");
        if (view.OpenOf(gatewayId) is { } open)
            return JobDecision<LogRequest>.Refused("log_request_open", $"The dock has an open log request already ({open.State.ToString().ToLowerInvariant()}): a dock exports one at a time.");
        if (LogObstacles.Of(seen, modules) is { } obstacle)
            return new(Refusal: obstacle);
        var deadline = moment.After(moment.Settings.Deadline);
        return new(Changed: new LogRequest
        {
            Id = id,
            GatewayId = gatewayId,
            Modules = modules,
            CreatedAt = moment.Now,
            DeadlineAt = deadline,
            DueAt = deadline,
        });
    }
}
