using System.Globalization;
using Waybill.Line;
using Waybill.Objects;

namespace Waybill.Transfers;

/// <summary>
/// Temporary files of an earlier run. A complete one whose transfer is still open is adopted: its bytes count,
/// though nobody was told so before the crash. The rest is discarded.
/// </summary>
sealed partial class Leftovers(DiskStore store, TransferLedger ledger, Inbox inbox, ILogger<Leftovers> logger) : BackgroundService
{
    public static string NameOf(long transferId) => transferId.ToString("x", CultureInfo.InvariantCulture);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        foreach (var leftover in store.Leftovers)
            await SettleAsync(leftover, ct);
    }

    async Task SettleAsync(Leftover leftover, CancellationToken ct)
    {
        try
        {
            if (!await AdoptAsync(leftover, ct))
                DiskStore.Discard(leftover);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogUnsettled(logger, e, leftover.Name);
        }
    }

    async Task<bool> AdoptAsync(Leftover leftover, CancellationToken ct)
    {
        if (!long.TryParse(leftover.Name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)
            || await ledger.FindAsync(id, ct) is not { Kind: TransferKind.Upload, IsOpen: true, Md5: { } md5 } transfer)
            return false;
        using var stored = await store.AdoptAsync(leftover, transfer.Size, md5, ct);
        if (stored is null)
            return false;
        var proof = new BytesStored(id, new ObjectRecord(stored.Sha256, stored.Md5, stored.Size));
        await inbox.PostAsync(proof, ct);
        await proof.Done;
        LogAdopted(logger, transfer.Name);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The bytes of {Name} were complete when the server stopped; its transfer is ok")]
    static partial void LogAdopted(ILogger logger, string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "The temporary file {Name} could neither be adopted nor discarded")]
    static partial void LogUnsettled(ILogger logger, Exception e, string name);
}
