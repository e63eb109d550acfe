using System.Text;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Files;

namespace Waybill.Api.Tencent;

/// <summary>A file of an app's user: it belongs to the devices of his token, on each of which it is a file of this name.</summary>
sealed record UserFile(SlotOwner Owner, FileName Name);

/// <summary>Which file an app means.</summary>
sealed class UserFiles(ProductRegistry products, Database database)
{
    const int LongestVersion = 32;
    // beyond it devices do not report their progress (tencent-explorer)
    const int LongestOnDevice = 90;

    /// <summary>By ProductId, UserResourceName and ResourceVer.</summary>
    public async Task<UserFile> OfAsync(ActionCall call, CancellationToken ct)
    {
        var (parameters, token) = (call.Parameters, call.Token!);
        var (productId, userName, version) = (parameters.Text("ProductId"), parameters.Text("UserResourceName"), parameters.Text("ResourceVer"));
        var name = new FileName($"USER_{token.UserId}_RES_{userName}", version);
        Check(name);
        call.Caller.Scope.Demand(productId, null);
        var product = await products.GetAsync(productId, ct);
        var named = new OneOf("name", "device", token.Devices);
        var devices = await database.ListAsync<long>($"select id from devices where product_id = @Id{named.Sql}", named.With(new { product.Id }), ct);
        return devices.Count > 0 ? new(new(product.Id, devices), name) : throw DeviceRegistry.NotFound(token.Devices[0]);
    }

    static void Check(FileName file)
    {
        if (!FileNames.IsName(file.Name) || !FileNames.FitsDevice(file.Name))
            throw ActionParameters.Invalid("UserResourceName", $"so short that {file.Name} has at most {FileNames.LongestOnDevice} bytes, without / \\ .. quotes, braces, brackets and control characters");
        if (!FileNames.IsVersion(file.Version) || Encoding.UTF8.GetByteCount(file.Version) > LongestVersion)
            throw ActionParameters.Invalid("ResourceVer", $"1 to {LongestVersion} bytes, without / \\ .. quotes, braces, brackets and control characters");
        if (Encoding.UTF8.GetByteCount(file.Name) + Encoding.UTF8.GetByteCount(file.Version) > LongestOnDevice)
            throw ActionParameters.Invalid("ResourceVer", $"so short that it and {file.Name} have at most {LongestOnDevice} bytes");
    }
}
