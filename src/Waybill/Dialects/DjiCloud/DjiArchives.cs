using Waybill.Devices.Gateways;
using Waybill.Line;
using Waybill.Logs;
using Waybill.Objects;
using Waybill.Objects.Credentials.Issuers;
using Waybill.S3;
using Waybill.S3.Rows;

namespace Waybill.Dialects.DjiCloud;

/// <summary>Looks whether archives of logs are in storage: the proof that a dock's word needs.</summary>
sealed class DjiArchives(GatewayStorages storages, CredentialIssuers issuers, ObjectList objects, OutsideObjects outside, Inbox inbox)
{
    /// <summary>Some docks put one object for each boot below the key they were told (quirk D29).</summary>
    const int MostParts = 1000;

    public async Task LookAsync(LogRequest request, CancellationToken ct)
    {
        var storage = await storages.OfAsync(request.GatewayId, ct);
        var issuer = issuers.Find(storage.Issuer);
        foreach (var archive in request.Archives.Where(a => a is { IsOpen: true, IsProven: false }))
        {
            if (issuer.Kind != StorageKind.Ours)
                await outside.CopyAsync(issuer, KeyOf(archive), GatewaySettings.UsualBucket, new(storage.Gateway, storage.Gateway), ct);
            if (await FindAsync(OurBucket(storage, issuer), KeyOf(archive), ct) is var (size, sha256))
                await inbox.PostAsync(new ArchiveSeen(request.Id, archive.Module, size, sha256), ct);
        }
    }

    /// <summary>Where the archives of a gateway can be read: what is in other storage is copied when it is seen.</summary>
    public async ValueTask<string> BucketOfAsync(long gatewayId, CancellationToken ct)
    {
        var storage = await storages.OfAsync(gatewayId, ct);
        return OurBucket(storage, issuers.Find(storage.Issuer));
    }

    static string OurBucket(GatewayStorage storage, IssuerSettings issuer) =>
        issuer.Kind == StorageKind.Ours ? storage.BucketOf(issuer) ?? GatewaySettings.UsualBucket : GatewaySettings.UsualBucket;

    /// <summary>A key that is not below the request's prefix was not meant for it, whatever the dock says.</summary>
    public static string KeyOf(LogArchive archive)
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
