using Waybill.Data;
using Waybill.Line;
using Waybill.Transfers;

namespace Waybill.Quotas;

/// <summary>What the rules leave an upload when its bytes come.</summary>
/// <param name="Rules">Those that hold for the device; null: none.</param>
/// <param name="Room">The most bytes it may bring; null: any number.</param>
sealed record UploadAllowance(UploadRules? Rules, long? Room)
{
    public static UploadAllowance Any { get; } = new(null, null);
}

/// <summary>Asks the rules again when the bytes of an upload come: they may be others than when its URL was asked for.</summary>
sealed partial class UploadAllowances(
    Database database, UploadRuleBook book, UploadCount count, Inbox inbox, ILogger<UploadAllowances> logger)
{
    /// <param name="transfer">The upload.</param>
    /// <param name="length">Of the body, as far as it is announced.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="RefusedException">The rules forbid it.</exception>
    public async ValueTask<UploadAllowance> DemandAsync(Transfer transfer, long? length, CancellationToken ct)
    {
        // what has ended is only answered again
        if (book.Current.IsEmpty || !transfer.IsOpen)
            return UploadAllowance.Any;
        var owner = await OwnerAsync(transfer.DeviceId, ct);
        if (book.Current.For(owner.Product, transfer.DeviceId) is not { } rules)
            return UploadAllowance.Any;
        var usage = rules.NeedUsage ? await count.OfAsync(transfer.DeviceId, except: transfer.Id, ct) : UploadUsage.None;
        var size = transfer.Size == Transfer.UnknownSize ? length : transfer.Size;
        return rules.WhyNot(new(size, transfer.Type, IsNew: false), usage) is { } refusal ? throw refusal : new(rules, rules.Room(usage));
    }

    /// <summary>The bytes were refused for good: the transfer ends with the reason, which lists show.</summary>
    public async Task RejectAsync(Transfer transfer, RefusedException refusal, CancellationToken ct)
    {
        var owner = await OwnerAsync(transfer.DeviceId, ct);
        LogRefused(logger, owner.Product, owner.Device, transfer.Name, refusal.Message);
        var rejection = new UploadRejection(transfer.Id, refusal);
        await inbox.PostAsync(rejection, ct);
        await rejection.Done.WaitAsync(ct);
    }

    async ValueTask<Owner> OwnerAsync(long deviceId, CancellationToken ct) => await database.FirstAsync<Owner>(
        "select p.name as product, d.name as device from devices d join products p on p.id = d.product_id where d.id = @deviceId",
        new { deviceId },
        ct) ?? throw new RefusedException("forbidden", "the device is gone");

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Product}/{Device}: the bytes of {File} were refused: {Reason}")]
    static partial void LogRefused(ILogger logger, string product, string device, string file, string reason);

    sealed record Owner(string Product, string Device);
}
