using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;
using Waybill.Objects.Credentials;
using Waybill.Objects.Credentials.Issuers;

namespace Waybill.Api;

static class StorageCredentialRoutes
{
    public static void MapStorageCredentials(this IEndpointRouteBuilder api)
    {
        api.MapGet("/storage/issuers", Issuers).WithTags("Storage credentials").WithSummary("List the storage for which temporary credentials can be made").Needing(Actions.KeysRead);
        var credentials = api.MapGroup("/products/{product}/devices/{device}/storage-credentials").WithTags("Storage credentials");
        credentials.MapPost("", IssueAsync).WithSummary("Make temporary credentials with which the device reaches one prefix of a bucket")
            .Needing(Actions.CredentialsMint).Takes<StorageCredentialBody>().WithMetadata(new AnswersSecret("secretKey"));
        credentials.MapDelete("", RevokeAllAsync).WithSummary("Revoke all temporary credentials of the device for this server's buckets; at once")
            .Needing(Actions.CredentialsMint);
        credentials.MapDelete("/{job}", RevokeJobAsync).WithSummary("Revoke the temporary credentials that the device got for this job; at once")
            .Needing(Actions.CredentialsMint);
    }

    static Ok<Page<StorageIssuerAnswer>> Issuers(CredentialIssuers issuers) => TypedResults.Ok(new Page<StorageIssuerAnswer>([.. issuers.All.Select(StorageIssuerAnswer.Of)], null));

    static async Task<Ok<StorageCredentialAnswer>> IssueAsync(string product, string device, HttpContext http, StorageCredentialDesk desk) =>
        TypedResults.Ok(await desk.IssueAsync(http, product, device, await JsonBody.ReadAsync(http, ApiJson.Wire.StorageCredentialBody)));

    static async Task<NoContent> RevokeAllAsync(string product, string device, HttpContext http, DevicePlaces places, Revocations revocations)
    {
        await places.FindAsync(product, device, http.RequestAborted);
        await revocations.RevokeDeviceAsync($"{product}/{device}", http.RequestAborted);
        return TypedResults.NoContent();
    }

    static async Task<NoContent> RevokeJobAsync(string product, string device, string job, HttpContext http, Revocations revocations)
    {
        new Mistakes().Need("job", StorageCredentialBody.IsJob(job), "the job of credentials that were made").ThrowIfAny();
        await revocations.RevokeJobAsync(CredentialAsk.JobOf($"{product}/{device}", job)!, http.RequestAborted);
        return TypedResults.NoContent();
    }
}
