using Waybill.S3.Calls;

namespace Waybill.S3;

/// <summary>A call, and the action that its caller must be allowed.</summary>
sealed record S3Call(string Action, Func<S3Request, Task> RunAsync, bool NeedsBucket = true)
{
    /// <summary>In the place of an action: the call asks for each of its keys.</summary>
    public const string EachKey = "";
}

/// <summary>Every call that is offered, by method, by what it is about and by its sub-resource.</summary>
sealed class S3Calls(BucketCalls buckets, ListCalls lists, ObjectCalls objects, CopyCalls copies, UploadCalls uploads)
{
    enum Level
    {
        Service,
        Bucket,
        Object,
    }

    readonly Dictionary<(string Method, Level Level, string SubResource), S3Call> calls = new()
    {
        [("GET", Level.Service, "")] = new("s3:ListAllMyBuckets", buckets.ListAsync, NeedsBucket: false),

        [("PUT", Level.Bucket, "")] = new("s3:CreateBucket", buckets.CreateAsync, NeedsBucket: false),
        [("DELETE", Level.Bucket, "")] = new("s3:DeleteBucket", buckets.DeleteAsync),
        [("HEAD", Level.Bucket, "")] = new("s3:ListBucket", buckets.HeadAsync),
        [("GET", Level.Bucket, "location")] = new("s3:GetBucketLocation", buckets.LocationAsync),
        [("GET", Level.Bucket, "cors")] = new("s3:GetBucketCORS", BucketCalls.GetCorsAsync),
        [("PUT", Level.Bucket, "cors")] = new("s3:PutBucketCORS", buckets.PutCorsAsync),
        [("DELETE", Level.Bucket, "cors")] = new("s3:PutBucketCORS", buckets.DeleteCorsAsync),

        [("GET", Level.Bucket, "")] = new("s3:ListBucket", lists.FirstVersionAsync),
        [("GET", Level.Bucket, "list-v2")] = new("s3:ListBucket", lists.SecondVersionAsync),
        [("GET", Level.Bucket, "uploads")] = new("s3:ListBucketMultipartUploads", lists.UploadsAsync),
        [("POST", Level.Bucket, "delete")] = new(S3Call.EachKey, objects.DeleteManyAsync),

        [("GET", Level.Object, "")] = new("s3:GetObject", objects.GetAsync),
        [("HEAD", Level.Object, "")] = new("s3:GetObject", objects.GetAsync),
        [("GET", Level.Object, "tagging")] = new("s3:GetObject", objects.TagsAsync),
        [("PUT", Level.Object, "")] = new("s3:PutObject", objects.PutAsync),
        [("PUT", Level.Object, "copy")] = new("s3:PutObject", copies.CopyAsync),
        [("DELETE", Level.Object, "")] = new("s3:DeleteObject", objects.DeleteAsync),

        [("POST", Level.Object, "uploads")] = new("s3:PutObject", uploads.CreateAsync),
        [("POST", Level.Object, "upload")] = new("s3:PutObject", uploads.CompleteAsync),
        [("DELETE", Level.Object, "upload")] = new("s3:AbortMultipartUpload", uploads.AbortAsync),
        [("GET", Level.Object, "upload")] = new("s3:ListMultipartUploadParts", uploads.ListPartsAsync),
        [("PUT", Level.Object, "part")] = new("s3:PutObject", uploads.PutPartAsync),
        [("PUT", Level.Object, "partcopy")] = new("s3:PutObject", copies.CopyPartAsync),
    };

    public IReadOnlyCollection<S3Call> All => calls.Values;

    /// <exception cref="RefusedException">It is not offered.</exception>
    public S3Call Find(S3Address address, HttpRequest request)
    {
        var level = address.Bucket is null ? Level.Service : address.Key is null ? Level.Bucket : Level.Object;
        var subResource = SubResource.Of(request);
        if (calls.TryGetValue((request.Method, level, subResource), out var call))
            return call;
        throw subResource.Length > 0 || request.Method == "POST"
            ? S3Refusals.NotImplemented($"{request.Method} {subResource}")
            : new("MethodNotAllowed", "The specified method is not allowed against this resource.");
    }
}
