namespace Waybill.Api.Tencent;

/// <summary><c>Authorization: TC3-HMAC-SHA256 Credential=…/date/service/tc3_request, SignedHeaders=…, Signature=…</c> (the vendor's Signature v3).</summary>
sealed record Tc3Authorization(string SecretId, string Date, string Service, string SignedHeaders, string Signature)
{
    public const string Algorithm = "TC3-HMAC-SHA256";
    public const string Ending = "tc3_request";

    const int Longest = 1024;

    /// <summary>What must be signed at least.</summary>
    static readonly string[] s_always = ["content-type", "host"];

    public IReadOnlyList<string> HeaderNames => SignedHeaders.Split(';');

    /// <exception cref="RefusedException"><c>AuthFailure.InvalidAuthorization</c>.</exception>
    public static Tc3Authorization Of(string? header)
    {
        if (header is not { Length: <= Longest } || !header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
            throw Invalid($"must begin with {Algorithm}");
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in header[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || !parts.TryAdd(part[..at], part[(at + 1)..]))
                throw Invalid("must be Credential=…, SignedHeaders=…, Signature=…");
        }
        if (parts.GetValueOrDefault("Credential")?.Split('/') is not [var id, var date, var service, Ending] || service.Length == 0)
            throw Invalid($"needs Credential=SecretId/date/service/{Ending}");
        if (parts.GetValueOrDefault("SignedHeaders") is not { } signed || !IsWhole(signed.Split(';')))
            throw Invalid("needs SignedHeaders in lower case and in order, with content-type and host");
        if (parts.GetValueOrDefault("Signature") is not { Length: 64 } signature)
            throw Invalid("needs Signature in 64 hexadecimal digits");
        return new(id, date, service, signed, signature);
    }

    public static RefusedException Invalid(string why) => new("AuthFailure.InvalidAuthorization", $"Authorization {why}.");

    static bool IsWhole(string[] names) =>
        names.All(n => n.Length > 0 && !n.Any(char.IsAsciiLetterUpper))
        && names.SequenceEqual(names.Distinct().Order(StringComparer.Ordinal))
        && s_always.All(names.Contains);
}
