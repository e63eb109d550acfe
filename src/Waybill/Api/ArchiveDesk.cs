using System.Formats.Tar;
using Waybill.Dialects.DjiCloud;
using Waybill.Logs;
using Waybill.Objects;
using Waybill.S3.Rows;

namespace Waybill.Api;

/// <summary>What is stored of the logs of one module.</summary>
/// <param name="Name">What it is saved as.</param>
/// <param name="Parts">One archive; or what a dock stored for each start, which is no archive yet.</param>
/// <param name="IsWhole">One archive.</param>
sealed record StoredArchive(string Name, IReadOnlyList<ArchivePart> Parts, bool IsWhole);

/// <summary>An object, and what it is called in an archive of several.</summary>
sealed record ArchivePart(string Name, FoundObject Object);

/// <summary>Finds archives of logs in storage, and opens them.</summary>
sealed class ArchiveDesk(DjiArchives archives, ObjectList objects, DiskStore store)
{
    const int MostParts = 1000;

    /// <exception cref="RefusedException">There is nothing to read; with the remedy.</exception>
    public async Task<StoredArchive> FindAsync(LogRequest request, string module, CancellationToken ct)
    {
        if (request.Find(module) is not { } archive)
            throw new RefusedException("archive_not_found", "The request has no archive of this module: choose logs of it first, with POST …/upload.");
        if (archive.IsOpen)
            throw new RefusedException("archive_open", $"The archive is not uploaded yet ({TransferWords.Of(archive.State)}, {archive.Percent} %): wait for its state ok, or for the event log.ok.");
        return await StoredAsync(request.GatewayId, archive, ct) ?? throw new RefusedException("content_not_found", archive.State == LogState.Ok
            ? "The archive was deleted from its bucket: order the logs again, the dock may still have them."
            : $"The archive was never stored ({archive.Reason ?? TransferWords.Of(archive.State)}): order the logs again.");
    }

    /// <summary>Null when nothing is there.</summary>
    public async Task<StoredArchive?> StoredAsync(long gatewayId, LogArchive archive, CancellationToken ct)
    {
        var (bucket, key) = (await archives.BucketOfAsync(gatewayId, ct), DjiArchives.KeyOf(archive));
        if (await objects.FindAsync(bucket, key, ct) is { } whole)
            return new($"{archive.DeviceSn}-{archive.Module}{Ending(key)}", [new("content", whole)], true);
        var parts = await objects.BelowAsync(bucket, key + "/", MostParts, ct);
        return parts.Count == 0 ? null : new($"{archive.DeviceSn}-{archive.Module}.tar", [.. parts.Select(p => new ArchivePart(p.Key[(key.Length + 1)..], p))], false);
    }

    public ObjectStream Open(ArchivePart part) => new(store.Open(Sha256Digest.FromBytes(part.Object.Sha256)));

    /// <summary>Parts as one tar, made while it is written.</summary>
    public async Task WriteTarAsync(StoredArchive stored, Stream output, CancellationToken ct)
    {
        await using var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var part in stored.Parts)
        {
            await using var content = Open(part);
            var entry = new PaxTarEntry(TarEntryType.RegularFile, part.Name)
            {
                DataStream = content,
                ModificationTime = DateTimeOffset.FromUnixTimeMilliseconds(part.Object.ModifiedAt),
            };
            await tar.WriteEntryAsync(entry, ct);
        }
    }

    /// <summary>Of the key, where it has one of an archive: the oldest docks choose it by themselves.</summary>
    static string Ending(string key) => s_endings.FirstOrDefault(e => key.EndsWith(e, StringComparison.OrdinalIgnoreCase)) ?? ".tar";

    static readonly string[] s_endings = [".tar.gz", ".tgz", ".gz", ".zip"];
}
