using Waybill.Data;
using Waybill.Files;

namespace Waybill.Api.Tencent;

/// <summary>URLs to read files of an app's user.</summary>
sealed class UserFileUrls(Database database, FileUrls urls, TimeProvider clock)
{
    const int UsualLife = 3600;
    const int LongestLife = 24 * 3600;

    /// <summary>For EffectiveTime seconds.</summary>
    public async Task<string> OfAsync(UserFile file, ActionCall call, CancellationToken ct)
    {
        var life = call.Parameters.MaybeNumber("EffectiveTime", 1, LongestLife) ?? UsualLife;
        var found = await database.FirstAsync<LibraryFile>(
            $"""
            select {LibraryFile.Columns} from files
            where product_id = @ProductId and device_id in ({string.Join(", ", file.Owner.Devices)}) and name = @Name and version = @Version
            order by id limit 1
            """,
            new { file.Owner.ProductId, file.Name.Name, file.Name.Version },
            ct) ?? throw new RefusedException("ResourceNotFound.ResourceFileNotExist", "There is no such file.");
        return urls.ToRead(found, call.UrlBase, clock.GetUtcNow().AddSeconds(life).ToUnixTimeMilliseconds());
    }
}
