using Waybill.Devices;
using Waybill.Devices.Gateways;

namespace Waybill.Api;

/// <summary>A gateway that orders can go to, and who stands behind it.</summary>
sealed record OrderedGateway(Product Product, Devices.Device Device, GatewayStanding Standing)
{
    public GatewayName Name => new(Product.Name, Device.Name);
}

/// <summary>Finds the gateway that an order is for.</summary>
sealed class GatewayDesk(DevicePlaces places, GatewayMembers members)
{
    /// <exception cref="RefusedException">There is none that could take it; with the remedy.</exception>
    public async Task<OrderedGateway> FindAsync(string product, string gateway, CancellationToken ct)
    {
        var (owner, device) = await places.FindAsync(product, gateway, ct);
        Demand(owner);
        if (owner.DisabledAt is not null || device.DisabledAt is not null)
            throw new RefusedException("device_disabled", "The gateway or its product is disabled: enable it first.");
        var standing = await members.OfAsync(device.Id, ct);
        return standing.Behind is null
            ? new(owner, device, standing)
            : throw new RefusedException("not_a_gateway", $"'{gateway}' stands behind the gateway '{standing.Behind}': order it from there.");
    }

    /// <exception cref="RefusedException">Its devices do not speak the dialect.</exception>
    public static void Demand(Product product)
    {
        if (!product.IsDji)
            throw new RefusedException(
                "not_supported", $"Logs and upgrades are for docks, and product '{product.Name}' has none: add '{DialectNames.Dji}' to its dialects, or name a product of docks.");
    }
}
