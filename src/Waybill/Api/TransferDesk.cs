using Waybill.Devices;
using Waybill.Files;
using Waybill.Line;
using Waybill.Link;
using Waybill.Transfers;

namespace Waybill.Api;

/// <summary>Takes orders for transfers: checks that the device can do it, then puts them on the line.</summary>
sealed class TransferDesk(
    ProductRegistry products, DeviceRegistry devices, Library library, Holdings holdings, TransferLine line, IEnumerable<IDialect> dialects)
{
    public async Task<FoundTransfer> OrderAsync(TransferBody body, CancellationToken ct)
    {
        var product = await products.GetAsync(body.Product!, ct);
        var device = await devices.GetAsync(product, body.Device!, ct);
        var command = body.Kind == "removal" ? Commands.Removal : Commands.Download;
        var able = dialects.Where(d => d.Commands.HasFlag(command) && product.Dialects.Contains(d.Name)).ToList();
        if (able.Count == 0)
            throw new RefusedException("not_supported", $"No dialect of the product ({string.Join(", ", product.Dialects)}) can do a {body.Kind} here yet.");
        if (product.DisabledAt is not null || device.DisabledAt is not null)
            throw new RefusedException("device_disabled", "The device or its product is disabled: enable it first.");
        var file = new FileName(body.File!.Name!, body.File.Version!);
        var made = command == Commands.Removal ? await RemoveAsync(device, file, able, ct) : await SendAsync(device, file, able, ct);
        return new(made, product.Name, device.Name);
    }

    public Task<FoundTransfer> CancelAsync(FoundTransfer found, CancellationToken ct) => line.CancelAsync(found, ct);

    async Task<Transfer> SendAsync(Devices.Device device, FileName name, IReadOnlyList<IDialect> able, CancellationToken ct)
    {
        var file = await library.ForDeviceAsync(new(device.ProductId, device.Id), name, ct);
        Check(new(file.Name, file.Version, file.Type, file.Size), able);
        return await line.OrderAsync(device.Id, new DownloadOrder(device.Id, file.Content), ct);
    }

    /// <summary>Of what the device has, or is thought to have: it alone knows.</summary>
    async Task<Transfer> RemoveAsync(Devices.Device device, FileName name, IReadOnlyList<IDialect> able, CancellationToken ct)
    {
        var held = (await holdings.HeldAsync(device.Id, ct)).Find(name.Name);
        var type = held?.Type ?? (await library.FindForDeviceAsync(new(device.ProductId, device.Id), name, ct))?.Type ?? LibraryFile.UsualType;
        Check(new(name.Name, name.Version, type, 0), able);
        return await line.OrderAsync(device.Id, new RemovalOrder(device.Id, new HeldFile(name.Name, name.Version, type)), ct);
    }

    /// <summary>Which of its dialects a device will be told in is not known before: all must be able to.</summary>
    static void Check(CommandFile file, IReadOnlyList<IDialect> able)
    {
        foreach (var dialect in able)
        {
            if (dialect.Refusal(file) is { } refusal)
                throw new RefusedException("not_for_device", $"Devices that speak {dialect.Name} cannot be told of this file: it {refusal}.");
        }
    }
}

/// <summary>Orders and cancellations as messages on the line, awaited.</summary>
sealed class TransferLine(Inbox inbox, CommandQueue commands)
{
    public async Task<Transfer> OrderAsync(long deviceId, PlatformMessage order, CancellationToken ct)
    {
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
