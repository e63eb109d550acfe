namespace Waybill.Objects.Credentials;

/// <summary>Actions on a resource: <c>bucket/key</c>, or <c>bucket</c> for what is done to the bucket itself. A star at its end stands for any rest.</summary>
sealed record S3Right(S3Actions Actions, string Resource)
{
    const S3Actions Listing = S3Actions.ListBucket | S3Actions.ListBucketMultipartUploads;

    /// <summary>For what is done to a bucket the key is empty; for a listing it is the prefix, and who has a part of a bucket may list that part.</summary>
    public bool Allows(S3Actions action, string bucket, string key)
    {
        if (!Actions.HasFlag(action))
            return false;
        return (key.Length == 0 || Listing.HasFlag(action)) && Matches(bucket) || Matches($"{bucket}/{key}");
    }

    bool Matches(string resource) =>
        Resource.EndsWith('*') ? resource.AsSpan().StartsWith(Resource.AsSpan(0, Resource.Length - 1)) : resource == Resource;
}
