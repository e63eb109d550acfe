using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;
using Waybill.Objects;
using Waybill.Settings;

namespace Waybill.S3;

/// <summary>What a request is about: nothing (all buckets), a bucket, or a key of one. From the path as it was sent, since keys may hold what
/// a server would resolve: dots, slashes, escaped slashes.</summary>
sealed partial record S3Address(string? Bucket, string? Key)
{
    public const int LongestKey = 1024;

    static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="RefusedException">It can be no bucket or key.</exception>
    public static S3Address Of(HttpContext http, S3Settings settings)
    {
        var path = PathOf(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (HostBucket(http.Request.Host.Host, settings.Hosts) is { } named)
            return Of(named, path);
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? Of(path, "") : Of(path[..slash], path[(slash + 1)..]);
    }

    /// <summary>A bucket's name as AWS allows them.</summary>
    public static bool IsBucketName(string name) =>
        BucketPattern().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal) && !AddressPattern().IsMatch(name)
        && !name.StartsWith("xn--", StringComparison.Ordinal) && !name.EndsWith("-s3alias", StringComparison.Ordinal);

    /// <summary>Decodes what was escaped in a path; a plus stays one.</summary>
    /// <exception cref="RefusedException">A broken escape, or no UTF-8.</exception>
    public static string Unescape(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
                count += Encoding.UTF8.GetBytes(text, i, 1, bytes, count);
            else if (i + 2 < text.Length && Hex.TryRead(text.AsSpan(i + 1, 2), bytes.AsSpan(count, 1)))
                (i, count) = (i + 2, count + 1);
            else
                throw InvalidUri();
        }
        try
        {
            return s_strict.GetString(bytes, 0, count);
        }
        catch (DecoderFallbackException)
        {
            throw InvalidUri();
        }
    }

    static S3Address Of(string bucket, string escapedKey)
    {
        if (bucket.Length == 0)
            return escapedKey.Length == 0 ? new(null, null) : throw InvalidUri();
        if (!IsBucketName(bucket))
            throw new RefusedException("InvalidBucketName", "The specified bucket is not valid.");
        return escapedKey.Length == 0 ? new(bucket, null) : new(bucket, KeyOf(Unescape(escapedKey)));
    }

    /// <exception cref="RefusedException">Too long, a NUL in it, or above the bucket.</exception>
    public static string KeyOf(string key)
    {
        if (Encoding.UTF8.GetByteCount(key) > LongestKey)
            throw new RefusedException("KeyTooLongError", "Your key is too long");
        if (key.Contains('\0', StringComparison.Ordinal) || LeavesBucket(key))
            throw InvalidUri();
        return key;
    }

    static bool LeavesBucket(string key)
    {
        if (!key.Contains("..", StringComparison.Ordinal))
            return false;
        var depth = 0;
        foreach (var part in key.Split('/'))
        {
            depth += part == ".." ? -1 : part is "" or "." ? 0 : 1;
            if (depth < 0)
                return true;
        }
        return false;
    }

    /// <summary>Without its first slash and the query.</summary>
    static string PathOf(string target)
    {
        var path = target.Split('?', 2)[0];
        if (path.StartsWith('/'))
            return path[1..];
        // RFC 9112 3.2.2: a proxy is sent the whole URL
        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        var root = scheme < 0 ? -1 : path.IndexOf('/', scheme + 3);
        return root < 0 ? "" : path[(root + 1)..];
    }

    static string? HostBucket(string host, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (host.Length > name.Length + 1 && host.EndsWith(name, StringComparison.OrdinalIgnoreCase) && host[^(name.Length + 1)] == '.')
                return host[..^(name.Length + 1)].ToLowerInvariant();
        }
        return null;
    }

    static RefusedException InvalidUri() => new("InvalidURI", "Couldn't parse the specified URI.");

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", RegexOptions.NonBacktracking)]
    private static partial Regex BucketPattern();

    [GeneratedRegex(@"^\d+\.\d+\.\d+\.\d+$", RegexOptions.NonBacktracking)]
    private static partial Regex AddressPattern();
}
