using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Waybill.Devices;
using Waybill.Logs;
using Waybill.Objects;
using Waybill.Protocols;

namespace Waybill.Api;

/// <summary>Archives of logs that docks have uploaded, whole or file by file.</summary>
static class ArchiveRoutes
{
    const int CopySize = 64 << 10;

    public static void MapArchives(this IEndpointRouteBuilder api)
    {
        var archives = api.MapGroup("/logs/{id}/archives/{module}").WithTags("Logs");
        archives.MapMethods("/content", ["GET", "HEAD"], ContentAsync).WithSummary("Read an archive of logs").Needing(Actions.ContentRead, narrows: true).Bytes();
        archives.MapGet("/entries", EntriesAsync).WithSummary("List the files in an archive of logs").Needing(Actions.ContentRead, narrows: true);
        archives.MapGet("/entry", EntryAsync).WithSummary("Read one file out of an archive of logs").Needing(Actions.ContentRead, narrows: true).Names("name").Bytes();
    }

    static async Task ContentAsync(HttpContext http, LogLook logs, ArchiveDesk desk, ObjectSender sender)
    {
        var stored = await FindAsync(http, logs, desk);
        if (stored is { IsWhole: true, Parts: [{ Object: var whole }] })
        {
            await sender.SendAsync(http, new(Sha256Digest.FromBytes(whole.Sha256), Md5Digest.FromBytes(whole.Md5), whole.Size, stored.Name), served: null);
            return;
        }
        WriteHead(http, stored.Name);
        if (HttpMethods.IsGet(http.Request.Method))
            await desk.WriteTarAsync(stored, http.Response.Body, http.RequestAborted);
    }

    static async Task<Ok<ArchiveEntriesAnswer>> EntriesAsync(string id, string module, HttpContext http, LogLook logs, ArchiveDesk desk)
    {
        var stored = await FindAsync(http, logs, desk);
        if (!stored.IsWhole)
            return TypedResults.Ok(new ArchiveEntriesAnswer("tar", [.. stored.Parts.Select(Part)], false));
        await using var content = desk.Open(stored.Parts[0]);
        var listing = await ArchiveContents.ListAsync(content, http.RequestAborted);
        return listing.Format is { } format
            ? TypedResults.Ok(new ArchiveEntriesAnswer(format, [.. listing.Entries.Select(ArchiveEntryAnswer.Of)], !listing.IsWhole))
            : throw NoArchive();
    }

    static async Task EntryAsync(HttpContext http, LogLook logs, ArchiveDesk desk)
    {
        var name = http.Request.Query["name"].ToString();
        new Mistakes().Need("name", name.Length > 0, "the name of an entry, as …/entries lists it").ThrowIfAny();
        var stored = await FindAsync(http, logs, desk);
        var part = stored.IsWhole ? stored.Parts[0] : stored.Parts.FirstOrDefault(p => p.Name == name) ?? throw NoEntry(name);
        await using var content = desk.Open(part);
        if (stored.IsWhole && await ArchiveContents.FormatAsync(content, http.RequestAborted) is null)
            throw NoArchive();
        var entry = stored.IsWhole ? await ArchiveContents.OpenAsync(content, name, http.RequestAborted) ?? throw NoEntry(name) : content;
        WriteHead(http, name.TrimEnd('/').Split('/', '\\')[^1]);
        try
        {
            await entry.CopyToAsync(http.Response.Body, CopySize, http.RequestAborted);
        }
        catch (InvalidDataException)
        {
            // broken behind what went out already: the reader must not take it for whole
            http.Abort();
        }
    }

    static async Task<StoredArchive> FindAsync(HttpContext http, LogLook logs, ArchiveDesk desk)
    {
        var found = await logs.GetAsync((string)http.GetRouteValue("id")!, http);
        return await desk.FindAsync(found.Job, (string)http.GetRouteValue("module")!, http.RequestAborted);
    }

    static void WriteHead(HttpContext http, string name)
    {
        var headers = http.Response.Headers;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(name.Length == 0 ? "entry" : name);
        headers.ContentDisposition = disposition.ToString();
        headers.ContentType = MediaTypeNames.Application.Octet;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox";
    }

    static ArchiveEntryAnswer Part(ArchivePart part) => new(part.Name, part.Object.Size, Times.Utc(part.Object.ModifiedAt));

    static RefusedException NoArchive() => new("not_an_archive", "What the dock stored is no tar, gz or zip: read it whole, with …/content.");

    static RefusedException NoEntry(string name) => new("entry_not_found", $"The archive has no entry '{name}', or is broken before it: …/entries lists what it has.");
}
