using Waybill.Devices;
using Waybill.Transfers;

namespace Waybill.Api.Tencent;

/// <summary>The vendor's push tasks: each transfer of a product's file to, or off, a device.</summary>
sealed class CloudTasks(ProductRegistry products, NamedDevices devices, CloudProductResources library, ResourceSearch resources)
{
    public async Task<ActionAnswer> ListAsync(ActionCall call, CancellationToken ct)
    {
        var (filter, page) = (await FilterAsync(call, ct), CloudPage.Of(call.Parameters));
        filter = filter with { Kinds = [TransferKind.Download, TransferKind.Removal], Older = true };
        foreach (var (key, value) in call.Parameters.Filters("Filters"))
            filter = key switch
            {
                "DeviceName" => filter with { DeviceId = (await devices.FindAsync(call.Caller.Scope, call.Parameters.Text("ProductID"), value, ct)).Id },
                "Status" when value is [>= '1' and <= '5'] => filter with { States = ResourceStatus.States(value[0] - '0') },
                _ => throw ActionParameters.Invalid("Filters", "of the keys DeviceName and Status, the latter 1 to 5"),
            };
        var total = (await resources.CountAsync(filter, ct)).Values.Sum();
        var found = await resources.ListAsync(filter, page.Offset, page.Limit, ct);
        return new TasksAnswer(total, [.. found.Select(f => Info(f.Transfer))]);
    }

    /// <summary>Devices by how their newest transfer of the file fares.</summary>
    public async Task<ActionAnswer> CountAsync(ActionCall call, CancellationToken ct)
    {
        var counts = await resources.CountAsync(await FilterAsync(call, ct), ct);
        var ok = counts.GetValueOrDefault(TransferState.Ok);
        var open = counts.Where(c => c.Key < TransferState.Ok).Sum(c => c.Value);
        return new StatisticsAnswer(ok, counts.Values.Sum() - ok - open, open);
    }

    async Task<ResourceFilter> FilterAsync(ActionCall call, CancellationToken ct)
    {
        var file = await library.FindAsync(call, ct);
        return new(call.Caller.Scope, TransferKind.Download) { ProductId = (await products.GetAsync(file.Product, ct)).Id, Name = file.Name };
    }

    static TaskInfo Info(Transfer transfer) =>
        new(transfer.Id, ResourceStatus.Of(transfer.State), transfer.Kind == TransferKind.Removal ? 2 : 1, transfer.CreatedAt / 1000);
}
