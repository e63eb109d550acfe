using System.Globalization;
using System.Text;
using System.Xml;
using Waybill.Objects;
using Waybill.S3.Rows;
using Waybill.S3.Wire;

namespace Waybill.S3.Calls;

/// <summary>What lies in a bucket: objects, in the two forms that S3 has, and uploads in parts.</summary>
sealed class ListCalls(KeyLists lists)
{
    const int Most = 1000;

    public async Task FirstVersionAsync(S3Request request)
    {
        var names = ListedNames.Of(request);
        var marker = request.Query("marker");
        var query = QueryOf(request, "max-keys", marker);
        var page = await ObjectsAsync(request, query);
        await XmlAnswer.SendAsync(request.Http, "ListBucketResult", xml =>
        {
            xml.Value("Name", request.BucketName);
            names.Write(xml, "Prefix", query.Prefix);
            names.Write(xml, "Marker", marker ?? "");
            if (page.Next is not null && query.Delimiter is not null)
                names.Write(xml, "NextMarker", Last(page));
            xml.Value("MaxKeys", query.Most);
            names.Write(xml, "Delimiter", query.Delimiter);
            xml.Value("IsTruncated", page.Next is not null);
            names.WriteEncoding(xml);
            WriteObjects(xml, page, names, request.Caller.Name);
        });
    }

    public async Task SecondVersionAsync(S3Request request)
    {
        var names = ListedNames.Of(request);
        var (token, startAfter) = (request.Query("continuation-token"), request.Query("start-after"));
        var query = QueryOf(request, "max-keys", startAfter);
        if (token is not null)
            query = query with { From = new(ReadToken(token), 0) };
        var page = await ObjectsAsync(request, query);
        var owner = request.Query("fetch-owner") is "true" ? request.Caller.Name : null;
        await XmlAnswer.SendAsync(request.Http, "ListBucketResult", xml =>
        {
            xml.Value("Name", request.BucketName);
            names.Write(xml, "Prefix", query.Prefix);
            names.Write(xml, "StartAfter", startAfter);
            xml.Value("ContinuationToken", token);
            xml.Value("NextContinuationToken", page.Next is { } next ? Token(next.Key) : null);
            xml.Value("KeyCount", page.Entries.Count + page.Prefixes.Count);
            xml.Value("MaxKeys", query.Most);
            names.Write(xml, "Delimiter", query.Delimiter);
            xml.Value("IsTruncated", page.Next is not null);
            names.WriteEncoding(xml);
            WriteObjects(xml, page, names, owner);
        });
    }

    public async Task UploadsAsync(S3Request request)
    {
        var names = ListedNames.Of(request);
        var (keyMarker, idMarker) = (request.Query("key-marker"), request.Query("upload-id-marker"));
        var query = QueryOf(request, "max-uploads", keyMarker);
        if (keyMarker is not null && long.TryParse(idMarker, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) && id is >= 0 and < long.MaxValue)
            query = query with { From = new(keyMarker, id + 1) };
        var page = query.Most == 0 ? new([], [], null) : await lists.UploadsAsync(request.Bucket, query, request.Ct);
        await XmlAnswer.SendAsync(request.Http, "ListMultipartUploadsResult", xml =>
        {
            xml.Value("Bucket", request.BucketName);
            names.Write(xml, "KeyMarker", keyMarker ?? "");
            xml.Value("UploadIdMarker", idMarker ?? "");
            if (page.Next is not null)
            {
                var last = page.Entries.Count > 0 ? page.Entries[^1] : null;
                var ofEntry = last is not null && (page.Prefixes.Count == 0 || KeyOrder.Compare(last.Key, page.Prefixes[^1]) > 0);
                names.Write(xml, "NextKeyMarker", ofEntry ? last!.Key : page.Prefixes[^1]);
                xml.Value("NextUploadIdMarker", ofEntry ? last!.PublicId : "");
            }
            names.Write(xml, "Prefix", query.Prefix);
            names.Write(xml, "Delimiter", query.Delimiter);
            xml.Value("MaxUploads", query.Most);
            xml.Value("IsTruncated", page.Next is not null);
            names.WriteEncoding(xml);
            foreach (var upload in page.Entries)
                xml.Group("Upload", one => WriteUpload(one, upload, names, request.Caller.Name));
            WritePrefixes(xml, page.Prefixes, names);
        });
    }

    /// <summary>No keys at all is a page that is never followed by another.</summary>
    async Task<KeyPage<S3Object>> ObjectsAsync(S3Request request, KeyQuery query) =>
        query.Most == 0 ? new([], [], null) : await lists.ObjectsAsync(request.Bucket, query, request.Ct);

    static KeyQuery QueryOf(S3Request request, string most, string? marker)
    {
        var (prefix, delimiter) = (request.Query("prefix") ?? "", request.Query("delimiter"));
        if (delimiter is "")
            delimiter = null;
        // what lies under a common prefix that was the last of a page is not listed again
        var past = marker is null ? ""
            : delimiter is not null && marker.Length > prefix.Length && marker.EndsWith(delimiter, StringComparison.Ordinal) ? KeyOrder.AfterAll(marker) ?? KeyOrder.After(marker)
            : KeyOrder.After(marker);
        return new(prefix, delimiter, new(past, 0), Math.Min(request.Number(most, 0, int.MaxValue) ?? Most, Most));
    }

    static void WriteObjects(XmlWriter xml, KeyPage<S3Object> page, ListedNames names, string? owner)
    {
        foreach (var found in page.Entries)
        {
            xml.Group("Contents", one =>
            {
                names.Write(one, "Key", found.Key);
                one.Value("LastModified", XmlAnswer.Time(found.ModifiedAt));
                one.Value("ETag", XmlAnswer.Quoted(found.ETag));
                one.Value("Size", found.Size);
                if (owner is not null)
                    one.Group("Owner", who => who.Value("ID", owner));
                one.Value("StorageClass", "STANDARD");
            });
        }
        WritePrefixes(xml, page.Prefixes, names);
    }

    static void WriteUpload(XmlWriter xml, Upload upload, ListedNames names, string owner)
    {
        names.Write(xml, "Key", upload.Key);
        xml.Value("UploadId", upload.PublicId);
        xml.Group("Initiator", who => who.Value("ID", owner));
        xml.Group("Owner", who => who.Value("ID", owner));
        xml.Value("StorageClass", "STANDARD");
        xml.Value("Initiated", XmlAnswer.Time(upload.CreatedAt));
    }

    static void WritePrefixes(XmlWriter xml, IReadOnlyList<string> prefixes, ListedNames names)
    {
        foreach (var prefix in prefixes)
            xml.Group("CommonPrefixes", one => names.Write(one, "Prefix", prefix));
    }

    static string Last(KeyPage<S3Object> page) =>
        page.Prefixes.Count == 0 ? page.Entries[^1].Key
        : page.Entries.Count == 0 || KeyOrder.Compare(page.Prefixes[^1], page.Entries[^1].Key) > 0 ? page.Prefixes[^1]
        : page.Entries[^1].Key;

    static string Token(string key) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(key));

    static string ReadToken(string token)
    {
        var bytes = new byte[token.Length / 2];
        return token.Length > 0 && Hex.TryRead(token, bytes) && !bytes.AsSpan().Contains((byte)0)
            ? Encoding.UTF8.GetString(bytes)
            : throw S3Refusals.InvalidArgument("The continuation token provided is incorrect");
    }
}
