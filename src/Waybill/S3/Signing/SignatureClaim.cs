using Waybill.Objects;

namespace Waybill.S3.Signing;

/// <summary>What a request says of its signature, read and in time; whether it is true is another question.</summary>
sealed record SignatureClaim(string AccessKey, SigningScope Scope, SigningTime SignedAt, string SignedHeaders, byte[] Signature)
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    public required SignedQuery Query { get; init; }

    public required SignedPayload Payload { get; init; }

    public string? SessionToken { get; init; }

    public bool Presigned { get; init; }

    /// <summary>The claim of a request, by header or in its query. One of both is null.</summary>
    public static (SignatureClaim? Claim, Refusal? Refusal) Read(in IncomingRequest request, DateTimeOffset now)
    {
        var query = new SignedQuery(request.Query);
        var presigned = query.Has("X-Amz-Algorithm") || query.Has("X-Amz-Signature");
        string? authorization = request.Headers.Authorization;
        var (claim, refusal) = (presigned, authorization) switch
        {
            (true, not null) => (null, new("InvalidArgument", "Only one auth mechanism allowed: the X-Amz-Algorithm query parameter or the Authorization header.")),
            (true, null) => PresignedClaim.Read(request, query, now),
            (false, not null) => AuthorizationHeader.Read(request, query, authorization, now),
            _ => (null, new Refusal("AccessDenied", "Access Denied: the request is not signed.")),
        };
        refusal ??= SignedHeaderNames.Check(request.Headers, claim!.SignedHeaders);
        if (refusal is null && claim!.Scope.Service is not ("s3" or "sts"))
            refusal = new("AuthorizationHeaderMalformed", "The authorization is malformed; incorrect service: this endpoint belongs to \"s3\" and \"sts\".");
        return refusal is null ? (claim, null) : (null, refusal);
    }

    /// <summary>64 lower-case digits.</summary>
    public static byte[]? ReadSignature(ReadOnlySpan<char> text)
    {
        var signature = new byte[32];
        return Hex.TryRead(text, signature) && !text.ContainsAnyInRange('A', 'F') ? signature : null;
    }
}
