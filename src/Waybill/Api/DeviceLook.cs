using Waybill.Data;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Waybill.Link;
using Waybill.Transfers;

namespace Waybill.Api;

/// <summary>One device with all that is known of it now.</summary>
sealed class DeviceLook(
    DeviceRegistry devices, DeviceConnections connections, TransferSearch transfers, Holdings holdings, GatewayMembers gateways, Seal seal)
{
    const int MostOrders = 1000;

    public async Task<DeviceAnswer> AtAsync(Product product, string name, int most, CancellationToken ct)
    {
        var device = await devices.GetAsync(product, name, ct);
        var files = await transfers.OfDeviceAsync(device.Id, open: false, most, ct);
        var open = await transfers.OfDeviceAsync(device.Id, open: true, most, ct);
        var holding = await holdings.OfDeviceAsync(device.Id, MostOrders, ct);
        var standing = await gateways.OfAsync(device.Id, ct);
        return DeviceAnswer.Of(product, device, connections.Find(device.Id)) with
        {
            Files = [.. files.Select(f => TransferAnswer.Of(f, seal))],
            Holds = HoldsAnswer.Of(holding, product, seal),
            Transfers = [.. open.Select(f => TransferAnswer.Of(f, seal))],
            Gateway = standing.Members.Count == 0 ? null : new([.. standing.Members.Select(GatewayMemberAnswer.Of)]),
            Behind = standing.Behind,
            Firmware = standing.Firmware,
            LastSeen = Times.Utc(device.SeenAt ?? standing.SeenAt),
        };
    }
}
