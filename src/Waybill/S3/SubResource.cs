using System.Collections.Frozen;

namespace Waybill.S3;

/// <summary>What of a bucket or object a request is about, as its query and headers say.</summary>
static class SubResource
{
    static readonly string[] s_offered = ["cors", "delete", "location", "tagging", "uploads"];

    static readonly FrozenSet<string> s_notOffered = FrozenSet.Create(StringComparer.Ordinal,
        "abac", "accelerate", "acl", "analytics", "attributes", "encryption", "intelligent-tiering", "inventory", "legal-hold", "lifecycle", "logging",
        "metadataConfiguration", "metadataInventoryTable", "metadataJournalTable", "metadataTable", "metrics", "notification", "object-lock",
        "ownershipControls", "policy", "policyStatus", "publicAccessBlock", "renameObject", "replication", "requestPayment", "restore", "retention",
        "select", "session", "torrent", "versionId", "versioning", "versions", "website");

    static readonly string[] s_headersNotOffered =
    [
        "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date", "x-amz-object-lock-legal-hold", "x-amz-bucket-object-lock-enabled",
        "x-amz-server-side-encryption", "x-amz-server-side-encryption-customer-algorithm", "x-amz-tagging", "x-amz-website-redirect-location", "x-amz-write-offset-bytes",
    ];

    /// <summary>The name a call is found by: empty for the bucket or object itself.</summary>
    /// <exception cref="RefusedException">Something that is not offered.</exception>
    public static string Of(HttpRequest request)
    {
        RefuseOthers(request);
        var query = request.Query;
        var copied = request.Method == "PUT" && request.Headers.ContainsKey("x-amz-copy-source") ? "copy" : "";
        if (query.ContainsKey("uploadId"))
            return query.ContainsKey("partNumber") ? "part" + copied : "upload";
        if (query.ContainsKey("partNumber"))
            throw S3Refusals.NotImplemented("partNumber without uploadId");
        foreach (var name in s_offered)
        {
            if (query.ContainsKey(name))
                return name;
        }
        return query["list-type"] == "2" ? "list-v2" : copied;
    }

    static void RefuseOthers(HttpRequest request)
    {
        foreach (var (name, _) in request.Query)
        {
            if (s_notOffered.Contains(name))
                throw S3Refusals.NotImplemented(name);
        }
        foreach (var name in s_headersNotOffered)
        {
            if (request.Headers.ContainsKey(name))
                throw S3Refusals.NotImplemented(name);
        }
        if (request.Method == "DELETE" && request.Headers.ContainsKey("If-Match"))
            throw S3Refusals.NotImplemented("If-Match on a delete");
        if (request.Headers["x-amz-acl"].ToString() is not ("" or "private" or "bucket-owner-full-control")
            || request.Headers.Keys.Any(name => name.StartsWith("x-amz-grant-", StringComparison.OrdinalIgnoreCase)))
            throw new RefusedException("AccessControlListNotSupported", "The bucket does not allow ACLs");
        if (request.Headers["x-amz-storage-class"].ToString() is not ("" or "STANDARD"))
            throw new RefusedException("InvalidStorageClass", "The storage class you specified is not valid");
    }
}
