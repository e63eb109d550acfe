using Waybill.S3.Rows;
using Waybill.S3.Wire;

namespace Waybill.S3.Calls;

/// <summary>What <c>x-amz-copy-source</c> names: <c>/bucket/key</c>, escaped.</summary>
sealed class CopySource(Buckets buckets, ObjectIndex index)
{
    const string Header = "x-amz-copy-source";

    /// <exception cref="RefusedException">It is no key, not there, not allowed, or not as its conditions want it.</exception>
    public async Task<S3Object> FindAsync(S3Request request)
    {
        var (bucketName, key) = Parse(request.Header(Header) ?? "");
        if (!request.Caller.May("s3:GetObject", bucketName, key))
            throw S3Refusals.AccessDenied();
        var bucket = bucketName == request.BucketName ? request.Bucket : await buckets.GetAsync(bucketName, request.Ct);
        var found = await index.GetAsync(bucket, key, request.Ct);
        Conditions.Read(request.Headers, found, Header + "-");
        return found;
    }

    static (string Bucket, string Key) Parse(string header)
    {
        var parts = header.Split('?', 2);
        if (parts.Length == 2 && parts[1] != "versionId=null")
            throw S3Refusals.NotImplemented("versionId of a copy source");
        var source = S3Address.Unescape(parts[0]).TrimStart('/');
        var slash = source.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == source.Length - 1 || !S3Address.IsBucketName(source[..slash]))
            throw S3Refusals.InvalidArgument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
        return (source[..slash], S3Address.KeyOf(source[(slash + 1)..]));
    }
}
