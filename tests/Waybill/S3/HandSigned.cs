using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Waybill.Tests.S3;

/// <summary>A request signed by hand (AWS Signature Version 4), with nothing of the server's own signing, so that any piece of it can be wrong.</summary>
sealed record HandSigned(string Method, string Target)
{
    const string Algorithm = "AWS4-HMAC-SHA256";

    public byte[] Body { get; init; } = [];

    public string AccessKey { get; init; } = S3House.AccessKey;

    public string Secret { get; init; } = S3House.Secret;

    public string? Token { get; init; }

    public DateTimeOffset At { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>What is said of the body; null: its hash.</summary>
    public string? Payload { get; init; }

    /// <summary>Signed with the rest.</summary>
    public (string Name, string Value)[] Headers { get; init; } = [];

    /// <summary>Sent, but not signed.</summary>
    public (string Name, string Value)[] Unsigned { get; init; } = [];

    /// <summary>Names of headers that are sent, and signed by nobody.</summary>
    public string[] Forgotten { get; init; } = [];

    public string Time => At.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    public string Scope => $"{Time[..8]}/us-east-1/s3/aws4_request";

    public byte[] Key => new[] { Time[..8], "us-east-1", "s3", "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + Secret), (key, part) => Hmac(key, part));

    public HttpRequestMessage For(Uri endpoint)
    {
        var request = new HttpRequestMessage(new(Method), To(endpoint, Target)) { Content = Method is "GET" or "HEAD" or "DELETE" ? null : new ByteArrayContent(Body) };
        foreach (var (name, value) in AllHeaders(endpoint))
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        }
        return request;
    }

    /// <summary>The request as it goes over the wire, up to its body.</summary>
    public string Head(Uri endpoint, params string[] more) =>
        $"{Method} {Target} HTTP/1.1\r\n{string.Concat(AllHeaders(endpoint).Select(h => $"{h.Name}: {h.Value}\r\n"))}{string.Concat(more.Select(m => m + "\r\n"))}\r\n";

    /// <summary>The whole URL with the signature in its query.</summary>
    public string Presigned(Uri endpoint, int seconds)
    {
        var query = $"X-Amz-Algorithm={Algorithm}&X-Amz-Credential={Uri.EscapeDataString($"{AccessKey}/{Scope}")}&X-Amz-Date={Time}&X-Amz-Expires={seconds}&X-Amz-SignedHeaders=host"
            + (Token is null ? "" : $"&X-Amz-Security-Token={Uri.EscapeDataString(Token)}");
        var target = Target + (Target.Contains('?', StringComparison.Ordinal) ? '&' : '?') + query;
        return $"{endpoint.OriginalString.TrimEnd('/')}{target}&X-Amz-Signature={Sign(target, [("host", endpoint.Authority)], "UNSIGNED-PAYLOAD")}";
    }

    /// <summary>Seeds the signatures of chunks.</summary>
    public string Signature(Uri endpoint) => Sign(Target, Signed(endpoint), PayloadText);

    public IEnumerable<(string Name, string Value)> AllHeaders(Uri endpoint)
    {
        var signed = Signed(endpoint);
        var names = string.Join(';', signed.Select(h => h.Name));
        return
        [
            .. Sent(endpoint),
            .. Unsigned,
            ("Authorization", $"{Algorithm} Credential={AccessKey}/{Scope}, SignedHeaders={names}, Signature={Sign(Target, signed, PayloadText)}"),
        ];
    }

    public static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    string PayloadText => Payload ?? Hash(Body);

    IEnumerable<(string Name, string Value)> Sent(Uri endpoint)
    {
        if (!Headers.Any(h => h.Name.Equals("host", StringComparison.OrdinalIgnoreCase)))
            yield return ("host", endpoint.Authority);
        yield return ("x-amz-date", Time);
        yield return ("x-amz-content-sha256", PayloadText);
        if (Token is not null)
            yield return ("x-amz-security-token", Token);
        foreach (var header in Headers)
            yield return header;
    }

    List<(string Name, string Value)> Signed(Uri endpoint) =>
        [.. Sent(endpoint).Select(h => (Name: h.Name.ToLowerInvariant(), h.Value)).Where(h => !Forgotten.Contains(h.Name)).OrderBy(h => h.Name, StringComparer.Ordinal)];

    string Sign(string target, List<(string Name, string Value)> headers, string payload)
    {
        var (path, query) = target.Split('?', 2) is [var before, var after] ? (before, after) : (target, "");
        var parameters = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Contains('=', StringComparison.Ordinal) ? p : p + "=").Order(StringComparer.Ordinal);
        var canonical = $"{Method}\n{path}\n{string.Join('&', parameters)}\n{string.Concat(headers.Select(h => $"{h.Name}:{h.Value}\n"))}\n"
            + $"{string.Join(';', headers.Select(h => h.Name))}\n{payload}";
        return Convert.ToHexStringLower(Hmac(Key, $"{Algorithm}\n{Time}\n{Scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}"));
    }

    static Uri To(Uri endpoint, string target) =>
        new(endpoint.OriginalString.TrimEnd('/') + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
