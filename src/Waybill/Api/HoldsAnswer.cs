using Waybill.Data;
using Waybill.Devices;
using Waybill.Dialects.TencentExplorer;
using Waybill.Transfers;

namespace Waybill.Api;

/// <summary>What is on a device, by its reports and the results of transfers, and how that differs from what it is meant to hold.</summary>
/// <param name="ChangedAt">When the record changed last; null: the device never said.</param>
/// <param name="Files">On the device.</param>
/// <param name="Differences">Where it is not as wanted.</param>
/// <param name="NotTold">Files that would not fit the message that tells a device which lost its list what it holds.</param>
sealed record HoldsAnswer(
    DateTime? ChangedAt, IReadOnlyList<HeldFile> Files, IReadOnlyList<DifferenceAnswer> Differences, IReadOnlyList<string> NotTold)
{
    public static HoldsAnswer Of(Holding holding, Product product, Seal seal)
    {
        var told = product.Dialects.Contains(ExplorerDialect.Tag) ? VersionList.NotTold(holding.MostUsefulFirst()) : [];
        var since = holding.Held.ChangedAt;
        return new(since == 0 ? null : Times.Utc(since), holding.Held.Files, [.. holding.Differences.Select(d => DifferenceAnswer.Of(d, seal))], told);
    }
}

/// <param name="Name">Of the file.</param>
/// <param name="Has">The version on the device; null: none.</param>
/// <param name="Wanted">The version that is meant to be there; null: none.</param>
/// <param name="Transfer">The open transfer that will change that; null: none is under way.</param>
sealed record DifferenceAnswer(string Name, string? Has, string? Wanted, string? Transfer)
{
    public static DifferenceAnswer Of(HeldDifference difference, Seal seal) => new(
        difference.Name, difference.Has, difference.Wanted, difference.Open is { } open ? seal.Write(open.Id, 0, SealPurpose.TransferId) : null);
}

/// <summary>Files that came to a device or changed there, and those that went: they have no version.</summary>
sealed record HeldPastAnswer(DateTime At, IReadOnlyList<HeldChange> Changes)
{
    public static HeldPastAnswer Of(HeldPast past) => new(Times.Utc(past.ChangedAt), past.Changes);
}
