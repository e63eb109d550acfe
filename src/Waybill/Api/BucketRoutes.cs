using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;
using Waybill.S3;
using Waybill.S3.Rows;

namespace Waybill.Api;

/// <summary>Buckets of the S3 endpoint. They are the whole server's: a key for some products does not get to them.</summary>
static class BucketRoutes
{
    const string AllowedName = "3 to 63 characters of a-z, 0-9, - and ., as S3 names buckets";

    public static void MapBuckets(this IEndpointRouteBuilder api)
    {
        var buckets = api.MapGroup("/buckets").WithTags("Buckets");
        buckets.MapGet("", ListAsync).WithSummary("List buckets with what they hold").Needing(Actions.BucketsRead).Pages();
        buckets.MapGet("/{bucket}", GetAsync).WithSummary("Get a bucket: what it holds and may hold").Needing(Actions.BucketsRead);
        buckets.MapPut("/{bucket}", PutAsync).WithSummary("Make a bucket, or set what it may hold; what is absent is without limit")
            .Needing(Actions.BucketsWrite).Takes<BucketBody>();
        buckets.MapDelete("/{bucket}", DeleteAsync).WithSummary("Delete an empty bucket").Needing(Actions.BucketsWrite);
    }

    /// <exception cref="RefusedException"><c>bucket_not_found</c>.</exception>
    public static async ValueTask<Bucket> FindAsync(this Buckets buckets, string name, HttpContext http) =>
        await buckets.FindAsync(name, http.RequestAborted) ?? throw NotFound(name);

    static async Task<Ok<Page<BucketAnswer>>> ListAsync(HttpContext http, BucketList buckets)
    {
        var ask = PageAsk.Of(http);
        var found = await buckets.ListAsync(ask.Place, ask.Limit + 1, http.RequestAborted);
        return TypedResults.Ok(ask.Page(found, BucketAnswer.Of, b => b.Name));
    }

    static async Task<Ok<BucketAnswer>> GetAsync(string bucket, HttpContext http, BucketList buckets) =>
        TypedResults.Ok(await LookAsync(bucket, http, buckets));

    static async Task<Results<Ok<BucketAnswer>, Created<BucketAnswer>>> PutAsync(string bucket, HttpContext http, Buckets buckets, BucketList counted)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.BucketBody, new Mistakes().Need("bucket", S3Address.IsBucketName(bucket), AllowedName));
        var made = await buckets.PutAsync(bucket, body.Quota, http.RequestAborted);
        var answer = await LookAsync(bucket, http, counted);
        return made ? TypedResults.Created(http.Request.Path, answer) : TypedResults.Ok(answer);
    }

    static async Task<NoContent> DeleteAsync(string bucket, HttpContext http, Buckets buckets)
    {
        await buckets.DeleteAsync(await buckets.FindAsync(bucket, http), http.RequestAborted);
        return TypedResults.NoContent();
    }

    static async ValueTask<BucketAnswer> LookAsync(string bucket, HttpContext http, BucketList buckets) =>
        BucketAnswer.Of(await buckets.FindAsync(bucket, http.RequestAborted) ?? throw NotFound(bucket));

    static RefusedException NotFound(string name) => new("bucket_not_found", $"There is no bucket '{name}'.");
}
