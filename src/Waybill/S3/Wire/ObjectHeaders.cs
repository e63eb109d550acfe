using System.Globalization;
using Waybill.S3.Checksums;
using Waybill.S3.Rows;

namespace Waybill.S3.Wire;

/// <summary>The headers of an object: kept when it is put, given with it.</summary>
static class ObjectHeaders
{
    const string Metadata = "x-amz-meta-";
    const string UsualType = "binary/octet-stream";
    const int MostMetadata = 2 << 10;
    const int LongestHeader = 1 << 10;

    static readonly string[] s_kept = ["Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Type", "Expires"];

    /// <exception cref="RefusedException"><c>MetadataTooLarge</c>, or a content header that is too long.</exception>
    public static ObjectDetails Read(S3Request request)
    {
        var kept = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in s_kept)
        {
            var value = name == "Content-Encoding" ? WithoutChunking(request.Header(name)) : request.Header(name);
            if (value is { Length: > LongestHeader })
                throw S3Refusals.InvalidArgument($"{name} is longer than {LongestHeader} characters");
            if (value is not null)
                kept[name] = value;
        }
        var metadata = MetadataOf(request.Headers);
        return new() { Headers = kept.Count > 0 ? kept : null, Metadata = metadata.Count > 0 ? metadata : null };
    }

    /// <summary>Which bytes it names, and since when: said even where they are not sent.</summary>
    public static void WriteVersion(HttpResponse response, S3Object found)
    {
        response.Headers.ETag = XmlAnswer.Quoted(found.ETag);
        response.Headers.LastModified = found.Modified.ToString("R", CultureInfo.InvariantCulture);
    }

    public static void Write(HttpResponse response, ObjectDetails details)
    {
        var headers = response.Headers;
        headers.AcceptRanges = "bytes";
        headers.ContentType = UsualType;
        foreach (var (name, value) in details.Headers ?? [])
            headers[name] = value;
        foreach (var (name, value) in details.Metadata ?? [])
            headers[Metadata + name] = value;
    }

    /// <summary>What a signed request wants the answer to say instead.</summary>
    public static void Override(S3Request request)
    {
        foreach (var name in s_kept)
        {
            if (request.Query("response-" + name.ToLowerInvariant()) is { Length: > 0 } value)
                request.Http.Response.Headers[name] = value.AsSpan().ContainsAnyInRange('\0', '\x1f') ? throw S3Refusals.InvalidArgument($"response-{name}") : value;
        }
    }

    public static void WriteChecksum(HttpResponse response, StoredChecksum? checksum)
    {
        if (checksum is null)
            return;
        response.Headers[checksum.Kind.Header()] = checksum.Value;
        response.Headers["x-amz-checksum-type"] = checksum.IsComposite ? "COMPOSITE" : "FULL_OBJECT";
    }

    static SortedDictionary<string, string> MetadataOf(IHeaderDictionary headers)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var size = 0;
        foreach (var (name, value) in headers)
        {
            if (!name.StartsWith(Metadata, StringComparison.OrdinalIgnoreCase) || name.Length == Metadata.Length)
                continue;
            var text = string.Join(',', value.AsEnumerable());
            size += name.Length - Metadata.Length + System.Text.Encoding.UTF8.GetByteCount(text);
            found[name[Metadata.Length..].ToLowerInvariant()] = text;
        }
        return size <= MostMetadata ? found : throw new RefusedException("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
    }

    /// <summary>How the body was sent is not how the object is encoded.</summary>
    static string? WithoutChunking(string? encoding)
    {
        if (encoding is null || !encoding.Contains("aws-chunked", StringComparison.OrdinalIgnoreCase))
            return encoding;
        var others = encoding.Split(',', StringSplitOptions.TrimEntries).Where(e => !e.Equals("aws-chunked", StringComparison.OrdinalIgnoreCase));
        return string.Join(',', others) is { Length: > 0 } left ? left : null;
    }
}
