using System.Globalization;
using System.Security.Cryptography;
using Waybill.Devices;
using Waybill.Files;
using Waybill.Settings;

namespace Waybill.Api.Tencent;

/// <summary>Files of products' libraries, a name's newest version, and the room they take.</summary>
sealed class CloudProductResources(ProductRegistry products, LibrarySearch library, UploadSlots slots, FileUrls urls, ObjectSettings settings)
{
    public async Task<ActionAnswer> ListAsync(ActionCall call, CancellationToken ct)
    {
        var page = CloudPage.Of(call.Parameters);
        var name = call.Parameters.MaybeText("Name");
        var scope = call.Parameters.MaybeText("ProductID") is { } product ? await OfProductAsync(call, product, ct) : call.Caller.Scope;
        var found = await library.ListAsync(scope, name, (page.Offset, page.Limit), ct);
        return new ProductResourcesAnswer(await library.CountAsync(scope, name, ct), [.. found.Select(Info)]);
    }

    public async Task<ActionAnswer> DescribeAsync(ActionCall call, CancellationToken ct) => new ProductResourceAnswer(Info(await FindAsync(call, ct)));

    /// <summary>By ProductID and Name.</summary>
    public async Task<NewestVersion> FindAsync(ActionCall call, CancellationToken ct)
    {
        var (scope, name) = (await OfProductAsync(call, call.Parameters.Text("ProductID"), ct), call.Parameters.Text("Name"));
        return await library.ListAsync(scope, name, (0, 1), ct) is [var found]
            ? found
            : throw new RefusedException("file_not_found", $"The product has no file '{name}'.");
    }

    /// <summary>A place for a list of devices: a file of the product's library once its bytes are there.</summary>
    public async Task<ActionAnswer> OpenAsync(ActionCall call, CancellationToken ct)
    {
        var id = call.Parameters.Text("ProductId");
        call.Caller.Scope.Demand(id, null);
        var product = await products.GetAsync(id, ct);
        var name = string.Create(CultureInfo.InvariantCulture, $"task-{RandomNumberGenerator.GetHexString(16, lowercase: true)}.csv");
        var slot = await slots.OpenAsync(new(product.Id, []), new(name, "1"), UploadSlot.UnknownSize, ct);
        return new TaskFileAnswer(urls.ToFill(slot, call.UrlBase), name);
    }

    /// <summary>There is no quota: the limit is what the disk still takes.</summary>
    public async Task<ActionAnswer> UseAsync(ActionCall call, CancellationToken ct)
    {
        var used = await library.UsedAsync(call.Caller.Scope, ct);
        return new UseAnswer(used, used + new DriveInfo(settings.Path).AvailableFreeSpace);
    }

    async Task<Scope> OfProductAsync(ActionCall call, string product, CancellationToken ct)
    {
        call.Caller.Scope.Demand(product, null);
        return new([(await products.GetAsync(product, ct)).Name], null);
    }

    static ProductResourceInfo Info(NewestVersion found) => new(found.Product, found.Title, found.Name)
    {
        Md5 = Convert.ToHexStringLower(found.Md5),
        Size = found.Size,
        Description = found.Version,
        CreateTime = CloudTimes.Of(found.CreatedAt),
    };
}
