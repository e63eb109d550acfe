namespace Waybill.S3.Signing;

/// <summary><c>Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…</c>, with or without the spaces.</summary>
static class AuthorizationHeader
{
    public static (SignatureClaim? Claim, Refusal? Refusal) Read(in IncomingRequest request, SignedQuery query, string text, DateTimeOffset now)
    {
        if (!text.StartsWith(SignatureClaim.Algorithm + " ", StringComparison.Ordinal))
            return (null, new("InvalidRequest", "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."));
        string? credential = null, headers = null, signature = null;
        foreach (var part in text[SignatureClaim.Algorithm.Length..].Split(',', 5, StringSplitOptions.TrimEntries))
        {
            if (!Take(part, "Credential=", ref credential) && !Take(part, "SignedHeaders=", ref headers) && !Take(part, "Signature=", ref signature))
                return Malformed("it holds something else than Credential, SignedHeaders and Signature, each once");
        }
        if (credential is null || headers is null || signature is null)
            return Malformed("Credential, SignedHeaders or Signature is missing");
        if (SigningScope.ReadCredential(credential) is not var (accessKey, scope))
            return Malformed("expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"");
        if (SignatureClaim.ReadSignature(signature) is not { } bytes)
            return Malformed("the signature is not 64 lower-case hexadecimal digits");

        if (SigningTime.Read((string?)request.Headers["x-amz-date"] ?? request.Headers.Date) is not { } time)
            return (null, new("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header"));
        if (!time.IsOf(scope))
            return Malformed($"invalid credential date {scope.Date}: it is not the same as X-Amz-Date");
        if ((time.Time - now).Duration() > SigningTime.Skew)
            return (null, new("RequestTimeTooSkewed", "The difference between the request time and the server's time is too large."));

        var (payload, refusal) = Payload(request);
        return refusal is not null ? (null, refusal) : (new(accessKey, scope, time, headers, bytes)
        {
            Query = query,
            Payload = payload!,
            SessionToken = request.Headers["x-amz-security-token"],
        }, null);
    }

    static (SignedPayload? Payload, Refusal? Refusal) Payload(in IncomingRequest request)
    {
        if ((string?)request.Headers["x-amz-content-sha256"] is { } text)
            return SignedPayload.Read(text) is { } payload ? (payload, null) : (null, SignedPayload.Refusal(text));
        return request.BodyHash is { } hash
            ? (SignedPayload.Hashed(hash), null)
            : (null, new("InvalidRequest", "Missing required header for this request: x-amz-content-sha256"));
    }

    static bool Take(string part, string name, ref string? value)
    {
        if (value is not null || !part.StartsWith(name, StringComparison.Ordinal))
            return false;
        value = part[name.Length..];
        return true;
    }

    static (SignatureClaim?, Refusal?) Malformed(string why) =>
        (null, new("AuthorizationHeaderMalformed", $"The authorization header is malformed; {why}."));
}
