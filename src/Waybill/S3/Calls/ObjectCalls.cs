using Waybill.Objects;
using Waybill.S3.Rows;
using Waybill.S3.Wire;

namespace Waybill.S3.Calls;

/// <summary>Objects: put, got and deleted.</summary>
sealed class ObjectCalls(ObjectIndex index, BodyReceiving bodies, DiskStore store)
{
    const int MostDeleted = 1000;

    // so that one transaction stays short for all who wait behind it
    const int DeletedAtOnce = 100;

    public async Task PutAsync(S3Request request)
    {
        var details = ObjectHeaders.Read(request);
        await CheckEarlyAsync(request);
        await index.DemandAsync(request.Bucket, request.Caller.Putter, new(request.Bucket.Id, request.Key, request.Payload.Length ?? 0), request.Ct);
        var body = await bodies.ReceiveAsync(request);
        var named = new S3Object
        {
            BucketId = request.Bucket.Id,
            Key = request.Key,
            Sha256 = body.Stored.Sha256.ToBytes(),
            Size = body.Stored.Size,
            ETag = body.Stored.Md5.ToString(),
            ModifiedAt = index.Now,
            DetailsText = (details with { Checksum = body.Checksum?.ToString() }).ToText(),
        };
        await bodies.RecordAsync(body, () => index.PutAsync(new(request.Bucket, named, request.Caller.Putter, body.Stored.Record), before => Conditions.Write(request.Headers, before)));
        request.Http.Response.Headers.ETag = XmlAnswer.Quoted(named.ETag);
        ObjectHeaders.WriteChecksum(request.Http.Response, body.Checksum);
    }

    /// <summary>GET and HEAD.</summary>
    public async Task GetAsync(S3Request request)
    {
        var found = await index.GetAsync(request.Bucket, request.Key, request.Ct);
        var response = request.Http.Response;
        ObjectHeaders.WriteVersion(response, found);
        Conditions.Read(request.Headers, found);
        var range = AskedRange(request, found);
        using var bytes = store.Open(Sha256Digest.FromBytes(found.Sha256));
        if (bytes.Length != found.Size)
            throw new IOException($"Object {Convert.ToHexStringLower(found.Sha256)} has not the recorded {found.Size} bytes.");
        var details = found.Details;
        ObjectHeaders.Write(response, details);
        ObjectHeaders.Override(request);
        if (range is { } part)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {part.Offset}-{part.Offset + part.Length - 1}/{found.Size}";
        }
        else if (request.Header("x-amz-checksum-mode") is "ENABLED")
        {
            ObjectHeaders.WriteChecksum(response, Checksums.StoredChecksum.Parse(details.Checksum));
        }
        response.ContentLength = range?.Length ?? found.Size;
        if (HttpMethods.IsHead(request.Http.Request.Method))
            return;
        await response.StartAsync(request.Ct);
        await ObjectSender.CopyAsync(bytes, range ?? new(0, found.Size), request.Http);
    }

    /// <summary>No object has tags. <c>aws s3 cp</c> asks for them before it copies in parts.</summary>
    public async Task TagsAsync(S3Request request)
    {
        await index.GetAsync(request.Bucket, request.Key, request.Ct);
        await XmlAnswer.SendAsync(request.Http, "Tagging", xml => xml.Group("TagSet", _ => { }));
    }

    public async Task DeleteAsync(S3Request request)
    {
        await index.DeleteAsync(request.Bucket, [request.Key], request.Caller.Putter.Name, request.Ct);
        request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task DeleteManyAsync(S3Request request)
    {
        var asked = await XmlQuestion.ReadAsync(request, "Delete");
        var keys = asked.Children("Object").Select(o => o.Child("Key")?.Value ?? "").ToList();
        if (keys.Count is 0 or > MostDeleted || keys.Contains("", StringComparer.Ordinal))
            throw S3Refusals.MalformedXml();
        if (asked.Descendants().Any(e => e.Name.LocalName is "VersionId" && e.Value is not ("" or "null")))
            throw S3Refusals.NotImplemented("VersionId");
        var wrong = keys.Where(k => !request.Caller.May("s3:DeleteObject", request.BucketName, k)).ToHashSet(StringComparer.Ordinal);
        var right = keys.Where(k => !wrong.Contains(k)).ToList();
        foreach (var some in right.Chunk(DeletedAtOnce))
            await index.DeleteAsync(request.Bucket, some, request.Caller.Putter.Name, request.Ct);
        var quiet = asked.Child("Quiet")?.Value is "true";
        await XmlAnswer.SendAsync(request.Http, "DeleteResult", xml =>
        {
            foreach (var key in quiet ? [] : right)
                xml.Group("Deleted", deleted => deleted.Value("Key", key));
            foreach (var key in wrong)
            {
                xml.Group("Error", error =>
                {
                    error.Value("Key", key);
                    error.Value("Code", "AccessDenied");
                    error.Value("Message", "Access Denied");
                });
            }
        });
    }

    /// <summary>Before a body is sent that would be refused after it.</summary>
    async Task CheckEarlyAsync(S3Request request)
    {
        if (request.Header("If-Match") is not null || request.Header("If-None-Match") is not null)
            Conditions.Write(request.Headers, await index.FindAsync(request.Bucket, request.Key, request.Ct));
    }

    static ByteRange? AskedRange(S3Request request, S3Object found)
    {
        // RFC 9110 13.1.5
        var condition = request.Header("If-Range");
        return condition is null || condition == XmlAnswer.Quoted(found.ETag) ? ByteRange.Parse(request.Header("Range"), found.Size) : null;
    }
}
