using Waybill.Files;
using Waybill.Transfers;

namespace Waybill.Api.Tencent;

/// <summary>What an app has its device fetch and delete, and what it reads itself.</summary>
sealed class AppResources(UserFiles files, NamedDevices devices, TransferDesk desk, ResourceSearch resources, UserFileUrls urls)
{
    public async Task<ActionAnswer> ControlAsync(ActionCall call, CancellationToken ct)
    {
        var (product, device) = Device(call);
        var kind = call.Parameters.Text("Method") switch
        {
            "update" => "download",
            "delete" => "removal",
            _ => throw ActionParameters.Invalid("Method", "update or delete"),
        };
        var body = new TransferBody(kind, product, device, new(call.Parameters.Text("ResourceName"), call.Parameters.Text("ResourceVer")));
        var mistakes = new Mistakes();
        body.Check(mistakes);
        mistakes.ThrowIfAny();
        await desk.OrderAsync(body, ct);
        return new Done();
    }

    public async Task<ActionAnswer> DescribeAsync(ActionCall call, CancellationToken ct)
    {
        var (product, name) = Device(call);
        var device = await devices.FindAsync(call.Caller.Scope, product, name, ct);
        var filter = new ResourceFilter(call.Caller.Scope, TransferKind.Download, TransferKind.Removal) { DeviceId = device.Id, Name = call.Parameters.Text("ResourceName") };
        return await resources.NewestAsync(filter, ct) is { Transfer: not { Kind: TransferKind.Removal, State: TransferState.Ok } } found
            ? new AppResourceAnswer(Resource(found))
            : throw TransferSearch.NotFound();
    }

    public async Task<ActionAnswer> DownloadAsync(ActionCall call, CancellationToken ct) =>
        new DownloadUrlAnswer(await urls.OfAsync(await files.OfAsync(call, ct), call, ct));

    static (string Product, string Device) Device(ActionCall call)
    {
        if (call.Parameters.Text("DeviceId").Split('/') is not [var product, var device])
            throw ActionParameters.Invalid("DeviceId", "productId/deviceName");
        call.Caller.Scope.Demand(product, device);
        return (product, device);
    }

    static AppResource Resource(FoundTransfer found) => new(found.Product, found.Device, found.Transfer.Name)
    {
        ResourceType = found.Transfer.Type ?? LibraryFile.UsualType,
        ResourceVer = found.Transfer.Version ?? "",
        Status = ResourceStatus.Of(found.Transfer.State),
        CreateTime = found.Transfer.CreatedAt / 1000,
        UpdateTime = found.Transfer.UpdatedAt / 1000,
    };
}
