using Waybill.Data;
using Waybill.Devices;
using Waybill.Files;
using Waybill.Link;

namespace Waybill.Api.Tencent;

/// <summary>A file of an app's user: it belongs to the devices of his token, on each of which it is a file of this name.</summary>
sealed record UserFile(SlotOwner Owner, FileName Name);

/// <summary>Which file an app means.</summary>
sealed class UserFiles(ProductRegistry products, Database database, IEnumerable<IDialect> dialects)
{
    /// <summary>By ProductId, UserResourceName and ResourceVer; its devices must be able to be told of it.</summary>
    public async Task<UserFile> OfAsync(ActionCall call, CancellationToken ct)
    {
        var (parameters, token) = (call.Parameters, call.Token!);
        var (productId, userName, version) = (parameters.Text("ProductId"), parameters.Text("UserResourceName"), parameters.Text("ResourceVer"));
        call.Caller.Scope.Demand(productId, null);
        var product = await products.GetAsync(productId, ct);
        var name = new FileName($"USER_{token.UserId}_RES_{userName}", version);
        Check(name, product);
        var named = new OneOf("name", "device", token.Devices);
        var devices = await database.ListAsync<long>($"select id from devices where product_id = @Id{named.Sql}", named.With(new { product.Id }), ct);
        return devices.Count > 0 ? new(new(product.Id, devices), name) : throw DeviceRegistry.NotFound(token.Devices[0]);
    }

    void Check(FileName file, Product product)
    {
        if (!FileNames.IsName(file.Name))
            throw ActionParameters.Invalid("UserResourceName", $"such that {file.Name} is {FileNames.AllowedName}");
        if (!FileNames.IsVersion(file.Version))
            throw ActionParameters.Invalid("ResourceVer", FileNames.AllowedVersion);
        foreach (var dialect in dialects.Where(d => d.Commands.HasFlag(Commands.Download) && product.Dialects.Contains(d.Name)))
        {
            if (dialect.Refusal(new(file.Name, file.Version, LibraryFile.UsualType, 0)) is { } refusal)
                throw ActionParameters.Invalid("UserResourceName", $"such that devices can be told of {file.Name}: it {refusal}");
        }
    }
}
