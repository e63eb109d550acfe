using System.Data.Common;
using Waybill.Data;

namespace Waybill.Files;

/// <summary>An object that a device put into a bucket, to be a file of the device as well.</summary>
/// <param name="Key">Of the object, in whatever bucket.</param>
/// <param name="Name">Of the file.</param>
/// <param name="Version">Of the file; empty, or taken by other bytes: the beginning of its SHA-256.</param>
/// <param name="FreshId">For the file's row.</param>
sealed record UploadedObject(string Key, string Name, string Version, long FreshId);

/// <summary>Makes files of what devices put into buckets.</summary>
static class UploadedObjects
{
    const int ShortHash = 12;

    /// <summary>Once, however often it is told. Nothing where the device put no such object, or its name is no file's.</summary>
    public static async ValueTask AdoptAsync(DbConnection db, long deviceId, UploadedObject uploaded, long now)
    {
        var found = await db.FirstAsync<PutObject>(
            """
            select d.product_id as productId, o.sha256, r.md5, o.size from s3_objects o join objects r on r.sha256 = o.sha256 join devices d on d.id = o.device_id
            where o.device_id = @deviceId and o.key = @Key limit 1
            """,
            new { deviceId, uploaded.Key });
        if (found is null || !FileNames.IsName(uploaded.Name))
            return;
        var version = Convert.ToHexStringLower(found.Sha256)[..ShortHash];
        if (uploaded.Version.Length > 0 && !await IsTakenAsync(db, deviceId, uploaded, found.Sha256))
            version = uploaded.Version;
        await db.RunAsync(
            """
            insert into files (id, product_id, device_id, name, version, type, sha256, md5, size, created_at)
            values (@FreshId, @ProductId, @deviceId, @Name, @version, @type, @Sha256, @Md5, @Size, @now)
            on conflict (product_id, device_id, name, version) do nothing
            """,
            new { uploaded.FreshId, found.ProductId, deviceId, uploaded.Name, version, type = Type(uploaded.Name), found.Sha256, found.Md5, found.Size, now });
    }

    static async ValueTask<bool> IsTakenAsync(DbConnection db, long deviceId, UploadedObject uploaded, byte[] sha256) => await db.FirstAsync<byte[]>(
        "select sha256 from files where device_id = @deviceId and name = @Name and version = @Version", new { deviceId, uploaded.Name, uploaded.Version })
        is { } other && !other.AsSpan().SequenceEqual(sha256);

    /// <summary>By the name's ending, as far as that is one.</summary>
    static string Type(string name)
    {
        var ending = Path.GetExtension(name).TrimStart('.').ToUpperInvariant();
        return FileNames.IsType(ending) ? ending : LibraryFile.UsualType;
    }

    sealed class PutObject
    {
        public long ProductId { get; init; }
        public byte[] Sha256 { get; init; } = [];
        public byte[] Md5 { get; init; } = [];
        public long Size { get; init; }
    }
}
