using Waybill.S3.Checksums;
using Waybill.S3.Rows;
using Waybill.S3.Signing;
using Waybill.S3.Wire;

namespace Waybill.S3.Calls;

/// <summary>Uploads in parts: begun, brought, listed, ended.</summary>
sealed class UploadCalls(UploadRows uploads, BodyReceiving bodies, Completion completion, TimeProvider clock)
{
    public const int MostParts = 10_000;

    const int MostListed = 1000;

    /// <exception cref="RefusedException">Not 1 to 10 000.</exception>
    public static int PartNumber(S3Request request) =>
        int.TryParse(request.Query("partNumber"), out var number) && number is >= 1 and <= MostParts
            ? number
            : throw S3Refusals.InvalidArgument("Part number must be an integer between 1 and 10000, inclusive");

    public async Task CreateAsync(S3Request request)
    {
        var kind = request.Header("x-amz-checksum-algorithm") is { } name ? ChecksumKinds.Read(name) : (ChecksumKind?)null;
        // CRC64NVME is of the whole object only
        var whole = request.Header("x-amz-checksum-type") switch
        {
            null or "COMPOSITE" => kind is ChecksumKind.Crc64Nvme,
            "FULL_OBJECT" => true,
            _ => throw S3Refusals.InvalidRequest("Value for x-amz-checksum-type header is invalid."),
        };
        if (whole && kind is ChecksumKind.Sha1 or ChecksumKind.Sha256)
            throw S3Refusals.InvalidRequest($"The FULL_OBJECT checksum type cannot be used with the {kind.Value.Name()} checksum algorithm.");
        var details = ObjectHeaders.Read(request) with { Algorithm = kind?.Name(), WholeChecksum = whole ? true : null };
        var upload = await uploads.CreateAsync(request.Bucket, request.Key, details, request.Caller.Putter, request.Ct);
        if (kind is { } asked)
        {
            request.Http.Response.Headers["x-amz-checksum-algorithm"] = asked.Name();
            request.Http.Response.Headers["x-amz-checksum-type"] = whole ? "FULL_OBJECT" : "COMPOSITE";
        }
        await XmlAnswer.SendAsync(request.Http, "InitiateMultipartUploadResult", xml =>
        {
            xml.Value("Bucket", request.BucketName);
            xml.Value("Key", request.Key);
            xml.Value("UploadId", upload.PublicId);
        });
    }

    public async Task PutPartAsync(S3Request request)
    {
        var number = PartNumber(request);
        var upload = await UploadAsync(request);
        await uploads.DemandAsync(request.Bucket, upload, number, request.Payload.Length ?? 0, request.Ct);
        var body = await bodies.ReceiveAsync(request);
        var part = UploadPart.Of(upload, number, body.Stored.Record, body.Checksum, clock.GetUtcNow().ToUnixTimeMilliseconds());
        await bodies.RecordAsync(body, () => uploads.PutPartAsync(upload, part, body.Stored.Record));
        request.Http.Response.Headers.ETag = XmlAnswer.Quoted(part.ETag);
        if (body.Checksum is { } checksum)
            request.Http.Response.Headers[checksum.Kind.Header()] = checksum.Value;
    }

    public async Task ListPartsAsync(S3Request request)
    {
        var most = Math.Min(request.Number("max-parts", 0, int.MaxValue) ?? MostListed, MostListed);
        var after = request.Number("part-number-marker", 0, int.MaxValue) ?? 0;
        var upload = await UploadAsync(request);
        var found = await uploads.PartsAsync(upload, after, most + 1, request.Ct);
        var shown = found.Take(most).ToList();
        await XmlAnswer.SendAsync(request.Http, "ListPartsResult", xml =>
        {
            xml.Value("Bucket", request.BucketName);
            xml.Value("Key", request.Key);
            xml.Value("UploadId", upload.PublicId);
            xml.Group("Initiator", who => who.Value("ID", request.Caller.Name));
            xml.Group("Owner", who => who.Value("ID", request.Caller.Name));
            xml.Value("StorageClass", "STANDARD");
            xml.Value("PartNumberMarker", after);
            xml.Value("NextPartNumberMarker", shown.Count > 0 ? shown[^1].Number : 0);
            xml.Value("MaxParts", most);
            xml.Value("IsTruncated", found.Count > most);
            xml.Value("ChecksumAlgorithm", upload.Details.Algorithm);
            foreach (var part in shown)
                xml.Group("Part", one => WritePart(one, part));
        });
    }

    public async Task CompleteAsync(S3Request request)
    {
        var upload = await UploadAsync(request);
        var claimed = ClaimedPart.Read(await XmlQuestion.ReadAsync(request, "CompleteMultipartUpload"));
        await completion.RunAsync(request, upload, claimed);
    }

    public async Task AbortAsync(S3Request request)
    {
        await uploads.EndAsync(await UploadAsync(request), also: null, request.Ct);
        request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    ValueTask<Upload> UploadAsync(S3Request request) => uploads.GetAsync(request.Bucket, request.Key, request.Query("uploadId"), request.Ct);

    static void WritePart(System.Xml.XmlWriter xml, UploadPart part)
    {
        xml.Value("PartNumber", part.Number);
        xml.Value("LastModified", XmlAnswer.Time(part.ModifiedAt));
        xml.Value("ETag", XmlAnswer.Quoted(part.ETag));
        xml.Value("Size", part.Size);
        if (part.PartChecksum is { } checksum)
            xml.Value(checksum.Kind.Element(), checksum.Value);
    }
}
