using Waybill.Devices;
using Waybill.Transfers;

namespace Waybill.Api.Tencent;

/// <summary>What devices uploaded: of each device and name the newest.</summary>
sealed partial class CloudDeviceResources(
    ProductRegistry products, NamedDevices devices, ResourceSearch resources, TransferRemoval removal, UploadedFileUrls urls)
{
    public async Task<ActionAnswer> ListAsync(ActionCall call, CancellationToken ct)
    {
        var (scope, parameters) = (call.Caller.Scope, call.Parameters);
        var page = CloudPage.Of(parameters);
        var (product, device) = (parameters.MaybeText("ProductID"), parameters.MaybeText("DeviceName"));
        if (product is not null)
            scope.Demand(product, device);
        var filter = new ResourceFilter(scope, TransferKind.Upload)
        {
            ProductId = product is null ? null : (await products.GetAsync(product, ct)).Id,
            DeviceId = device is null ? null : (await devices.FindAsync(scope, product, device, ct)).Id,
            Since = CloudTimes.Maybe(parameters, "StartTime"),
            // to the end of that second
            Until = CloudTimes.Maybe(parameters, "EndTime") + 999,
        };
        var total = (await resources.CountAsync(filter, ct)).Values.Sum();
        return new DeviceResourcesAnswer(total, await InfosAsync(await resources.ListAsync(filter, page.Offset, page.Limit, ct), ct));
    }

    public async Task<ActionAnswer> DescribeAsync(ActionCall call, CancellationToken ct)
    {
        var filter = await FilterAsync(call, call.Parameters.MaybeText("Name"), ct);
        var found = await resources.NewestAsync(filter, ct) ?? throw TransferSearch.NotFound();
        return new DeviceResourceAnswer((await InfosAsync([found], ct))[0]);
    }

    public async Task<ActionAnswer> DownloadAsync(ActionCall call, CancellationToken ct)
    {
        call.Parameters.Text("ProductID");
        var filter = await FilterAsync(call, call.Parameters.Text("Name"), ct);
        var found = await resources.NewestAsync(filter with { Older = true, States = [TransferState.Ok] }, ct) ?? throw TransferSearch.NotFound();
        return new UrlAnswer(urls.Of(found, call));
    }

    public async Task<ActionAnswer> DeleteAsync(ActionCall call, CancellationToken ct)
    {
        const int AtOnce = 100;
        var filter = await FilterAsync(call, call.Parameters.Text("Name"), ct) with { Older = true };
        var all = await resources.ListAsync(filter, 0, AtOnce, ct);
        if (all.Count == 0)
            throw TransferSearch.NotFound();
        // the newest first: where it is open, nothing is deleted
        for (; all.Count > 0; all = await resources.ListAsync(filter, 0, AtOnce, ct))
        {
            foreach (var found in all)
                await removal.DeleteAsync(found.Transfer.Id, ct);
        }
        return new Done();
    }

    async Task<ResourceFilter> FilterAsync(ActionCall call, string? name, CancellationToken ct)
    {
        var device = await devices.FindAsync(call.Caller.Scope, call.Parameters.MaybeText("ProductID"), call.Parameters.Text("DeviceName"), ct);
        return new(call.Caller.Scope, TransferKind.Upload) { DeviceId = device.Id, Name = name };
    }

    async Task<IReadOnlyList<DeviceResourceInfo>> InfosAsync(IReadOnlyList<FoundTransfer> found, CancellationToken ct)
    {
        var titles = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var product in found.Select(f => f.Product).Distinct())
            titles[product] = (await products.GetAsync(product, ct)).Title;
        return [.. found.Select(f => Info(f, titles[f.Product]))];
    }

    static DeviceResourceInfo Info(FoundTransfer found, string title) => new(found.Product, title, found.Device, found.Transfer.Name)
    {
        Md5 = found.Transfer.Md5?.ToString() ?? "",
        Size = Math.Max(0, found.Transfer.Size),
        UpdateTime = CloudTimes.Of(found.Transfer.UpdatedAt),
        Status = ResourceStatus.Of(found.Transfer.State),
        Percent = found.Transfer.Percent,
    };
}
