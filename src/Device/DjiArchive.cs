using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>The chosen logs of a module as one tar archive, in a file that is gone when this is disposed.</summary>
sealed class DjiArchive : IAsyncDisposable
{
    DjiArchive(FileStream content, string fingerprint) => (Content, Fingerprint) = (content, fingerprint);

    public FileStream Content { get; }

    /// <summary>MD5, as the vendor's examples have it.</summary>
    public string Fingerprint { get; }

    /// <summary>Collects logs, at the named positions of the logbook.</summary>
    /// <exception cref="IOException">A log cannot be had.</exception>
    public static async Task<DjiArchive> BuildAsync(DjiLogbook logbook, DjiLogChoice choice, CancellationToken ct)
    {
        var content = new FileStream(
            Path.Join(Path.GetTempPath(), Path.GetRandomFileName()),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
        try
        {
            await using (var tar = new TarWriter(content, TarEntryFormat.Ustar, leaveOpen: true))
            {
                foreach (var boot in choice.Boots)
                    await AddAsync(tar, logbook, choice.Module, boot.Index, ct);
            }
            content.Position = 0;
            var md5 = await MD5.HashDataAsync(content, ct);
            content.Position = 0;
            return new(content, Convert.ToHexStringLower(md5));
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Content.DisposeAsync();

    static async Task AddAsync(TarWriter tar, DjiLogbook logbook, string module, long index, CancellationToken ct)
    {
        var boots = logbook.Of(module) ?? [];
        if (!boots.Any(b => b.Index == index))
            throw new IOException("There is no such log.");
        var boot = boots.First(b => b.Index == index);
        await using var log = await logbook.Open(module, boot, ct);
        var name = string.Create(CultureInfo.InvariantCulture, $"{(module == DjiModules.Dock ? "dock" : "aircraft")}_{index}.log");
        await tar.WriteEntryAsync(
            new UstarTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = log,
                ModificationTime = DateTimeOffset.FromUnixTimeMilliseconds(boot.End ?? 0),
            },
            ct);
    }
}
