using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Quotas;

namespace Waybill.Api;

/// <param name="DryRun">Only look what would go; absent: remove it.</param>
sealed record RetentionBody(bool? DryRun) : IRequestBody
{
    public void Check(Mistakes mistakes)
    {
    }
}

/// <summary>What retention removed, or would remove.</summary>
/// <param name="DryRun">Whether nothing was changed.</param>
/// <param name="Files">How many uploads.</param>
/// <param name="Bytes">Theirs.</param>
/// <param name="More">Whether one run was not enough: the rest goes with the next.</param>
/// <param name="Items">The first of them.</param>
sealed record RetentionAnswer(bool DryRun, long Files, long Bytes, bool More, IReadOnlyList<RetentionItem> Items)
{
    public static RetentionAnswer Of(bool dryRun, RetentionOutcome outcome, Seal seal) =>
        new(dryRun, outcome.Files, outcome.Bytes, outcome.More, [.. outcome.First.Select(e => RetentionItem.Of(e, seal))]);
}

/// <param name="Id">The transfer's; null for an object of a bucket.</param>
/// <param name="Bucket">The object's; null for a transfer.</param>
/// <param name="Device">Whose.</param>
/// <param name="File">Its name, or the object's key.</param>
/// <param name="Size">Bytes.</param>
sealed record RetentionItem(string? Id, string? Bucket, string Device, string File, long Size)
{
    /// <summary>When it was asked for, or put.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Which rule, as the transfer will say.</summary>
    public required string Reason { get; init; }

    public static RetentionItem Of(ExpiredUpload e, Seal seal) =>
        new(e.Bucket is null ? seal.Write(e.Id, 0, SealPurpose.TransferId) : null, e.Bucket, e.Device, e.File, e.Size)
        {
            CreatedAt = Times.Utc(e.CreatedAt),
            Reason = e.Reason,
        };
}

static class UploadRetentionRoutes
{
    public static void MapUploadRetention(this IEndpointRouteBuilder api) => api.MapGroup("/products/{product}").WithTags("Upload rules")
        .MapPost("/upload-retention", RunAsync)
        .WithSummary("Remove the bytes of uploads that the rules keep no longer, or only look which (dryRun)")
        .Needing(Actions.ProductsWrite).Takes<RetentionBody>();

    static async Task<Ok<RetentionAnswer>> RunAsync(string product, HttpContext http, ProductRegistry products, UploadRetention retention, Seal seal)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.RetentionBody);
        var owner = await products.GetAsync(product, http.RequestAborted);
        var dryRun = body.DryRun == true;
        var outcome = dryRun ? await retention.LookAsync(owner.Id, http.RequestAborted) : await retention.RunAsync(owner.Id, http.RequestAborted);
        return TypedResults.Ok(RetentionAnswer.Of(dryRun, outcome, seal));
    }
}
