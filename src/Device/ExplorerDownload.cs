using System.Net.Http.Headers;
using Waybill.Protocols.TencentExplorer;

namespace Waybill.Device;

/// <summary>One <c>update_resource</c>: the bytes fetched, checked and reported.</summary>
sealed class ExplorerDownload(ExplorerLink link, HttpMessageInvoker http, UpdateResource command, IProgress<BytesMoved>? watcher)
{
    long? _saidAt;

    /// <summary>HTTP requests that were tried again.</summary>
    public int Repeated { get; private set; }

    /// <summary>Result code.</summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        Stream content;
        try
        {
            content = await link.Options.Storage.Open(command.Resource, ct);
        }
        catch (IOException)
        {
            return ExplorerResults.NoSpace;
        }
        await using (content)
        {
            // What lies there is another version, and is held no more
            if (link.Manners.SegmentSize is null || link.Options.Storage.Has(command.Resource.Name))
                content.SetLength(0);
            link.Options.Storage.Remove(command.Resource.Name);
            using var saved = new SavedContent(content, command.Size, command.Md5.Digest);
            await saved.LoadAsync(ct);
            return await FillAsync(saved, ct);
        }
    }

    /// <summary>All that is said between the last byte and the final report.</summary>
    public async Task BurnAsync(CancellationToken ct)
    {
        await ReportAsync(new(ExplorerState.Running, 100, ExplorerResults.Ok, ""), ct);
        if (link.Manners.HasBurning)
            await ReportAsync(new(ExplorerState.Burning, null, ExplorerResults.Ok, ""), ct);
    }

    public Task ReportAsync(ExplorerProgress progress, CancellationToken ct) =>
        link.SayAsync(new ReportUpdate(command.Resource.Name, command.Resource.Version, progress), ct);

    async Task<int> FillAsync(SavedContent saved, CancellationToken ct)
    {
        await MovedAsync(saved.Length, ct);
        // An empty file is asked for all the same
        var (failures, isAsked) = (0, false);
        while (!saved.IsWhole || (saved.Length == 0 && !isAsked))
        {
            var before = saved.Length;
            var code = await GetAsync(saved, ct);
            isAsked = code == ExplorerResults.Ok;
            if (code is ExplorerResults.FileNotExist or ExplorerResults.AuthFailed)
                return code;
            failures = isAsked || (saved.Length > before && link.Manners.SegmentSize is not null) ? 0 : failures + 1;
            if (failures >= link.Options.Tries)
                return code;
            Repeated += isAsked ? 0 : 1;
        }
        return await saved.CheckAsync(ct);
    }

    /// <summary>One request: a segment, or everything.</summary>
    async Task<int> GetAsync(SavedContent saved, CancellationToken ct)
    {
        using var stall = new Stall(link.Options.StallTimeout, link.Options.Clock, ct);
        try
        {
            if (link.Manners.SegmentSize is null)
                saved.Restart();
            var end = Math.Min(command.Size, saved.Length + (link.Manners.SegmentSize ?? command.Size));
            var (response, code) = await FileServer.GetAsync(http, command.Url, Range(saved.Length, end), stall.Token);
            using (response)
            {
                if (code == ExplorerResults.Ok)
                    await saved.FillAsync(response, end, bytes => MovedAsync(bytes, ct), stall);
                return code;
            }
        }
        catch (IOException)
        {
            return ExplorerResults.TimedOut;
        }
        catch (OperationCanceledException) when (stall.IsOver)
        {
            return ExplorerResults.TimedOut;
        }
    }

    RangeHeaderValue? Range(long from, long end) =>
        command.Size == 0 ? null : link.Manners.SegmentSize is null ? new(0, null) : new(from, end - 1);

    async ValueTask MovedAsync(long bytes, CancellationToken ct)
    {
        var moved = new BytesMoved(bytes, command.Size);
        watcher?.Report(moved);
        var clock = link.Options.Clock;
        if (_saidAt is { } last && clock.GetElapsedTime(last) < link.Options.ReportInterval)
            return;
        _saidAt = clock.GetTimestamp();
        await ReportAsync(new(ExplorerState.Running, moved.Percent, ExplorerResults.Ok, ""), ct);
    }
}
