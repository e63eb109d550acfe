using System.Buffers;
using Waybill.Data;
using Waybill.Logs;
using Waybill.Protocols.DjiCloud;
using Waybill.Upgrades;

namespace Waybill.Dialects.DjiCloud;

/// <summary>What docks are told, from the rows. False, and nothing written, for what no dock could follow.</summary>
sealed class DjiOrders(DjiJobIds ids, TimeProvider clock)
{
    /// <param name="output">Where to.</param>
    /// <param name="dockSn">Whom.</param>
    /// <param name="command">What of the request.</param>
    /// <param name="request">As it is recorded.</param>
    /// <param name="storage">Needed for a start: good for the request's prefix alone.</param>
    public bool TryWrite(IBufferWriter<byte> output, string dockSn, LogCommand command, LogRequest request, DjiStorage? storage) => command switch
    {
        LogCommand.List => DjiLogCommands.TryList(output, Head(dockSn, new(SealPurpose.LogList, request.Id)), request.Modules),
        LogCommand.Cancel => DjiLogCommands.TryCancel(output, Head(dockSn, new(SealPurpose.LogCancel, request.Id)), [.. request.Archives.Where(a => a is { IsOpen: true, IsUnwanted: true }).Select(a => a.Module)]),
        LogCommand.Start when storage is not null => DjiLogCommands.TryStart(
            output, Head(dockSn, new(SealPurpose.LogStart, request.Id)), storage, ids.Prefix(request.Id), [.. request.Archives.Select(a => Choice(request, a))]),
        _ => false,
    };

    /// <param name="output">Where to.</param>
    /// <param name="dockSn">Whom.</param>
    /// <param name="upgrade">As it is recorded.</param>
    /// <param name="packages">By serial number; the vendor's, untouched.</param>
    public bool TryWrite(IBufferWriter<byte> output, string dockSn, Upgrade upgrade, IReadOnlyDictionary<string, DjiPackage> packages) => DjiOtaCommands.TryCreate(
        output,
        Head(dockSn, new(SealPurpose.Upgrade, upgrade.Id)),
        [.. upgrade.Targets.Select(t => new DjiOtaDevice(t.Sn, t.Version, (DjiUpgradeType)t.Type, packages.GetValueOrDefault(t.Sn)))]);

    /// <summary>The tid is fresh with each sending, the bid is not (quirk D41).</summary>
    DjiHead Head(string dockSn, DjiJobId job) => new(Guid.NewGuid().ToString(), ids.Bid(job), null, dockSn, clock.GetUtcNow().ToUnixTimeMilliseconds());

    static DjiLogChoice Choice(LogRequest request, LogArchive archive)
    {
        var boots = request.Lists.FirstOrDefault(l => l.Module == archive.Module)?.Boots ?? [];
        return new(archive.DeviceSn, archive.Module, archive.ObjectKey, [.. archive.BootIndexes.Select(i => Boot(boots.FirstOrDefault(b => b.Index == i) with { Index = i }))]);
    }

    static DjiBootLog Boot(BootLog boot) => new(boot.Index, boot.Start, boot.End, boot.Size);
}
