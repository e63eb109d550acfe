using System.Buffers;

namespace Waybill.S3.Signing;

/// <summary>Which headers a signature must cover: <c>host</c>, and whatever tells S3 something.</summary>
static class SignedHeaderNames
{
    const int Most = 128;

    static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.!#$%&'*+^`|~");

    public static Refusal? Check(IHeaderDictionary headers, string signed)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in signed.Split(';', Most + 1))
        {
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(Allowed) || !names.Add(name) || names.Count > Most)
                return new("AuthorizationHeaderMalformed", "The authorization is malformed: SignedHeaders are not lower-case names of headers, each once.");
        }
        if (!names.Contains("host"))
            return NotSigned("host");
        foreach (var (name, _) in headers)
        {
            if (name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !names.Contains(name))
                return NotSigned(name.ToLowerInvariant());
        }
        return null;
    }

    static Refusal NotSigned(string name) => new("AccessDenied", $"There were headers present in the request which were not signed: {name}");
}
