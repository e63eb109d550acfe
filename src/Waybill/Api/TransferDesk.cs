using Waybill.Devices;
using Waybill.Files;
using Waybill.Line;
using Waybill.Transfers;

namespace Waybill.Api;

/// <summary>Takes orders for transfers: checks that the device can do it, then puts them on the line.</summary>
sealed class TransferDesk(ProductRegistry products, DeviceRegistry devices, Library library, TransferLine line)
{
    public async Task<FoundTransfer> OrderAsync(TransferBody body, CancellationToken ct)
    {
        var product = await products.GetAsync(body.Product!, ct);
        var device = await devices.GetAsync(product, body.Device!, ct);
        if (body.Kind == "removal" || !product.Dialects.Any(DialectNames.CanDownload))
            throw new RefusedException("not_supported", $"No dialect of the product ({string.Join(", ", product.Dialects)}) can do a {body.Kind} here yet.");
        if (product.DisabledAt is not null || device.DisabledAt is not null)
            throw new RefusedException("device_disabled", "The device or its product is disabled: enable it first.");
        var file = await library.ForDeviceAsync(new(product.Id, device.Id), new(body.File!.Name!, body.File.Version!), ct);
        if (!FileNames.FitsDevice(file.Name))
            throw new RefusedException("name_too_long_for_device", $"Devices of this product take file names of at most {FileNames.LongestOnDevice} bytes.");
        if (file.Size > int.MaxValue)
            throw new RefusedException("file_too_large_for_device", $"Devices of this product take files of at most {int.MaxValue} bytes.");
        return new(await line.OrderAsync(device.Id, file.Content, ct), product.Name, device.Name);
    }

    public Task<FoundTransfer> CancelAsync(FoundTransfer found, CancellationToken ct) => line.CancelAsync(found, ct);
}

/// <summary>Orders and cancellations as messages on the line, awaited.</summary>
sealed class TransferLine(Inbox inbox, CommandQueue commands)
{
    public async Task<Transfer> OrderAsync(long deviceId, FileContent file, CancellationToken ct)
    {
        var order = new DownloadOrder(deviceId, file);
        await inbox.PostAsync(order, ct);
        await order.Done.WaitAsync(ct);
        commands.Wake(deviceId);
        return order.Result!;
    }

    public async Task<FoundTransfer> CancelAsync(FoundTransfer found, CancellationToken ct)
    {
        var cancel = new TransferCancel(found.Transfer.Id);
        await inbox.PostAsync(cancel, ct);
        await cancel.Done.WaitAsync(ct);
        // what waited behind it may go now
        commands.Wake(found.Transfer.DeviceId);
        return found with { Transfer = cancel.Result! };
    }
}
