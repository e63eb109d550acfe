using System.Globalization;

namespace Waybill.S3.Signing;

/// <summary>A signature in the query: <c>X-Amz-Algorithm</c>, <c>-Credential</c>, <c>-Date</c>, <c>-Expires</c>, <c>-SignedHeaders</c>, <c>-Signature</c>.</summary>
static class PresignedClaim
{
    /// <summary>A week, as with S3.</summary>
    const int LongestSeconds = 604_800;

    public static (SignatureClaim? Claim, Refusal? Refusal) Read(in IncomingRequest request, SignedQuery query, DateTimeOffset now)
    {
        if (query.Find("X-Amz-Algorithm") != SignatureClaim.Algorithm)
            return Wrong("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
        if (query.Find("X-Amz-Credential") is not { } credential || query.Find("X-Amz-SignedHeaders") is not { } headers
            || query.Find("X-Amz-Signature") is not { } signature || query.Find("X-Amz-Expires") is not { } lifetime)
            return Wrong("Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters, each once.");
        if (SigningScope.ReadCredential(credential) is not var (accessKey, scope))
            return Wrong("Error parsing the X-Amz-Credential parameter; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        if (SignatureClaim.ReadSignature(signature) is not { } bytes)
            return Wrong("X-Amz-Signature must be 64 lower-case hexadecimal digits.");
        if (SigningTime.Read(query.Find("X-Amz-Date")) is not { } time || time.Text.Length != 16)
            return Wrong("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        if (!time.IsOf(scope))
            return Wrong($"Invalid credential date \"{scope.Date}\". This date is not the same as X-Amz-Date.");
        if (!int.TryParse(lifetime, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > LongestSeconds)
            return Wrong($"X-Amz-Expires must be a number of seconds from 1 to {LongestSeconds}.");
        if (time.Time - now > SigningTime.Skew)
            return (null, new("AccessDenied", "Request is not valid yet"));
        if (now - time.Time > TimeSpan.FromSeconds(seconds))
            return (null, new("AccessDenied", "Request has expired"));

        var (payload, refusal) = Payload(request, query);
        return refusal is not null ? (null, refusal) : (new(accessKey, scope, time, headers, bytes)
        {
            Query = query,
            Payload = payload!,
            SessionToken = query.Find("X-Amz-Security-Token") ?? request.Headers["x-amz-security-token"],
            Presigned = true,
        }, null);
    }

    /// <summary>Who signs a URL seldom knows what will be sent to it. A header that says so must be signed like any other of S3's.</summary>
    static (SignedPayload? Payload, Refusal? Refusal) Payload(in IncomingRequest request, SignedQuery query)
    {
        var text = query.Find("X-Amz-Content-Sha256") ?? (string?)request.Headers["x-amz-content-sha256"] ?? SignedPayload.UnsignedText;
        return SignedPayload.Read(text) is { } payload ? (payload, null) : (null, SignedPayload.Refusal(text));
    }

    static (SignatureClaim?, Refusal?) Wrong(string why) => (null, new("AuthorizationQueryParametersError", why));
}
