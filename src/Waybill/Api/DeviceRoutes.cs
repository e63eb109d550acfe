using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;
using Waybill.Link;
using Waybill.Transfers;

namespace Waybill.Api;

static class DeviceRoutes
{
    const int MostShown = 100;

    public static void MapDevices(this IEndpointRouteBuilder api)
    {
        var devices = api.MapGroup("/products/{product}").WithTags("Devices");
        devices.MapGet("/devices", ListAsync).WithSummary("List devices, filtered by the beginning of their name, a tag (name:value) or being disabled")
            .Needing(Actions.DevicesRead, narrows: true).Pages("prefix", "tag", "disabled");
        devices.MapGet("/devices/{device}", GetAsync).WithSummary("Get a device: presence, files, open transfers").Needing(Actions.DevicesRead);
        devices.MapGet("/devices/{device}/held-files", HistoryAsync).WithSummary("List what came to a device, changed there or went, the newest first")
            .Needing(Actions.DevicesRead).Pages();
        devices.MapPut("/devices/{device}", PutAsync).WithSummary("Make a device, or set its secret and tags; a made secret is returned once")
            .Needing(Actions.DevicesWrite).Takes<DeviceBody>();
        devices.MapPatch("/devices/{device}", PatchAsync).WithSummary("Change tags; disable (cuts the session, kills its URLs) or enable")
            .Needing(Actions.DevicesWrite).Takes<DevicePatch>();
        devices.MapDelete("/devices/{device}", DeleteAsync).WithSummary("Delete a device with its files and transfers; open ones are canceled")
            .Needing(Actions.DevicesWrite);
        devices.MapPost("/devices/{device}/secret:rotate", RotateAsync).WithSummary("Give a new secret; the one before stays valid for a time")
            .Needing(Actions.DevicesWrite).Takes<SecretBody>().WithMetadata(new AnswersSecret());
        devices.MapPost("/devices:import", ImportAsync).WithSummary("Make and update devices from CSV: name,secret[,tag...]")
            .Needing(Actions.DevicesWrite).Takes<string>(MediaTypeNames.Text.Csv);
    }

    static async Task<Ok<Page<DeviceAnswer>>> ListAsync(
        string product, HttpContext http, ProductRegistry products, DeviceRegistry devices, DeviceConnections connections)
    {
        var ask = PageAsk.Of(http, "prefix", "tag", "disabled");
        var filter = Filter(http);
        var owner = await products.GetAsync(product, http.RequestAborted);
        var found = await devices.ListAsync(owner, filter, ask.Place, ask.Limit + 1, http.RequestAborted);
        return TypedResults.Ok(ask.Page(found, d => DeviceAnswer.Of(owner, d, connections.Find(d.Id)), d => d.Name));
    }

    static async Task<Ok<DeviceAnswer>> GetAsync(
        string product, string device, HttpContext http, ProductRegistry products, DeviceLook look, UploadLook uploads)
    {
        var owner = await products.GetAsync(product, http.RequestAborted);
        var found = await look.AtAsync(owner, device, MostShown, http.RequestAborted);
        return TypedResults.Ok(found with { Uploads = await uploads.AtAsync(owner, device, http.RequestAborted) });
    }

    static async Task<Ok<Page<HeldPastAnswer>>> HistoryAsync(
        string product, string device, HttpContext http, ProductRegistry products, DeviceRegistry devices, Holdings holdings)
    {
        var ask = PageAsk.Of(http);
        var found = await devices.GetAsync(await products.GetAsync(product, http.RequestAborted), device, http.RequestAborted);
        var from = ask.Place is { Length: > 0 } place ? Id(place) : (long?)null;
        var history = await holdings.HistoryAsync(found.Id, from, ask.Limit + 1, http.RequestAborted);
        // the cursor is the first of the next page
        var next = history.Count > ask.Limit ? history[ask.Limit].Id : 0;
        return TypedResults.Ok(ask.Page(history, HeldPastAnswer.Of, _ => next.ToString(CultureInfo.InvariantCulture)));
    }

