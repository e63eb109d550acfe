using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>One <c>fileupload_start</c>: module after module is pulled, packed and uploaded, and all of them are told of in each report.</summary>
sealed class DjiLogExport(DjiLink link, DjiPresence presence, DjiStartLogs command, string? bid) : IDisposable
{
    const int Steps = 3;

    readonly List<DjiLogPart> _parts = [.. command.Files.Select(f => new DjiLogPart(f, KeyOf(link.Options, command, f)))];

    /// <summary>Ends the export of modules; another that runs goes on.</summary>
    public void Cancel(IReadOnlyList<string> modules)
    {
        foreach (var part in _parts.Where(p => modules.Contains(p.Choice.Module, StringComparer.Ordinal)))
            part.Cancel();
    }

    public async Task<DjiJobOutcome> RunAsync(CancellationToken ct)
    {
        foreach (var part in _parts)
            await RunAsync(part, ct);
        var state = StateOf(_parts.ConvertAll(p => p.State));
        await SayAsync(ct);
        return new(DjiJob.Logs, bid, state, _parts.Find(p => p.Code != 0)?.Code ?? 0, _parts.Sum(p => p.Moved));
    }

    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
    }

    async Task RunAsync(DjiLogPart part, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, part.Canceled);
        try
        {
            await StepAsync(part, DjiState.FilePull, 1, either.Token);
            await StepAsync(part, DjiState.FileZip, 2, either.Token);
            await using var archive = await DjiArchive.BuildAsync(link.Options.Logs, part.Choice, either.Token);
            part.Packed(archive, presence.Condition.MistakesFingerprints);
            await StepAsync(part, DjiState.FileUploading, Steps, either.Token);
            if (presence.Condition.RestartsInExport)
            {
                await RestartAsync(ct);
                part.End(DjiState.Failed, DjiErrorCodes.ExportRestarted, null);
                return;
            }
            await UploadAsync(part, archive, either.Token);
            part.End(DjiState.Ok, 0, link.Options.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        }
        catch (OperationCanceledException) when (part.Canceled.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            part.End(DjiState.Canceled, 0, null);
        }
        catch (IOException)
        {
            part.End(DjiState.Failed, part.Size is null ? DjiErrorCodes.LogsNotFetched : DjiErrorCodes.UploadFailed, null);
        }
    }

    /// <summary>What was begun is lost, and told as lost when the dock is back.</summary>
    async Task RestartAsync(CancellationToken ct)
    {
        presence.Condition = presence.Condition with { RestartsInExport = false };
        await link.RestartAsync(ct);
        await presence.TellTopologyAsync(ct);
    }

    Task UploadAsync(DjiLogPart part, DjiArchive archive, CancellationToken ct) =>
        link.TellWhileAsync(link.Options.Upload(command.Storage, part.Key, archive.Content, part, ct), () => SayAsync(ct), ct);

    Task StepAsync(DjiLogPart part, DjiState state, int step, CancellationToken ct)
    {
        part.Step(state, step);
        return SayAsync(ct);
    }

    Task SayAsync(CancellationToken ct)
    {
        var files = _parts.ConvertAll(p => p.Report(OwnerOf(p.Choice)));
        var status = StateOf(_parts.ConvertAll(p => p.State));
        var code = status < DjiState.Ok ? 0 : _parts.Find(p => p.Code != 0)?.Code ?? 0;
        return link.SayAsync(link.NewHead(link.Options.Profile.HasRandomBid ? null : bid), new DjiLogProgress(code, DjiStatus.Of(status), files), ct);
    }

    string OwnerOf(DjiLogChoice choice) => choice.Module == DjiModules.Aircraft ? link.Options.AircraftSn : link.Options.DockSn;

    /// <summary>The first generation names its archives itself.</summary>
    static string KeyOf(DjiDockOptions options, DjiStartLogs command, DjiLogChoice choice)
    {
        if (choice.ObjectKey.Length > 0 && !options.Profile.ChoosesKeys)
            return choice.ObjectKey;
        var (sn, name) = choice.Module == DjiModules.Aircraft ? (options.AircraftSn, "drone") : (options.DockSn, "airport");
        return $"{command.Directory}{(command.Directory.EndsWith('/') ? "" : "/")}{sn}/{sn}_{name}_log.tar";
    }

    /// <summary>Of the job: it runs until all of its parts have ended, and is as good as the worst of them.</summary>
    static DjiState StateOf(List<DjiState> parts)
    {
        if (parts.Exists(s => s < DjiState.Ok))
            return DjiState.InProgress;
        return parts.Contains(DjiState.Failed) ? DjiState.Failed : parts.TrueForAll(s => s == DjiState.Canceled) ? DjiState.Canceled : DjiState.Ok;
    }
}
