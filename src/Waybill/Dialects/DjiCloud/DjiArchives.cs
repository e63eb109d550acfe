using Waybill.Devices.Gateways;
using Waybill.Line;
using Waybill.Logs;
using Waybill.Objects;
using Waybill.S3.Rows;

namespace Waybill.Dialects.DjiCloud;

/// <summary>Looks whether archives of logs are in storage: the proof that a dock's word needs.</summary>
sealed class DjiArchives(GatewayStorages storages, ObjectList objects, Inbox inbox)
{
    /// <summary>Some docks put one object for each boot below the key they were told (quirk D29).</summary>
    const int MostParts = 1000;

    public async Task LookAsync(LogRequest request, CancellationToken ct)
    {
        var storage = await storages.OfAsync(request.GatewayId, ct);
        foreach (var archive in request.Archives.Where(a => a is { IsOpen: true, IsProven: false }))
        {
            if (await FindAsync(storage.Bucket, KeyOf(archive), ct) is var (size, sha256))
                await inbox.PostAsync(new ArchiveSeen(request.Id, archive.Module, size, sha256), ct);
        }
    }

    /// <summary>A key that is not below the request's prefix was not meant for it, whatever the dock says.</summary>
    static string KeyOf(LogArchive archive)
    {
        var prefix = archive.ObjectKey[..(archive.ObjectKey.LastIndexOf('/') + 1)];
        return archive.Key.StartsWith(prefix, StringComparison.Ordinal) ? archive.Key : archive.ObjectKey;
    }

    async ValueTask<(long Size, Sha256Digest? Sha256)?> FindAsync(string bucket, string key, CancellationToken ct)
    {
        if (await objects.FindAsync(bucket, key, ct) is { } whole)
            return (whole.Size, Sha256Digest.FromBytes(whole.Sha256));
        var parts = await objects.BelowAsync(bucket, key + "/", MostParts, ct);
        return parts.Count == 0 ? null : (parts.Sum(p => p.Size), null);
    }
}
