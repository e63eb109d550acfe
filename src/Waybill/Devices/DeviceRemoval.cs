using Waybill.Data;
using Waybill.Line;
using Waybill.Link;
using Waybill.Objects;
using Waybill.Quotas;
using Waybill.Transfers;

namespace Waybill.Devices;

/// <summary>
/// Takes a device out: no way in first, then its open transfers end on the line, then what it put into buckets and its rows go. Its
/// URLs and temporary credentials die with the first step, bytes that nothing else refers to follow after their grace time.
/// </summary>
sealed class DeviceRemoval(
    Database database, DeviceRegistry devices, DeviceObjects objects, DeviceConnections connections, Inbox inbox, TimeProvider clock)
{
    public async Task DeleteAsync(Product product, string name, CancellationToken ct)
    {
        var device = await devices.ChangeAsync(product, name, disabled: true, tags: null, ct);
        await CancelAsync(device, ct);
        await objects.RemoveAllAsync(device.Id, by: "removal of the device", ct);
        await database.WriteAsync(
            async db =>
            {
                var hashes = await db.ListAsync<byte[]>(
                    $"""
                    select sha256 from files where device_id = @Id
                    union select sha256 from transfers where id in ({TransferSearch.OfDevice("@Id")}) and sha256 is not null
                    """,
                    device);
                await db.RunAsync("delete from files where device_id = @Id", device);
                await db.RunAsync($"delete from transfers where id in ({TransferSearch.OfDevice("@Id")})", device);
                await db.RunAsync("delete from transfer_names where device_id = @Id", device);
                await Holdings.ForgetAsync(db, device.Id);
                await db.RunAsync("delete from upload_rules where device_id = @Id", device);
                await db.RunAsync("delete from upload_asks where device_id = @Id", device);
                await db.RunAsync("delete from dead_messages where device_id = @Id", device);
                await db.RunAsync("delete from gateway_members where device_id = @Id or gateway_id = @Id", device);
                await db.RunAsync("delete from device_firmware where device_id = @Id", device);
                await db.RunAsync("delete from bindings where product_id = @ProductId and sn = @Name", device);
                await db.RunAsync("delete from log_requests where gateway_id = @Id", device);
                await db.RunAsync("delete from upgrades where gateway_id = @Id", device);
                await db.RunAsync(
                    """
                    update products set registration_made = registration_made - 1
                    where id = @ProductId and exists (select 1 from devices where id = @Id and self_made = 1)
                    """,
                    device);
                await db.RunAsync("delete from devices where id = @Id", device);
                return await UnusedObjects.MarkAsync(db, hashes, clock.GetUtcNow());
            },
            ct);
        connections.Find(device.Id)?.Cut();
    }

    async Task CancelAsync(Device device, CancellationToken ct)
    {
        var open = await database.ListAsync<long>($"select id from transfers where id in ({TransferSearch.OfDevice("@Id")}) and state < 10", new { device.Id }, ct);
        foreach (var id in open)
        {
            var cancel = new TransferCancel(id);
            await inbox.PostAsync(cancel, ct);
            try
            {
                await cancel.Done.WaitAsync(ct);
            }
            catch (RefusedException)
            {
                // it ended by itself meanwhile, which is as good
            }
        }
    }
}
