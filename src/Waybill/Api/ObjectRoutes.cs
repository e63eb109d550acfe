using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;
using Waybill.Objects;
using Waybill.Protocols;
using Waybill.S3;
using Waybill.S3.Rows;

namespace Waybill.Api;

/// <summary>Objects of buckets. A key may hold what a path would resolve, so it stands in the query. The bytes are for who may read what
/// belongs to devices, whoever put them: keys are used on behalf of devices too.</summary>
static class ObjectRoutes
{
    public static void MapObjects(this IEndpointRouteBuilder api)
    {
        var objects = api.MapGroup("/buckets/{bucket}").WithTags("Buckets");
        objects.MapGet("/objects", ListAsync).WithSummary("List objects in the order of their keys").Needing(Actions.BucketsRead).Pages("prefix");
        objects.MapGet("/object", GetAsync).WithSummary("Get what is known of an object").Needing(Actions.BucketsRead).Names("key");
        objects.MapDelete("/object", DeleteAsync).WithSummary("Delete an object").Needing(Actions.BucketsWrite).Names("key");
        objects.MapMethods("/object/content", ["GET", "HEAD"], ContentAsync).WithSummary("Read the bytes of an object")
            .Needing(Actions.ContentRead).Names("key").Bytes();

        var ofDevice = api.MapGroup("/products/{product}/devices/{device}").WithTags("Buckets");
        ofDevice.MapGet("/objects", OfDeviceAsync).WithSummary("List what a device put into buckets with its temporary credentials")
            .Needing(Actions.FilesRead).Pages();
        ofDevice.MapMethods("/object/content", ["GET", "HEAD"], ContentOfDeviceAsync).WithSummary("Read the bytes of an object that a device put")
            .Needing(Actions.ContentRead).Names("bucket", "key").Bytes();
    }

    static async Task<Ok<Page<ObjectAnswer>>> ListAsync(string bucket, HttpContext http, Buckets buckets, ObjectList objects)
    {
        var ask = PageAsk.Of(http, "prefix");
        var prefix = http.Request.Query["prefix"].ToString();
        new Mistakes().Need("prefix", IsKey(prefix), AllowedKey).ThrowIfAny();
        var found = await objects.OfBucketAsync(await buckets.FindAsync(bucket, http), prefix, ask.Place, ask.Limit + 1, http.RequestAborted);
        return TypedResults.Ok(ask.Page(found, ObjectAnswer.Of, o => o.Key));
    }

    static async Task<Ok<ObjectAnswer>> GetAsync(string bucket, HttpContext http, ObjectList objects) =>
        TypedResults.Ok(ObjectAnswer.Of(await FindAsync(bucket, http, objects)));

    static async Task<NoContent> DeleteAsync(string bucket, HttpContext http, Buckets buckets, ObjectIndex index)
    {
        if (await index.DeleteAsync(await buckets.FindAsync(bucket, http), [Key(http)], http.Caller().Name, http.RequestAborted) == 0)
            throw NotFound();
        return TypedResults.NoContent();
    }

    static async Task ContentAsync(HttpContext http, ObjectList objects, ObjectSender sender) =>
        await sender.SendAsync(http, Content(await FindAsync((string)http.GetRouteValue("bucket")!, http, objects)), served: null);

    static async Task<Ok<Page<ObjectAnswer>>> OfDeviceAsync(string product, string device, HttpContext http, DevicePlaces places, ObjectList objects)
    {
        var ask = PageAsk.Of(http);
        var (bucket, key) = After(ask.Place);
        var (_, owner) = await places.FindAsync(product, device, http.RequestAborted);
        var found = await objects.OfDeviceAsync(owner.Id, bucket, key, ask.Limit + 1, http.RequestAborted);
        return TypedResults.Ok(ask.Page(found, ObjectAnswer.Of, o => string.Create(CultureInfo.InvariantCulture, $"{o.BucketId}/{o.Key}")));
    }

    /// <summary>Another device's is not there.</summary>
    static async Task ContentOfDeviceAsync(HttpContext http, ObjectList objects, ObjectSender sender)
    {
        var found = await FindAsync(http.Request.Query["bucket"].ToString(), http, objects);
        if (found.Product != (string)http.GetRouteValue("product")! || found.Device != (string)http.GetRouteValue("device")!)
            throw NotFound();
        await sender.SendAsync(http, Content(found), served: null);
    }

    static async ValueTask<FoundObject> FindAsync(string bucket, HttpContext http, ObjectList objects) =>
        await objects.FindAsync(bucket, Key(http), http.RequestAborted) ?? throw NotFound();

    static string Key(HttpContext http)
    {
        var key = http.Request.Query["key"].ToString();
        new Mistakes().Need("key", key.Length > 0 && IsKey(key), AllowedKey).ThrowIfAny();
        return key;
    }

    static (long Bucket, string Key) After(string place)
    {
        if (place.Length == 0)
            return (0, "");
        return place.Split('/', 2) is [var bucket, var key] && long.TryParse(bucket, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (id, key)
            : throw PageAsk.Invalid();
    }

    static ObjectContent Content(FoundObject o)
    {
        var name = o.Key.TrimEnd('/').Split('/')[^1];
        return new(Sha256Digest.FromBytes(o.Sha256), Md5Digest.FromBytes(o.Md5), o.Size, name.Length == 0 ? "object" : name);
    }

    static string AllowedKey => $"at most {S3Address.LongestKey} bytes without NUL";

    static bool IsKey(string text) => System.Text.Encoding.UTF8.GetByteCount(text) <= S3Address.LongestKey && !text.Contains('\0', StringComparison.Ordinal);

    static RefusedException NotFound() => new("object_not_found", "There is no such object.");
}
