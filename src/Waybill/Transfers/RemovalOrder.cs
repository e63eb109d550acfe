namespace Waybill.Transfers;

/// <summary>Someone wants a device to delete a file. Ordering what is already under way changes nothing.</summary>
sealed class RemovalOrder(long deviceId, HeldFile file) : PlatformMessage
{
    readonly TransferKey _key = new(deviceId, TransferKind.Removal, file.Name);

    public override void Need(TransferView view)
    {
        view.NeededKeys.Add(_key);
        view.NeededDevices.Add(deviceId);
    }

    protected override Decision Rule(TransferView view, Moment moment)
    {
        var newest = view.Find(_key);
        if (newest is { IsOpen: true } && newest.Version == file.Version)
            return new(Unchanged: newest);
        if (DownloadOrder.Full(view, deviceId, newest, moment) is { } full)
            return full;
        var deadline = moment.After(moment.Settings.Deadline);
        return new(
            Superseded: newest?.Superseded(),
            Opened: new Transfer
            {
                Id = moment.FreshId(),
                DeviceId = deviceId,
                Kind = TransferKind.Removal,
                Name = file.Name,
                Version = file.Version,
                Type = file.Type,
                Size = 0,
                CreatedAt = moment.Now,
                UpdatedAt = moment.Now,
                DeadlineAt = deadline,
                DueAt = deadline,
            });
    }
}
