using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;
using Waybill.Objects.Credentials;

namespace Waybill.Api;

static class StorageKeyRoutes
{
    public static void MapStorageKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/storage").WithTags("Storage keys");
        keys.MapGet("/keys", ListAsync).WithSummary("List keys of the S3 endpoint beside the owner's").Needing(Actions.KeysRead).Pages();
        keys.MapGet("/keys/{accessKey}", GetAsync).WithSummary("Get a key of the S3 endpoint").Needing(Actions.KeysRead);
        keys.MapPost("/keys", MakeAsync).WithSummary("Make a key of the S3 endpoint with rights on prefixes; its secret is returned once")
            .Needing(Actions.KeysWrite).Takes<StorageKeyBody>().WithMetadata(new AnswersSecret("secretKey"));
        keys.MapDelete("/keys/{accessKey}", DeleteAsync).WithSummary("Delete a key of the S3 endpoint; it and the credentials it assumed end at once")
            .Needing(Actions.KeysWrite);
        keys.MapDelete("/sessions/{session}", RevokeAsync).WithSummary("Revoke the temporary credentials that AssumeRole has handed out under this session name")
            .Needing(Actions.KeysWrite);
    }

    static async Task<Ok<Page<StorageKeyAnswer>>> ListAsync(HttpContext http, S3KeyBook keys)
    {
        var ask = PageAsk.Of(http);
        var found = await keys.ListAsync(ask.Place, ask.Limit + 1, http.RequestAborted);
        return TypedResults.Ok(ask.Page(found, StorageKeyAnswer.Of, k => k.AccessKey));
    }

    static async Task<Ok<StorageKeyAnswer>> GetAsync(string accessKey, HttpContext http, S3KeyBook keys) =>
        TypedResults.Ok(StorageKeyAnswer.Of(await keys.GetAsync(accessKey, http.RequestAborted)));

    static async Task<Created<StorageKeyAnswer>> MakeAsync(HttpContext http, S3KeyBook keys)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.StorageKeyBody);
        var key = await keys.AddAsync(body.Name!, body.AsRights(), http.RequestAborted);
        return TypedResults.Created($"{http.Request.Path}/{key.AccessKey}", StorageKeyAnswer.Of(key) with { SecretKey = keys.SecretOf(key) });
    }

    static async Task<NoContent> DeleteAsync(string accessKey, HttpContext http, S3KeyBook keys)
    {
        await keys.DeleteAsync(accessKey, http.RequestAborted);
        return TypedResults.NoContent();
    }

    static async Task<NoContent> RevokeAsync(string session, HttpContext http, Revocations revocations)
    {
        await revocations.RevokeJobAsync(session, http.RequestAborted);
        return TypedResults.NoContent();
    }
}
