using Waybill.Data;
using Waybill.Devices;
using Waybill.Link;
using Waybill.Transfers;

namespace Waybill.Api;

/// <summary>One device with all that is known of it now.</summary>
sealed class DeviceLook(DeviceRegistry devices, DeviceConnections connections, TransferSearch transfers, Holdings holdings, Seal seal)
{
    const int MostOrders = 1000;

    public async Task<DeviceAnswer> AtAsync(Product product, string name, int most, CancellationToken ct)
    {
        var device = await devices.GetAsync(product, name, ct);
        var files = await transfers.OfDeviceAsync(device.Id, open: false, most, ct);
        var open = await transfers.OfDeviceAsync(device.Id, open: true, most, ct);
        var holding = await holdings.OfDeviceAsync(device.Id, MostOrders, ct);
        return DeviceAnswer.Of(product, device, connections.Find(device.Id)) with
        {
            Files = [.. files.Select(f => TransferAnswer.Of(f, seal))],
            Holds = HoldsAnswer.Of(holding, product, seal),
            Transfers = [.. open.Select(f => TransferAnswer.Of(f, seal))],
        };
    }
}
