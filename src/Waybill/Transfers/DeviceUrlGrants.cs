using Waybill.Data;
using Waybill.Protocols;

namespace Waybill.Transfers;

/// <summary>What a device URL allows now. Refusals are all <c>forbidden</c> (403) but for what never was (404).</summary>
sealed class DeviceUrlGrants(DeviceUrls urls, TransferLedger ledger, GrantedTransfers granted, Database database, TimeProvider clock)
{
    public async ValueTask<Transfer> UploadAsync(string token, long? length, Md5Digest? md5, CancellationToken ct)
    {
        var transfer = await FindAsync(token, TransferKind.Upload, ct);
        // after the end only the same bytes again: the device did not get our answer
        if (!transfer.IsOpen && transfer.State != TransferState.Ok)
            throw Forbidden("the transfer has ended");
        if (length is { } announced && transfer.Size != Transfer.UnknownSize && announced != transfer.Size)
            throw Forbidden($"the body is {announced} bytes, {transfer.Size} were announced");
        if (md5 is { } given && transfer.Md5 is { } known && given != known)
            throw Forbidden("Content-MD5 differs from the announced md5sum");
        return transfer;
    }

    public async ValueTask<Transfer> DownloadAsync(string token, CancellationToken ct)
    {
        var transfer = await FindAsync(token, TransferKind.Download, ct);
        if (!transfer.IsOpen && transfer.State != TransferState.Ok)
            throw Forbidden("the transfer has ended");
        return transfer;
    }

    /// <summary>Whose URL it is or was; null for what never was one.</summary>
    public async ValueTask<long?> OwnerAsync(string token, CancellationToken ct)
    {
        if (!urls.TryRead(token, TransferKind.Upload, out var id, out _) && !urls.TryRead(token, TransferKind.Download, out id, out _))
            return null;
        return (granted.Find(id) ?? await ledger.FindAsync(id, ct))?.DeviceId;
    }

    async ValueTask<Transfer> FindAsync(string token, TransferKind kind, CancellationToken ct)
    {
        if (!urls.TryRead(token, kind, out var id, out var expires))
            throw NotFound();
        if (expires <= clock.GetUtcNow().ToUnixTimeMilliseconds())
            throw Forbidden("the URL has expired");
        return granted.Find(id) ?? await LookAsync(id, ct);
    }

    async ValueTask<Transfer> LookAsync(long id, CancellationToken ct)
    {
        // The database is no work for a thread that polls sockets (decision 8).
        await Task.Yield();
        var transfer = await ledger.FindAsync(id, ct) ?? throw NotFound();
        var enabled = await database.FirstAsync<int>(
            """
            select count(*) from devices d join products p on p.id = d.product_id
            where d.id = @DeviceId and d.disabled_at is null and p.disabled_at is null
            """,
            new { transfer.DeviceId },
            ct);
        if (enabled == 0)
            throw Forbidden("the device is disabled");
        granted.Keep(transfer);
        return transfer;
    }

    static RefusedException NotFound() => new("not_found", "no such URL");

    static RefusedException Forbidden(string text) => new("forbidden", text);
}
