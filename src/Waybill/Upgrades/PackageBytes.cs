using Waybill.Data;
using Waybill.Files;
using Waybill.Objects;
using Waybill.Protocols;
using Waybill.Tracing;

namespace Waybill.Upgrades;

/// <summary><c>/o/u/{token}</c>: firmware, as docks fetch it: over a slow link, in ranges, again after a restart.</summary>
sealed class PackageBytes(PackageUrls urls, UpgradeRows rows, Packages packages, ByteDoor door, ObjectSender sender, Database database, TimeProvider clock)
{
    public Task HandleAsync(HttpContext http, string token) => door.HandleAsync(http, () => http.Request.Method is "GET" or "HEAD"
        ? SendAsync(http, token)
        : throw ByteDoor.NotFound("no such method"));

    async Task SendAsync(HttpContext http, string token)
    {
        var file = await GrantedAsync(http, token);
        await sender.SendAsync(http, new(Sha256Digest.FromBytes(file.Sha256), Md5Digest.FromBytes(file.Md5), file.Size, file.Name), served: null);
    }

    async ValueTask<LibraryFile> GrantedAsync(HttpContext http, string token)
    {
        var ct = http.RequestAborted;
        if (!urls.TryRead(token, out var id, out var place, out var expires))
            throw ByteDoor.NotFound("no such URL");
        var upgrade = await rows.FindAsync(database, id, ct);
        if (upgrade is not null)
            http.Traced()?.IsOf(upgrade.GatewayId);
        if (expires <= clock.GetUtcNow().ToUnixTimeMilliseconds())
            throw ByteDoor.Forbidden("the URL has expired");
        if (upgrade is not { IsOpen: true } || place >= upgrade.Targets.Count)
            throw ByteDoor.Forbidden("the upgrade has ended");
        return await packages.FindAsync(upgrade.GatewayId, upgrade.Targets[place], ct) ?? throw ByteDoor.Forbidden("the package is gone, or the dock is disabled");
    }
}
