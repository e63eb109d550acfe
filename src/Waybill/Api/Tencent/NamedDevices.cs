using Waybill.Data;
using Waybill.Devices;

namespace Waybill.Api.Tencent;

/// <summary>Devices by name, where the product may be left out.</summary>
sealed class NamedDevices(Database database)
{
    public async Task<Devices.Device> FindAsync(Scope scope, string? product, string device, CancellationToken ct)
    {
        if (product is not null)
            scope.Demand(product, device);
        var products = new OneOf("p.name", "product", product is null ? scope.Products : [product]);
        var found = await database.ListAsync<Devices.Device>(
            $"""
            select {Devices.Device.Columns} from devices
            where name = @device and product_id in (select p.id from products p where 1 = 1{products.Sql}) limit 2
            """,
            products.With(new { device }),
            ct);
        return found switch
        {
            [var one] => one,
            [] => throw DeviceRegistry.NotFound(device),
            _ => throw ActionParameters.Invalid("ProductID", "given: several products have a device of this name"),
        };
    }
}
