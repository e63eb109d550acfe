using System.IO.Compression;
using Waybill.Objects;

namespace Waybill.Logs;

/// <summary>One file of an archive.</summary>
/// <param name="Name">As it stands there: not to be used as a path.</param>
/// <param name="Size">Bytes; null where only unpacking would tell.</param>
/// <param name="ModifiedAt">Unix milliseconds; null where nobody knows.</param>
sealed record ArchiveEntry(string Name, long? Size, long? ModifiedAt);

/// <summary>What is in an archive.</summary>
/// <param name="Format"><c>tar</c>, <c>tar.gz</c>, <c>gz</c> or <c>zip</c>; null: it is none of these.</param>
/// <param name="Entries">At most <see cref="ArchiveContents.MostEntries"/>.</param>
/// <param name="IsWhole">False: there is more, or it is broken behind them.</param>
sealed record ArchiveListing(string? Format, IReadOnlyList<ArchiveEntry> Entries, bool IsWhole);

/// <summary>
/// The files in an archive of logs, and single ones of them. What comes out is bounded in number and, where it has to be unpacked to be
/// found, in bytes.
/// </summary>
static class ArchiveContents
{
    public const int MostEntries = 10_000;

    /// <summary>Bytes that are unpacked to find what is wanted.</summary>
    public const long MostUnpacked = 8L << 30;

    const string SingleName = "content";

    /// <param name="archive">A seekable stream.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<ArchiveListing> ListAsync(Stream archive, CancellationToken ct)
    {
        var format = await FormatAsync(archive, ct);
        try
        {
            return format switch
            {
                "tar" => await ListTarAsync(format, archive, ct),
                "tar.gz" => await ListTarAsync(format, Unpacked(archive), ct),
                "gz" => new(format, [new(SingleName, null, null)], true),
                "zip" => ListZip(archive),
                _ => new(null, [], true),
            };
        }
        catch (InvalidDataException)
        {
            return new(format, [], false);
        }
    }

    /// <summary>The bytes of the first entry of that name, unpacked; null when there is none. The stream goes with <paramref name="archive"/>.</summary>
    public static async Task<Stream?> OpenAsync(Stream archive, string name, CancellationToken ct)
    {
        try
        {
            return await FormatAsync(archive, ct) switch
            {
                "tar" => await OpenTarAsync(archive, name, ct),
                "tar.gz" => await OpenTarAsync(Unpacked(archive), name, ct),
                "gz" when name == SingleName => Unpacked(archive),
                "zip" when ZipDirectory.IsWithinBounds(archive) => new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true).Entries.FirstOrDefault(e => e.FullName == name) is { } entry
                    ? new FirstBytes(entry.Open(), MostUnpacked)
                    : null,
                _ => null,
            };
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    static FirstBytes Unpacked(Stream archive) => new FirstBytes(new GZipStream(archive, CompressionMode.Decompress), MostUnpacked);

    /// <summary>By what it begins with; the stream then stands at its beginning.</summary>
    public static async ValueTask<string?> FormatAsync(Stream archive, CancellationToken ct)
    {
        var head = await HeadAsync(archive, ct);
        archive.Position = 0;
        if (head.AsSpan().StartsWith("PK\u0003\u0004"u8) || head.AsSpan().StartsWith("PK\u0005\u0006"u8))
            return "zip";
        if (!head.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            return TarWalk.IsHeader(head) ? "tar" : null;
        var isTar = await IsPackedTarAsync(archive, ct);
        archive.Position = 0;
        return isTar ? "tar.gz" : "gz";
    }

    static async ValueTask<bool> IsPackedTarAsync(Stream archive, CancellationToken ct)
    {
        try
        {
            return TarWalk.IsHeader(await HeadAsync(Unpacked(archive), ct));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    static async ValueTask<byte[]> HeadAsync(Stream stream, CancellationToken ct)
    {
        var head = new byte[TarWalk.Block];
        var read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
        return head[..read];
    }

    static async ValueTask<ArchiveListing> ListTarAsync(string format, Stream tar, CancellationToken ct)
    {
        var (walk, entries) = (new TarWalk(tar), new List<ArchiveEntry>());
        try
        {
            while (await walk.NextAsync(ct) is { } entry)
            {
                if (entries.Count == MostEntries)
                    return new(format, entries, false);
                entries.Add(entry);
            }
        }
        catch (InvalidDataException)
        {
            return new(format, entries, false);
        }
        return new(format, entries, !walk.IsBroken);
    }

    static ArchiveListing ListZip(Stream archive)
    {
        if (!ZipDirectory.IsWithinBounds(archive))
            return new("zip", [], false);
        using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
        var files = zip.Entries.Where(e => !e.FullName.EndsWith('/')).ToList();
        return new("zip", [.. files.Take(MostEntries).Select(e => new ArchiveEntry(e.FullName, e.Length, e.LastWriteTime.ToUnixTimeMilliseconds()))], files.Count <= MostEntries);
    }

    static async ValueTask<Stream?> OpenTarAsync(Stream tar, string name, CancellationToken ct)
    {
        var walk = new TarWalk(tar);
        while (await walk.NextAsync(ct) is { } entry)
        {
            if (entry.Name == name)
                return new FirstBytes(tar, entry.Size!.Value);
        }
        return null;
    }
}
