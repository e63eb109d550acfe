using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Objects;
using Waybill.Transfers;

namespace Waybill.Api;

static class TransferRoutes
{
    public static void MapTransfers(this IEndpointRouteBuilder api)
    {
        var transfers = api.MapGroup("/transfers").WithTags("Transfers");
        transfers.MapGet("", ListAsync).WithSummary("List transfers, the newest first").Needing(Actions.TransfersRead, narrows: true)
            .Pages("product", "device", "kind", "state");
        transfers.MapGet("/{id}", GetAsync).WithSummary("Get a transfer").Needing(Actions.TransfersRead, narrows: true);
        api.MapGet("/uploads/{token}", UploadAsync).WithTags("Transfers").WithSummary("Get the transfer that a resource_token stands for")
            .Needing(Actions.TransfersRead, narrows: true);
        transfers.MapPost("", CreateAsync).WithSummary("Send a file to a device, or have one removed from it").Needing(Actions.TransfersWrite, narrows: true)
            .Takes<TransferBody>();
        transfers.MapPost("/{id}/cancel", CancelAsync).WithSummary("Cancel an open transfer").Needing(Actions.TransfersWrite, narrows: true);
        transfers.MapDelete("/{id}", DeleteAsync).WithSummary("Forget a transfer that has ended, with the bytes of an upload that nothing else refers to")
            .Needing(Actions.TransfersWrite, narrows: true);
        transfers.MapMethods("/{id}/content", ["GET", "HEAD"], ContentAsync).WithSummary("Read the bytes of a finished upload, or of a download")
            .Needing(Actions.ContentRead, narrows: true).Bytes();
    }

    static async Task<Ok<Page<TransferAnswer>>> ListAsync(HttpContext http, TransferSearch transfers, Seal seal)
    {
        var ask = PageAsk.Of(http, "product", "device", "kind", "state");
        var filter = Filter(http);
        var before = long.MaxValue;
        if (ask.After.Length > 0 && !seal.TryRead(ask.After, SealPurpose.TransferId, out before, out _))
            throw PageAsk.Invalid();
        var found = await transfers.ListAsync(filter, before, ask.Limit + 1, http.RequestAborted);
        return TypedResults.Ok(ask.Sealed(found, f => TransferAnswer.Of(f, seal), f => seal.Write(f.Transfer.Id, 0, SealPurpose.TransferId)));
    }

    static async Task<Ok<TransferAnswer>> GetAsync(string id, HttpContext http, TransferSearch transfers, Seal seal) =>
        TypedResults.Ok(TransferAnswer.Of(await FindAsync(id, http, transfers, seal), seal));

    static async Task<Ok<TransferAnswer>> UploadAsync(string token, HttpContext http, TransferSearch transfers, Seal seal)
    {
        if (!seal.TryRead(token, SealPurpose.ResourceToken, out var id, out _))
            throw TransferSearch.NotFound();
        return TypedResults.Ok(TransferAnswer.Of(await FindAsync(id, http, transfers), seal));
    }

    static async Task<Created<TransferAnswer>> CreateAsync(HttpContext http, TransferDesk desk, Seal seal)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.TransferBody);
        http.Caller().Scope.Demand(body.Product!, body.Device!);
        var created = TransferAnswer.Of(await desk.OrderAsync(body, http.RequestAborted), seal);
        return TypedResults.Created($"{http.Request.Path}/{created.Id}", created);
    }

    static async Task<Ok<TransferAnswer>> CancelAsync(string id, HttpContext http, TransferSearch transfers, TransferDesk desk, Seal seal)
    {
        var found = await FindAsync(id, http, transfers, seal);
        return TypedResults.Ok(TransferAnswer.Of(await desk.CancelAsync(found, http.RequestAborted), seal));
    }

    static async Task<NoContent> DeleteAsync(string id, HttpContext http, TransferSearch transfers, TransferRemoval removal, Seal seal)
    {
        var found = await FindAsync(id, http, transfers, seal);
        await removal.DeleteAsync(found.Transfer.Id, http.RequestAborted);
        return TypedResults.NoContent();
    }

    static async Task ContentAsync(HttpContext http, TransferSearch transfers, Seal seal, ObjectSender sender)
    {
        var (transfer, _, _) = await FindAsync((string)http.GetRouteValue("id")!, http, transfers, seal);
        if (transfer is not { Sha256: { } sha256, Md5: { } md5 })
            throw new RefusedException("content_not_found", transfer is { Kind: TransferKind.Upload, State: TransferState.Ok, Reason: { } reason }
                ? $"The transfer's bytes were {reason}."
                : "The transfer's bytes have not been stored.");
        await sender.SendAsync(http, new ObjectContent(sha256, md5, transfer.Size, transfer.Name), served: null);
    }

    static async ValueTask<FoundTransfer> FindAsync(string text, HttpContext http, TransferSearch transfers, Seal seal)
    {
        if (!seal.TryRead(text, SealPurpose.TransferId, out var id, out _))
            throw TransferSearch.NotFound();
        return await FindAsync(id, http, transfers);
    }

    static async ValueTask<FoundTransfer> FindAsync(long id, HttpContext http, TransferSearch transfers)
    {
        var found = await transfers.GetAsync(id, http.RequestAborted);
        return http.Caller().Scope.Covers(found.Product, found.Device) ? found : throw TransferSearch.NotFound();
    }

    static TransferFilter Filter(HttpContext http)
    {
        var query = http.Request.Query;
        var (kind, state) = ((string?)query["kind"], (string?)query["state"]);
        new Mistakes()
            .May("kind", kind, k => TransferWords.Kind(k) is not null, $"one of {TransferWords.Kinds}")
            .May("state", state, s => TransferWords.State(s) is not null, $"one of {TransferWords.States}")
            .ThrowIfAny();
        return new(http.Caller().Scope, query["product"], query["device"], TransferWords.Kind(kind), TransferWords.State(state));
    }
}

/// <summary>Kinds, states and steps as the API writes them.</summary>
static class TransferWords
{
    public static string Kinds { get; } = string.Join(", ", Enum.GetValues<TransferKind>().Select(k => Of(k)));

    public static string States { get; } = string.Join(", ", Enum.GetValues<TransferState>().Select(s => Of(s)));

    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static TransferKind? Kind(string? word) => Find<TransferKind>(word);

    public static TransferState? State(string? word) => Find<TransferState>(word);

    static T? Find<T>(string? word)
        where T : struct, Enum => Enum.GetValues<T>().Where(v => Of(v) == word).Select(v => (T?)v).FirstOrDefault();
}
