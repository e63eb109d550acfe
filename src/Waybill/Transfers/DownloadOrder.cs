using Waybill.Objects;
using Waybill.Protocols;

namespace Waybill.Transfers;

/// <summary>A file of the library, as a transfer needs to know it.</summary>
sealed record FileContent(string Name, string Version, string Type, long Size, Md5Digest Md5, Sha256Digest Sha256);

/// <summary>Someone wants a device to have a file. Ordering what is already under way changes nothing.</summary>
sealed class DownloadOrder(long deviceId, FileContent file) : PlatformMessage
{
    readonly TransferKey _key = new(deviceId, TransferKind.Download, file.Name);

    public override void Need(TransferView view)
    {
        view.NeededKeys.Add(_key);
        view.NeededDevices.Add(deviceId);
    }

    protected override Decision Rule(TransferView view, Moment moment)
    {
        var newest = view.Find(_key);
        if (newest is { IsOpen: true } && newest.Sha256 == file.Sha256 && string.Equals(newest.Version, file.Version, StringComparison.Ordinal))
            return new(Unchanged: newest);
        if (Full(view, deviceId, newest, moment) is { } full)
            return full;
        var deadline = moment.After(moment.Settings.Deadline);
        return new(
            Superseded: newest?.Superseded(),
            Opened: new Transfer
            {
                Id = moment.FreshId(),
                DeviceId = deviceId,
                Kind = TransferKind.Download,
                Name = file.Name,
                Version = file.Version,
                Type = file.Type,
                Size = file.Size,
                Md5 = file.Md5,
                Sha256 = file.Sha256,
                CreatedAt = moment.Now,
                UpdatedAt = moment.Now,
                DeadlineAt = deadline,
                DueAt = deadline,
            });
    }

    /// <summary>The refusal when one more would be too many; one that takes the place of an open one is not more.</summary>
    public static Decision? Full(TransferView view, long deviceId, Transfer? newest, Moment moment)
    {
        var most = moment.Settings.MostQueued;
        return newest is not { IsOpen: true } && view.Queue(deviceId).Count >= most
            ? Decision.Refused("queue_full", $"The device has {most} open transfers already: wait for one to end, or cancel one.")
            : null;
    }
}

/// <summary>An open transfer is not wanted any more.</summary>
sealed class TransferCancel(long id) : PlatformMessage
{
    public override void Need(TransferView view) => view.NeededIds.Add(id);

    protected override Decision Rule(TransferView view, Moment moment) => view.Find(id) switch
    {
        null => Decision.Refused("transfer_not_found", "There is no such transfer."),
        { State: TransferState.Canceled } canceled => new(Unchanged: canceled),
        { IsOpen: false } => Decision.Refused("transfer_ended", "The transfer has ended; what has ended cannot be canceled."),
        var open => new(Changed: open.Ended(TransferState.Canceled, "canceled")),
    };
}
