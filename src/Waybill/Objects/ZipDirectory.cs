using System.Buffers.Binary;

namespace Waybill.Objects;

/// <summary>The directory at the end of a zip, which its readers keep in memory as a whole: anybody may have made the file.</summary>
static class ZipDirectory
{
    const long Longest = 16 << 20;
    const int EndRecord = 22;
    const int LongestComment = ushort.MaxValue;

    /// <summary>Whether it is short enough to be read. False for what has none; zips of more than 4 GiB are not read.</summary>
    public static bool IsWithinBounds(Stream zip)
    {
        var tail = new byte[(int)Math.Min(zip.Length, EndRecord + LongestComment)];
        zip.Position = zip.Length - tail.Length;
        zip.ReadExactly(tail);
        var place = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (place < 0 || tail.Length - place < EndRecord)
            return false;
        // the readers go on as long as there are entries, whatever number the record tells
        var begin = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(place + 16));
        return begin <= zip.Length && zip.Length - begin <= Longest;
    }
}
