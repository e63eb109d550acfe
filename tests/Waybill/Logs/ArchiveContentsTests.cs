using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Waybill.Logs;
using Xunit;

namespace Waybill.Tests.Logs;

public sealed class ArchiveContentsTests
{
    static readonly CancellationToken Soon = House.Soon;
    static readonly string LongName = string.Join('/', Enumerable.Repeat("a-folder-with-a-long-name", 12)) + "/录像.log";

    static byte[] Tar(TarEntryFormat format, params (string Name, byte[] Content)[] files)
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, format, leaveOpen: true))
        {
            tar.WriteEntry(Entry(format, TarEntryType.Directory, "logs/"));
            foreach (var (name, content) in files)
            {
                var entry = Entry(format, format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile, name);
                entry.DataStream = new MemoryStream(content);
                entry.ModificationTime = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
                tar.WriteEntry(entry);
            }
        }
        return stream.ToArray();
    }

    static TarEntry Entry(TarEntryFormat format, TarEntryType type, string name) => format switch
    {
        TarEntryFormat.V7 => new V7TarEntry(type, name),
        TarEntryFormat.Ustar => new UstarTarEntry(type, name),
        TarEntryFormat.Gnu => new GnuTarEntry(type, name),
        _ => new PaxTarEntry(type, name),
    };

    static byte[] Zipped(byte[] bytes)
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return stream.ToArray();
    }

    static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("logs/");
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }

    static byte[] Log(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    static Task<ArchiveListing> ListAsync(byte[] archive) => ArchiveContents.ListAsync(new MemoryStream(archive), Soon);

    static async Task<byte[]?> ReadAsync(byte[] archive, string name)
    {
        await using var entry = await ArchiveContents.OpenAsync(new MemoryStream(archive), name, Soon);
        if (entry is null)
            return null;
        var content = new MemoryStream();
        await entry.CopyToAsync(content, Soon);
        return content.ToArray();
    }

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Pax)]
    public async Task Every_kind_of_tar_is_listed_and_read_packed_or_not(TarEntryFormat format)
    {
        (string, byte[])[] files = [("dock_321.log", Log(5000)), ("empty.log", []), (format is TarEntryFormat.Gnu or TarEntryFormat.Pax ? LongName : "b.log", Log(512))];
        var tar = Tar(format, files);
        foreach (var (archive, kind) in new[] { (tar, "tar"), (Zipped(tar), "tar.gz") })
        {
            var listing = await ListAsync(archive);
            Assert.Equal((kind, true), (listing.Format, listing.IsWhole));
            Assert.Equal(files.Select(f => new ArchiveEntry(f.Item1, f.Item2.Length, 1_700_000_000_000)), listing.Entries);
            foreach (var (name, content) in files)
                Assert.Equal(content, await ReadAsync(archive, name));
            Assert.Null(await ReadAsync(archive, "none"));
        }
    }

    [Fact]
    public async Task A_zip_is_listed_and_read()
    {
        var archive = Zip(("a.log", Log(5000)), (LongName, Log(1)));
        var listing = await ListAsync(archive);
        Assert.Equal(("zip", true), (listing.Format, listing.IsWhole));
        Assert.Equal([("a.log", 5000), (LongName, 1)], listing.Entries.Select(e => (e.Name, e.Size)));
        Assert.Equal(Log(5000), await ReadAsync(archive, "a.log"));
        Assert.Null(await ReadAsync(archive, "none"));
        Assert.Equal(("zip", true, 0), (await ListAsync(Zip())) is var empty ? (empty.Format, empty.IsWhole, empty.Entries.Count) : default);
    }

    [Fact]
    public async Task A_packed_file_is_one_entry()
    {
        var archive = Zipped(Log(5000));
        var listing = await ListAsync(archive);
        Assert.Equal(("gz", true, "content"), (listing.Format, listing.IsWhole, Assert.Single(listing.Entries).Name));
        Assert.Equal(Log(5000), await ReadAsync(archive, "content"));
        Assert.Null(await ReadAsync(archive, "none"));
    }

    [Fact]
    public async Task What_is_no_archive_has_no_entries()
    {
        foreach (var bytes in new[] { [], Log(10), Log(600), new byte[10_240], Encoding.UTF8.GetBytes(new string('x', 2000)) })
        {
            Assert.Equal((null, 0), (await ListAsync(bytes)) is var listing ? (listing.Format, listing.Entries.Count) : default);
            Assert.Null(await ReadAsync(bytes, "a"));
        }
    }

    [Fact]
    public async Task An_archive_that_breaks_off_is_listed_as_far_as_it_goes()
    {
        var tar = Tar(TarEntryFormat.Ustar, ("a.log", Log(5000)), ("b.log", Log(5000)));
        foreach (var cut in new[] { tar[..8000], Zipped(tar[..8000]), Zipped(tar)[..^600] })
        {
            var listing = await ListAsync(cut);
            Assert.False(listing.IsWhole);
            Assert.Equal("a.log", listing.Entries[0].Name);
        }
        var zip = Zip(("a.log", Log(5000)));
        Assert.Equal(("zip", false), (await ListAsync(zip[..^10])) is var broken ? (broken.Format, broken.IsWhole) : default);
        Assert.Null(await ReadAsync(zip[..^10], "a.log"));
    }

    [Fact]
    public async Task Too_many_entries_are_cut()
    {
        var listing = await ListAsync(Tar(TarEntryFormat.Ustar, [.. Enumerable.Range(0, ArchiveContents.MostEntries + 1).Select(i => ($"{i}.log", Array.Empty<byte>()))]));
        Assert.Equal((ArchiveContents.MostEntries, false), (listing.Entries.Count, listing.IsWhole));
    }

    [Fact]
    public async Task Spoiled_archives_are_listed_or_not_but_never_harm()
    {
        var random = new Random(7);
        var seeds = new[] { Tar(TarEntryFormat.Pax, (LongName, Log(700)), ("b", Log(3))), Tar(TarEntryFormat.Gnu, (LongName, Log(700))), Zipped(Tar(TarEntryFormat.Ustar, ("a", Log(900)))), Zip(("a", Log(90)), ("b", Log(5))) };
        for (var i = 0; i < 4000; i++)
        {
            var spoiled = seeds[i % seeds.Length].ToArray();
            for (var edits = random.Next(1, 6); edits > 0; edits--)
                spoiled[random.Next(spoiled.Length)] = (byte)random.Next(256);
            var listing = await ListAsync(spoiled[..random.Next(spoiled.Length / 2, spoiled.Length + 1)]);
            Assert.True(listing.Entries.Count < 1000);
        }
    }
}
