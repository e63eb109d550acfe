using System.Globalization;
using System.Xml.Linq;
using Waybill.S3.Checksums;
using Waybill.S3.Rows;
using Waybill.S3.Wire;

namespace Waybill.S3.Calls;

/// <summary>A part as the client that ends an upload says it is.</summary>
sealed record ClaimedPart(int Number, string ETag, StoredChecksum? Checksum)
{
    /// <exception cref="RefusedException">None, too many, or not in the order of their numbers.</exception>
    public static IReadOnlyList<ClaimedPart> Read(XElement document)
    {
        var parts = document.Children("Part").Select(ReadOne).ToList();
        if (parts.Count is 0 or > UploadCalls.MostParts)
            throw S3Refusals.MalformedXml();
        return parts.Zip(parts.Skip(1)).All(pair => pair.First.Number < pair.Second.Number)
            ? parts
            : throw new RefusedException("InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.");
    }

    public bool Is(UploadPart part) =>
        ETag == part.ETag && (Checksum is null || part.PartChecksum is not { } known || known.Kind != Checksum.Kind || known == Checksum);

    static ClaimedPart ReadOne(XElement part)
    {
        if (!int.TryParse(part.Child("PartNumber")?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is 0 or > UploadCalls.MostParts)
            throw S3Refusals.MalformedXml();
        var checksum = ChecksumKinds.All.Select(k => part.Child(k.Element()) is { } e ? new StoredChecksum(k, e.Value) : null).FirstOrDefault(c => c is not null);
        return new(number, part.Child("ETag")?.Value.Trim().Trim('"') ?? throw S3Refusals.MalformedXml(), checksum);
    }
}
