using Waybill.Devices;

namespace Waybill.Logs;

/// <summary>Which logs of a module are wanted.</summary>
sealed record LogChoice(string Module, IReadOnlyList<long> BootIndexes);

/// <summary>Someone has chosen from the list. The keys are the platform's: everything of a request stands under one prefix.</summary>
sealed class LogUpload(long id, IReadOnlyList<LogChoice> choices, string prefix) : LogWish
{
    public override void Need(JobView<LogRequest> view) => view.NeededIds.Add(id);

    protected override JobDecision<LogRequest> Rule(JobView<LogRequest> view, JobMoment<LogSettings> moment)
    {
        if (view.Find(id) is not { } request)
            return JobDecision<LogRequest>.Refused("log_request_not_found", "There is no such log request.");
        if (request.State != LogState.Listed)
            return JobDecision<LogRequest>.Refused("log_not_listed", "The request has no list to choose from: it was not answered yet, its upload is ordered already, or it has ended.");
        if (Mistake(request, moment.Settings.MostBoots) is { } mistake)
            return JobDecision<LogRequest>.Refused("choice_invalid", mistake);
        var deadline = moment.After(moment.Settings.Deadline);
        return new(Changed: request.ToTell(LogCommand.Start, deadline) with { State = LogState.Pending, DeadlineAt = deadline, Archives = [.. choices.Select(c => Archive(request, c))] });
    }

    string? Mistake(LogRequest request, int mostBoots)
    {
        if (choices.Count == 0 || choices.DistinctBy(c => c.Module).Count() < choices.Count)
            return "Choose logs of one or two modules, each module once.";
        foreach (var choice in choices)
        {
            if (request.Lists.FirstOrDefault(l => l.Module == choice.Module) is not { } list)
                return $"Module {choice.Module} is not in the list.";
            if (choice.BootIndexes.Count == 0 || choice.BootIndexes.Distinct().Count() < choice.BootIndexes.Count)
                return $"Choose at least one log of module {choice.Module}, each once.";
            if (choice.BootIndexes.Count > mostBoots)
                return $"More than {mostBoots} logs in one archive are too many for a dock.";
            if (choice.BootIndexes.Any(i => !list.Boots.Any(b => b.Index == i)))
                return $"A boot index is not in the list of module {choice.Module}.";
        }
        return null;
    }

    LogArchive Archive(LogRequest request, LogChoice choice) => new()
    {
        Module = choice.Module,
        DeviceSn = request.Lists.First(l => l.Module == choice.Module).DeviceSn ?? "",
        BootIndexes = choice.BootIndexes,
        ObjectKey = $"{prefix}{(choice.Module == LogModules.Dock ? "dock" : "aircraft")}.tar",
    };
}
