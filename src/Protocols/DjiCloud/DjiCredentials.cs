namespace Waybill.Protocols.DjiCloud;

/// <summary>A temporary key of an object storage. Its text shows no secret.</summary>
/// <param name="KeyId"><c>access_key_id</c></param>
/// <param name="Secret"><c>access_key_secret</c></param>
/// <param name="Token"><c>security_token</c>; empty for keys that have none.</param>
/// <param name="ExpiresAt">Unix milliseconds; each message gets it in the unit it wants.</param>
public sealed record DjiCredentials(string KeyId, string Secret, string Token, long ExpiresAt)
{
    /// <summary>Only when it ends.</summary>
    public override string ToString() => $"{nameof(DjiCredentials)} {{ {nameof(ExpiresAt)} = {ExpiresAt} }}";
}

/// <summary>A bucket as devices are told of it.</summary>
/// <param name="Provider"><c>minio</c>, <c>aws</c> or <c>ali</c>.</param>
/// <param name="Endpoint">With its scheme, and reachable from the dock.</param>
/// <param name="Region">For example <c>us-east-1</c>.</param>
/// <param name="Bucket">It must exist.</param>
/// <param name="Credentials">What may be done there.</param>
public sealed record DjiStorage(string Provider, string Endpoint, string Region, string Bucket, DjiCredentials Credentials)
{
    /// <summary>Why no device could use it, as the end of a sentence; null when one may.</summary>
    public string? Refusal()
    {
        if (Provider is not ("minio" or "aws" or "ali"))
            return "has a provider other than minio, aws and ali";
        if (!Endpoint.StartsWith("http://", StringComparison.Ordinal) && !Endpoint.StartsWith("https://", StringComparison.Ordinal))
            return "has an endpoint without http:// or https://";
        return Bucket.Length == 0 || Region.Length == 0 || Credentials.KeyId.Length == 0 || Credentials.Secret.Length == 0
            ? "lacks a bucket, region or key"
            : null;
    }
}
