using Waybill.Devices;

namespace Waybill.Logs;

/// <summary>What a dock says of one archive.</summary>
sealed record ReportedArchive
{
    public string? Module { get; init; }
    public string? Key { get; init; }

    /// <summary>Null when it did not say.</summary>
    public LogState? State { get; init; }

    /// <summary>In its own word.</summary>
    public string? Stage { get; init; }

    public int? Percent { get; init; }
    public long? Size { get; init; }
    public string? Fingerprint { get; init; }

    /// <summary>0, or why it failed, whatever <see cref="State"/> says.</summary>
    public int Code { get; init; }

    /// <summary>What the code means, for people.</summary>
    public string? Reason { get; init; }
}

/// <summary>What a dock says of a whole export.</summary>
/// <param name="State">Null when it did not say.</param>
/// <param name="Code">0, or why all of it failed.</param>
/// <param name="Reason">What the code means, for people.</param>
/// <param name="Archives">Those it speaks of.</param>
sealed record ReportedExport(LogState? State, int Code, string? Reason, IReadOnlyList<ReportedArchive> Archives)
{
    public override string ToString() => $"{(State?.ToString() ?? "?").ToLowerInvariant()} {Code} {string.Join(", ", Archives.Select(a => $"{a.Module} {a.Stage} {a.Percent}"))}".TrimEnd();
}

/// <summary>
/// Progress. The request is known by the command's id, or else by a key under its prefix (<paramref name="id"/>), or else it is the only
/// one that runs on this dock.
/// </summary>
sealed class LogProgress(long gatewayId, long? id, ReportedExport reported) : LogMessage
{
    public override void Need(JobView<LogRequest> view)
    {
        if (id is { } known)
            view.NeededIds.Add(known);
        view.NeededGateways.Add(gatewayId);
    }

    protected override JobDecision<LogRequest> Rule(JobView<LogRequest> view, JobMoment<LogSettings> moment)
    {
        var request = id is { } known ? view.Find(known) : view.OpenOf(gatewayId);
        // another dock's request is not this one's to move
        if (request is null || request.GatewayId != gatewayId || request.Archives.Count == 0 || request is { HasToTell: true, Command: LogCommand.Start })
            return JobDecision<LogRequest>.Nothing;
        if (!request.IsOpen)
            return new(Changed: request with { Report = reported.ToString() });
        return new(Changed: Applied(request, moment));
    }

    LogRequest Applied(LogRequest request, JobMoment<LogSettings> moment)
    {
        var running = request.Exporting(moment).With(Applied);
        if (reported.State == LogState.Paused)
            running = running with { State = LogState.Paused };
        return running.Settled(moment);
    }

    LogArchive Applied(LogArchive archive)
    {
        if (!archive.IsOpen)
            return archive;
        var said = reported.Archives.FirstOrDefault(a => a.Module == archive.Module)
            ?? reported.Archives.FirstOrDefault(a => a.Key is { } key && key.StartsWith(archive.ObjectKey, StringComparison.Ordinal));
        var (state, code, reason) = Ending(said);
        var known = archive with
        {
            ReportedKey = Reported(archive, said?.Key),
            Stage = said?.Stage ?? archive.Stage,
            Percent = said?.Percent ?? archive.Percent,
            Size = said?.Size ?? archive.Size,
            Fingerprint = said?.Fingerprint ?? archive.Fingerprint,
            State = LogState.InProgress,
        };
        return state switch
        {
            LogState.Ok => (known with { IsClaimed = true, Percent = 100 }).Settled(),
            >= LogState.Ok => known.Ended(state.Value, reason, code == 0 ? null : code),
            _ => known,
        };
    }

    /// <summary>A key of its own; one that only goes on where ours ends is one of several objects, and ours stays the place to look at.</summary>
    static string? Reported(LogArchive archive, string? key) =>
        key is null || key == archive.ObjectKey ? archive.ReportedKey : key;

    /// <summary>An archive's own state counts before that of all, and a code before either.</summary>
    (LogState? State, int Code, string? Reason) Ending(ReportedArchive? said)
    {
        if (said is { Code: not 0 })
            return (LogState.Failed, said.Code, said.Reason ?? $"the dock reported code {said.Code}");
        if (said?.State >= LogState.Ok)
            return (said.State, 0, Reason(said.State.Value));
        if (reported.Code != 0)
            return (LogState.Failed, reported.Code, reported.Reason ?? $"the dock reported code {reported.Code}");
        return reported.State >= LogState.Ok ? (reported.State, 0, Reason(reported.State.Value)) : (null, 0, null);
    }

    static string? Reason(LogState state) => state switch
    {
        LogState.Ok => null,
        LogState.Canceled => "canceled",
        _ => $"the dock reported {state.ToString().ToLowerInvariant()}",
    };
}