    static async Task<Results<Ok<DeviceAnswer>, Created<DeviceAnswer>>> PutAsync(
        string product, string device, HttpContext http, ProductRegistry products, DeviceRegistry devices)
    {
        var mistakes = new Mistakes().Need("device", RegistryNames.IsDevice(device), RegistryNames.Device);
        var owner = await products.GetAsync(product, http.RequestAborted);
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.DeviceBody, mistakes, (b, m) => CheckSecret(b.Secret, owner, m));
        var (put, made, secret) = await devices.PutAsync(owner, device, body.Secret, body.Tags, http.RequestAborted);
        var answer = DeviceAnswer.Of(owner, put, null) with { Secret = secret };
        return made ? TypedResults.Created(http.Request.Path, answer) : TypedResults.Ok(answer);
    }

    static async Task<Ok<DeviceAnswer>> PatchAsync(string product, string device, HttpContext http, ProductRegistry products, DeviceRegistry devices)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.DevicePatch);
        var owner = await products.GetAsync(product, http.RequestAborted);
        var changed = await devices.ChangeAsync(owner, device, body.Disabled, body.Tags, http.RequestAborted);
        return TypedResults.Ok(DeviceAnswer.Of(owner, changed, null));
    }

    static async Task<NoContent> DeleteAsync(string product, string device, HttpContext http, ProductRegistry products, DeviceRemoval removal)
    {
        var owner = await products.GetAsync(product, http.RequestAborted);
        await removal.DeleteAsync(owner, device, http.RequestAborted);
        return TypedResults.NoContent();
    }

    static async Task<Ok<SecretAnswer>> RotateAsync(string product, string device, HttpContext http, ProductRegistry products, DeviceRegistry devices)
    {
        var owner = await products.GetAsync(product, http.RequestAborted);
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.SecretBody, check: (b, m) => CheckSecret(b.Secret, owner, m));
        var overlap = TimeSpan.FromSeconds(body.OverlapSeconds ?? SecretBody.UsualOverlap);
        var (secret, until) = await devices.RotateAsync(owner, device, body.Secret, overlap, http.RequestAborted);
        return TypedResults.Ok(new SecretAnswer(body.Secret is null ? secret : null, Times.Utc(until)));
    }

    static async Task<Ok<ImportOutcome>> ImportAsync(string product, HttpContext http, ProductRegistry products, DeviceImport import)
    {
        var owner = await products.GetAsync(product, http.RequestAborted);
        using var text = new StreamReader(http.Request.Body, System.Text.Encoding.UTF8);
        return TypedResults.Ok(await import.RunAsync(owner, text, http.Caller().Scope, http.RequestAborted));
    }

    /// <summary>What may be a secret is a matter of the product's dialects.</summary>
    static void CheckSecret(string? secret, Product owner, Mistakes mistakes) =>
        mistakes.May("secret", secret, s => DeviceSecret.IsValid(s, owner.Dialects), DeviceSecret.AllowedIn(owner.Dialects));

    static long Id(string place) => long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw PageAsk.Invalid();

    static DeviceFilter Filter(HttpContext http)
    {
        var query = http.Request.Query;
        var (prefix, tag, disabled) = ((string?)query["prefix"], (string?)query["tag"], (string?)query["disabled"]);
        var colon = tag?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        new Mistakes()
            .May("prefix", prefix, RegistryNames.IsDevice, RegistryNames.Device)
            .Need("tag", tag is null || colon > 0, "name:value")
            .Need("disabled", disabled is null or "true" or "false", "true or false")
            .ThrowIfAny();
        return new(prefix, tag is null ? null : (tag[..colon], tag[(colon + 1)..]), disabled is null ? null : disabled == "true", http.Caller().Scope.Devices);
    }
}
