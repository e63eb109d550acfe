using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;
using Waybill.Files;
using Waybill.Objects;
using Waybill.Protocols;
using Waybill.Settings;

namespace Waybill.Api;

sealed record FileAnswer(string Name, string Version, string Type, long Size, string Md5, string Sha256, DateTime CreatedAt)
{
    public static FileAnswer Of(LibraryFile f) =>
        new(f.Name, f.Version, f.Type, f.Size, Convert.ToHexStringLower(f.Md5), Convert.ToHexStringLower(f.Sha256), Times.Utc(f.CreatedAt));
}

/// <summary>Where a file request points: the product's library, or one device's files.</summary>
sealed class Shelves(ProductRegistry products, DeviceRegistry devices)
{
    public async ValueTask<Shelf> FindAsync(string product, string? device, CancellationToken ct)
    {
        var owner = await products.GetAsync(product, ct);
        return new(owner.Id, device is null ? 0 : (await devices.GetAsync(owner, device, ct)).Id);
    }
}

static class FileRoutes
{
    public static void MapFiles(this IEndpointRouteBuilder api)
    {
        Map(api.MapGroup("/products/{product}/files"), "a product's library", new(Actions.LibraryRead, Actions.LibraryWrite, Actions.LibraryRead));
        Map(api.MapGroup("/products/{product}/devices/{device}/files"), "one device", new(Actions.FilesRead, Actions.FilesWrite, Actions.ContentRead));
    }

    static void Map(RouteGroupBuilder files, string whose, FileActions actions)
    {
        files.WithTags("Files");
        files.MapGet("", ListAsync).WithSummary($"List the files of {whose}").Needing(actions.Read).Pages("name");
        files.MapGet("/{name}/{version}", GetAsync).WithSummary($"Get a file of {whose}").Needing(actions.Read);
        files.MapPut("/{name}/{version}", PutAsync).WithSummary($"Store a file of {whose}: the raw body, streamed; files never change")
            .Needing(actions.Write).Takes<Stream>(MediaTypeNames.Application.Octet);
        files.MapDelete("/{name}/{version}", DeleteAsync).WithSummary($"Delete a file of {whose} that no open transfer needs").Needing(actions.Write);
        files.MapMethods("/{name}/{version}/content", ["GET", "HEAD"], ContentAsync)
            .WithSummary($"Read the bytes of a file of {whose}").Needing(actions.Content).Bytes();
    }

    static async Task<Ok<Page<FileAnswer>>> ListAsync(HttpContext http, Shelves shelves, Library library)
    {
        var ask = PageAsk.Of(http, "name");
        var shelf = await shelves.FindAsync(http, http.RequestAborted);
        var after = After(ask);
        var found = await library.ListAsync(shelf, http.Request.Query["name"], after, ask.Limit + 1, http.RequestAborted);
        return TypedResults.Ok(ask.Page(found, FileAnswer.Of, f => $"{f.Name}\n{f.Version}"));
    }

    static FileName After(PageAsk ask) => ask.Place.Split('\n') switch
    {
        [var name, var version] => new(name, version),
        [""] => new("", ""),
        _ => throw PageAsk.Invalid(),
    };

    static async Task<Ok<FileAnswer>> GetAsync(string name, string version, HttpContext http, Shelves shelves, Library library)
    {
        var shelf = await shelves.FindAsync(http, http.RequestAborted);
        return TypedResults.Ok(FileAnswer.Of(await library.GetAsync(shelf, new(name, version), http.RequestAborted)));
    }

    static async Task<Results<Ok<FileAnswer>, Created<FileAnswer>>> PutAsync(
        string name, string version, HttpContext http, Shelves shelves, FileIntake intake)
    {
        var type = http.Request.Query["type"] is [{ Length: > 0 } given] ? given : LibraryFile.UsualType;
        string? md5 = http.Request.Headers.ContentMD5;
        var expected = default(Md5Digest);
        new Mistakes()
            .Need("name", FileNames.IsName(name), FileNames.AllowedName)
            .Need("version", FileNames.IsVersion(version), FileNames.AllowedVersion)
            .Need("type", FileNames.IsType(type), FileNames.AllowedType)
            .Need("Content-MD5", md5 is null || Md5Digest.TryParseBase64(md5, out expected), "base64 of 16 bytes")
            .ThrowIfAny();
        var shelf = await shelves.FindAsync(http, http.RequestAborted);
        var (file, made) = await intake.TakeAsync(shelf, new(name, version), type, http.Request, md5 is null ? null : expected);
        return made ? TypedResults.Created(http.Request.Path, FileAnswer.Of(file)) : TypedResults.Ok(FileAnswer.Of(file));
    }

    static async Task<NoContent> DeleteAsync(string name, string version, HttpContext http, Shelves shelves, Library library)
    {
        await library.DeleteAsync(await shelves.FindAsync(http, http.RequestAborted), new(name, version), http.RequestAborted);
        return TypedResults.NoContent();
    }

    static async Task ContentAsync(HttpContext http, Shelves shelves, Library library, ObjectSender sender)
    {
        var (name, version) = ((string)http.GetRouteValue("name")!, (string)http.GetRouteValue("version")!);
        var file = await library.GetAsync(await shelves.FindAsync(http, http.RequestAborted), new(name, version), http.RequestAborted);
        await sender.SendAsync(http, file.Object, served: null);
    }

    static ValueTask<Shelf> FindAsync(this Shelves shelves, HttpContext http, CancellationToken ct) =>
        shelves.FindAsync((string)http.GetRouteValue("product")!, (string?)http.GetRouteValue("device"), ct);
}

/// <summary>What the routes of one kind of shelf need.</summary>
sealed record FileActions(Actions Read, Actions Write, Actions Content);

/// <summary>A file's way in: bytes first, then the record.</summary>
sealed class FileIntake(DiskStore store, Library library, ObjectSettings settings)
{
    public async Task<(LibraryFile File, bool Made)> TakeAsync(Shelf shelf, FileName name, string type, HttpRequest request, Md5Digest? md5)
    {
        var ct = request.HttpContext.RequestAborted;
        if (request.ContentLength > settings.MaximumSize)
            throw new RefusedException("too_large", $"The body is longer than the allowed {settings.MaximumSize} bytes.");
        var intake = new Intake(null, request.ContentLength, settings.MaximumSize, md5);
        using var stored = await store.ReceiveAsync(request.BodyReader, intake, ct);
        return await library.AddAsync(shelf, name, type, stored.Record, ct);
    }
}
