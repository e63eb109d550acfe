using System.Globalization;
using System.IO.Compression;
using System.Text;
using Waybill.Data;
using Waybill.Logs;

namespace Waybill.Api;

/// <summary>A campaign's archives as one zip, made while it is sent. Logs are packed already, so that it is stored and not compressed.</summary>
sealed class LogBundle(LogCampaigns campaigns, LogRows logs, ArchiveDesk archives, Database database)
{
    const int PageSize = 100;
    const int CopySize = 256 << 10;

    public async Task WriteAsync(LogCampaign campaign, Stream body, CancellationToken ct)
    {
        await using var output = new ZipOutput(body);
        var zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct);
        var missing = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var (target, request) in AllAsync(campaign, ct))
        {
            foreach (var archive in Archives(request).Where(a => a.State == LogState.Ok))
            {
                if (await archives.StoredAsync(request!.GatewayId, archive, ct) is { } stored)
                    await AddAsync(zip, FileOf(target, archive), stored, ct);
                else
                    missing.Add(FileOf(target, archive));
            }
        }
        await SummarizeAsync(campaign, zip, missing, ct);
        // not by a block: what broke off must not be closed as if it were whole
        await zip.DisposeAsync();
        await output.FlushAsync(ct);
    }

    async Task SummarizeAsync(LogCampaign campaign, ZipArchive zip, HashSet<string> missing, CancellationToken ct)
    {
        await using var entry = await New(zip, "summary.csv").OpenAsync(ct);
        // left open: it would close the entry by a write that does not wait
        await using var text = new StreamWriter(entry, new UTF8Encoding(false), leaveOpen: true);
        await text.WriteAsync("gateway,module,device,state,size,sha256,reason,file\n");
        await foreach (var (target, request) in AllAsync(campaign, ct))
        {
            foreach (var line in Lines(target, request, missing))
                await text.WriteAsync(line);
        }
    }

    async Task AddAsync(ZipArchive zip, string name, StoredArchive stored, CancellationToken ct)
    {
        await using var entry = await New(zip, name).OpenAsync(ct);
        if (!stored.IsWhole)
        {
            await archives.WriteTarAsync(stored, entry, ct);
            return;
        }
        await using var content = archives.Open(stored.Parts[0]);
        await content.CopyToAsync(entry, CopySize, ct);
    }

    async IAsyncEnumerable<(LogCampaignTarget Target, LogRequest? Request)> AllAsync(LogCampaign campaign, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var after = "";
        while (await campaigns.TargetsAsync(campaign.Id, state: null, after, PageSize, ct) is [.., var last] page)
        {
            foreach (var target in page)
                yield return (target, target.LogId is { } id ? await logs.FindAsync(database, id, ct) : null);
            after = last.Gateway;
        }
    }

    static IEnumerable<string> Lines(LogCampaignTarget target, LogRequest? request, HashSet<string> missing)
    {
        if (!Archives(request).Any())
            yield return Line(target.Gateway, null, null, TransferWords.Of((LogState)target.State), null, null, target.Reason, null);
        foreach (var a in Archives(request))
        {
            var file = FileOf(target, a);
            var isThere = a.State == LogState.Ok && !missing.Contains(file);
            var reason = missing.Contains(file) ? "deleted from its bucket" : a.Reason;
            yield return Line(
                target.Gateway, a.Module, a.DeviceSn, TransferWords.Of(a.State), (a.StoredSize ?? a.Size)?.ToString(CultureInfo.InvariantCulture), a.Sha256?.ToString(), reason, isThere ? file : null);
        }
    }

    static IEnumerable<LogArchive> Archives(LogRequest? request) => request?.Archives ?? [];

    static string FileOf(LogCampaignTarget target, LogArchive archive) => $"{target.Gateway}/{archive.Module}.tar";

    static ZipArchiveEntry New(ZipArchive zip, string name) => zip.CreateEntry(name, CompressionLevel.NoCompression);

    static string Line(params ReadOnlySpan<string?> cells)
    {
        var line = new StringBuilder();
        foreach (var cell in cells)
            line.Append(line.Length == 0 ? "" : ",").Append(Cell(cell ?? ""));
        return line.Append('\n').ToString();
    }

    /// <summary>In quotes where it must be, and never a formula: docks put in words of their own.</summary>
    static string Cell(string text)
    {
        var safe = text is ['=' or '+' or '-' or '@', ..] ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
