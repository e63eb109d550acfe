using System.Globalization;
using System.Security.Cryptography;
using Waybill.Objects;
using Waybill.S3.Checksums;
using Waybill.S3.Rows;
using Waybill.S3.Signing;
using Waybill.S3.Wire;
using Waybill.Settings;

namespace Waybill.S3.Calls;

/// <summary>The end of an upload in parts: they become one object, hashed and stored as any other.</summary>
sealed class Completion(UploadRows uploads, ObjectIndex index, Assembly assembly, BodyReceiving bodies, S3Settings settings)
{
    public Task RunAsync(S3Request request, Upload upload, IReadOnlyList<ClaimedPart> claimed) =>
        SlowAnswer.SendAsync(request.Http, "CompleteMultipartUploadResult", AnswerAsync(request, upload, claimed), settings.LongestSilence);

    async Task<Action<System.Xml.XmlWriter>> AnswerAsync(S3Request request, Upload upload, IReadOnlyList<ClaimedPart> claimed)
    {
        Conditions.Write(request.Headers, await index.FindAsync(request.Bucket, request.Key, request.Ct));
        var parts = Check(claimed, await uploads.PartsAsync(upload, 0, UploadCalls.MostParts, request.Ct));
        var size = parts.Sum(p => p.Size);
        CheckSize(request, size);
        await index.DemandAsync(request.Bucket, upload.Putter, new(request.Bucket.Id, request.Key, size) { UploadId = upload.Id }, request.Ct);
        var details = upload.Details;
        var kind = details.Algorithm is { } name ? ChecksumKinds.Read(name) : (ChecksumKind?)null;
        var composite = kind is { } asked && details.WholeChecksum is null ? Composite(asked, parts) : null;
        var pieces = parts.Select(p => new Piece(Sha256Digest.FromBytes(p.Sha256), new(0, p.Size))).ToList();
        var body = await assembly.StoreAsync(pieces, details.WholeChecksum is null ? null : kind, request.Ct);
        var checksum = body.Checksum ?? composite;
        var named = new S3Object
        {
            BucketId = request.Bucket.Id,
            Key = request.Key,
            Sha256 = body.Stored.Sha256.ToBytes(),
            Size = body.Stored.Size,
            ETag = ETagOf(parts),
            ModifiedAt = index.Now,
            DetailsText = (details with { Algorithm = null, WholeChecksum = null, Checksum = checksum?.ToString() }).ToText(),
        };
        await bodies.RecordAsync(body, async () =>
        {
            CheckAnnounced(request, checksum);
            var put = new ObjectPut(request.Bucket, named, upload.Putter, body.Stored.Record) { UploadId = upload.Id };
            await uploads.EndAsync(upload, (db, lost) => index.PutAsync(db, put with { Lost = lost }, askId: 0, before => Conditions.Write(request.Headers, before)), CancellationToken.None);
        });
        return xml => Write(xml, request, named, checksum);
    }

    static void Write(System.Xml.XmlWriter xml, S3Request request, S3Object named, StoredChecksum? checksum)
    {
        var to = request.Http.Request;
        xml.Value("Location", $"{to.Scheme}://{to.Host}{to.Path}");
        xml.Value("Bucket", request.BucketName);
        xml.Value("Key", named.Key);
        xml.Value("ETag", XmlAnswer.Quoted(named.ETag));
        if (checksum is null)
            return;
        xml.Value(checksum.Kind.Element(), checksum.Value);
        xml.Value("ChecksumType", checksum.IsComposite ? "COMPOSITE" : "FULL_OBJECT");
    }

    List<UploadPart> Check(IReadOnlyList<ClaimedPart> claimed, IReadOnlyList<UploadPart> known)
    {
        var byNumber = known.ToDictionary(p => p.Number);
        var parts = new List<UploadPart>(claimed.Count);
        foreach (var claim in claimed)
        {
            if (!byNumber.TryGetValue(claim.Number, out var part) || !claim.Is(part))
                throw new RefusedException(
                    "InvalidPart", "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.");
            parts.Add(part);
        }
        return parts.SkipLast(1).All(p => p.Size >= settings.SmallestPart)
            ? parts
            : throw new RefusedException("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
    }

    void CheckSize(S3Request request, long size)
    {
        if (size > settings.MaximumSize)
            throw new RefusedException("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
        if (request.Header("x-amz-mp-object-size") is { } announced && announced != size.ToString(CultureInfo.InvariantCulture))
            throw S3Refusals.InvalidRequest("The provided 'x-amz-mp-object-size' header does not match what was computed.");
    }

    static void CheckAnnounced(S3Request request, StoredChecksum? checksum)
    {
        if (checksum is not null && request.Header(checksum.Kind.Header()) is { } announced && announced.Split('-')[0] != checksum.Value.Split('-')[0])
            throw new RefusedException("BadDigest", $"The {checksum.Kind.Name()} you specified did not match the calculated checksum.");
    }

    /// <summary>The MD5 of the parts' MD5s, and how many they are.</summary>
    static string ETagOf(List<UploadPart> parts) =>
        string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(MD5.HashData([.. parts.SelectMany(p => p.Md5)]))}-{parts.Count}");

    /// <summary>The checksum of the parts' checksums; null when one came without.</summary>
    static StoredChecksum? Composite(ChecksumKind kind, List<UploadPart> parts)
    {
        var values = parts.Select(p => p.PartChecksum is { } known && known.Kind == kind ? Convert.FromBase64String(known.Value) : null).ToList();
        if (values.Contains(null))
            return null;
        using var checksum = new BodyChecksum(kind);
        foreach (var value in values)
            checksum.Append(value);
        return new(kind, string.Create(CultureInfo.InvariantCulture, $"{checksum.Finish()}-{parts.Count}"));
    }
}
