using System.Globalization;
using System.Text.RegularExpressions;
using Waybill.Objects;
using Waybill.S3.Rows;
using Waybill.S3.Wire;

namespace Waybill.S3.Calls;

/// <summary>Copies: the same bytes under another name, or as a part. Only a piece of an object is read and stored again.</summary>
sealed partial class CopyCalls(CopySource sources, ObjectIndex index, UploadRows uploads, Assembly assembly, BodyReceiving bodies)
{
    const int SmallestRangedSource = 5 << 20;

    public async Task CopyAsync(S3Request request)
    {
        var replaced = request.Header("x-amz-metadata-directive") switch
        {
            null or "COPY" => false,
            "REPLACE" => true,
            _ => throw S3Refusals.InvalidArgument("Unknown metadata directive."),
        };
        var source = await sources.FindAsync(request);
        if (!replaced && source.BucketId == request.Bucket.Id && source.Key == request.Key)
            throw S3Refusals.InvalidRequest(
                "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
        var checksum = Checksums.StoredChecksum.Parse(source.Details.Checksum) is { IsComposite: false } whole ? whole.ToString() : null;
        var details = (replaced ? ObjectHeaders.Read(request) : source.Details) with { Checksum = checksum };
        var copy = source with
        {
            BucketId = request.Bucket.Id,
            Key = request.Key,
            ETag = (await index.RecordAsync(source, request.Ct)).Md5.ToString(),
            ModifiedAt = index.Now,
            DetailsText = details.ToText(),
        };
        await index.PutAsync(new(request.Bucket, copy, request.Caller.Putter, Fresh: null), before => Conditions.Write(request.Headers, before));
        await AnswerAsync(request, "CopyObjectResult", copy.ETag, copy.ModifiedAt);
    }

    public async Task CopyPartAsync(S3Request request)
    {
        var number = UploadCalls.PartNumber(request);
        var upload = await uploads.GetAsync(request.Bucket, request.Key, request.Query("uploadId"), request.Ct);
        var source = await sources.FindAsync(request);
        var range = request.Header("x-amz-copy-source-range") is { } text ? RangeOf(text, source) : (ByteRange?)null;
        UploadPart part;
        if (range is { } piece && piece.Length != source.Size)
        {
            var stored = await assembly.StoreAsync([new(Sha256Digest.FromBytes(source.Sha256), piece)], null, request.Ct);
            part = UploadPart.Of(upload, number, stored.Stored.Record, null, index.Now);
            await bodies.RecordAsync(stored, () => uploads.PutPartAsync(upload, part, stored.Stored.Record));
        }
        else
        {
            part = UploadPart.Of(upload, number, await index.RecordAsync(source, request.Ct), null, index.Now);
            await uploads.PutPartAsync(upload, part, fresh: null);
        }
        await AnswerAsync(request, "CopyPartResult", part.ETag, part.ModifiedAt);
    }

    static Task AnswerAsync(S3Request request, string root, string etag, long modified) => XmlAnswer.SendAsync(request.Http, root, xml =>
    {
        xml.Value("LastModified", XmlAnswer.Time(modified));
        xml.Value("ETag", XmlAnswer.Quoted(etag));
    });

    /// <summary>First and last byte, both within the source.</summary>
    static ByteRange RangeOf(string text, S3Object source)
    {
        var match = RangePattern().Match(text);
        if (!match.Success
            || !long.TryParse(match.Groups["first"].ValueSpan, CultureInfo.InvariantCulture, out var first)
            || !long.TryParse(match.Groups["last"].ValueSpan, CultureInfo.InvariantCulture, out var last)
            || first > last)
            throw S3Refusals.InvalidArgument("The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy");
        if (last >= source.Size)
            throw S3Refusals.InvalidArgument($"Range specified is not valid for source object of size: {source.Size}");
        return last - first + 1 == source.Size || source.Size > SmallestRangedSource
            ? new(first, last - first + 1)
            : throw S3Refusals.InvalidRequest("The specified copy source is not supported as a byte-range copy source");
    }

    [GeneratedRegex("^bytes=(?<first>[0-9]{1,19})-(?<last>[0-9]{1,19})$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex RangePattern();
}
