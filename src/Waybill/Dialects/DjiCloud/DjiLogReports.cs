using Waybill.Logs;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Dialects.DjiCloud;

/// <summary>What docks say of logs, in the words of the domain.</summary>
static class DjiLogReports
{
    /// <summary>A blank serial number is that of the module's device, a blank module that of the serial number's (quirk D24).</summary>
    public static ReportedLists Lists(DjiCommandReply reply, string dockSn, string? aircraftSn) =>
        new(reply.Result, Meaning(reply.Result), [.. reply.Logs.Select(l => List(l, dockSn, aircraftSn)).OfType<LogList>()]);

    static LogList? List(DjiModuleLogs logs, string dockSn, string? aircraftSn)
    {
        var module = logs.Module ?? (logs.DeviceSn == dockSn ? LogModules.Dock : logs.DeviceSn is not null && logs.DeviceSn == aircraftSn ? LogModules.Aircraft : null);
        return module is null
            ? null
            : new(module, logs.Owner(dockSn, aircraftSn), logs.Result, Meaning(logs.Result), [.. logs.Boots.DistinctBy(b => b.Index).Select(b => new BootLog(b.Index, b.Start, b.End, b.Size))]);
    }

    public static ReportedExport Export(DjiLogProgress progress) => new(
        State(progress.Status),
        progress.Result,
        Meaning(progress.Result),
        [.. progress.Files.GroupBy(f => f.Module ?? f.Key).Select(files => Archive([.. files]))]);

    /// <summary>Some docks speak of one file for each boot (quirk D29): together they are the module's archive.</summary>
    static ReportedArchive Archive(IReadOnlyList<DjiLogFile> files)
    {
        var first = files[0];
        var failed = files.FirstOrDefault(f => f.Progress.Result != 0);
        return new()
        {
            Module = first.Module,
            Key = files.Count == 1 ? first.Key : null,
            State = State(files),
            Stage = (files.FirstOrDefault(f => State(f.Progress.Status) is null or < LogState.Ok) ?? first).Progress.Status?.Word,
            Percent = files.All(f => f.Progress.Overall is null) ? null : (int)files.Average(f => f.Progress.Overall ?? 0),
            Size = files.All(f => f.Size is not null) ? files.Sum(f => f.Size) : null,
            Fingerprint = files.Count == 1 ? first.Fingerprint : null,
            Code = failed?.Progress.Result ?? 0,
            Reason = Meaning(failed?.Progress.Result),
        };
    }

    /// <summary>Ok when all are; final when one failed or none runs.</summary>
    static LogState? State(IReadOnlyList<DjiLogFile> files)
    {
        var states = files.Select(f => State(f.Progress.Status)).ToList();
        return states.Find(s => s > LogState.Ok && s != LogState.Canceled)
            ?? (states.TrueForAll(s => s >= LogState.Ok) ? states.Contains(LogState.Ok) ? LogState.Ok : LogState.Canceled : states.Find(s => s < LogState.Ok));
    }

    public static LogState? State(DjiStatus? status) => status?.State switch
    {
        null or DjiState.Unknown => null,
        DjiState.Sent => LogState.Sent,
        DjiState.Paused => LogState.Paused,
        DjiState.Ok => LogState.Ok,
        DjiState.Rejected => LogState.Rejected,
        DjiState.Failed => LogState.Failed,
        DjiState.Canceled => LogState.Canceled,
        DjiState.Timeout => LogState.Timeout,
        _ => LogState.InProgress,
    };

    /// <summary>With the number, since lists of meanings are incomplete (quirk D42); null for none.</summary>
    public static string? Meaning(int? code) => code is null or 0 ? null : DjiErrorCodes.Meaning(code.Value) is { } meaning ? $"{meaning} ({code})" : $"the dock reported code {code}";
}
