using Waybill.Objects;
using Waybill.Protocols;
using Waybill.Transfers;

namespace Waybill.Files;

/// <summary>An immutable content with a name and a version, of a product (device 0) or of one device. A row of <c>files</c>.</summary>
sealed record LibraryFile
{
    /// <summary>Of files put without one.</summary>
    public const string UsualType = "FILE";

    public const string Columns =
        "id, product_id as productId, device_id as deviceId, name, version, type, sha256, md5, size, created_at as createdAt";

    public long Id { get; init; }
    public long ProductId { get; init; }
    public long DeviceId { get; init; }
    public string Name { get; init; } = "";
    public string Version { get; init; } = "";
    public string Type { get; init; } = "";
    public byte[] Sha256 { get; init; } = [];
    public byte[] Md5 { get; init; } = [];
    public long Size { get; init; }
    public long CreatedAt { get; init; }

    public ObjectContent Object => new(Sha256Digest.FromBytes(Sha256), Md5Digest.FromBytes(Md5), Size, Name);

    public FileContent Content => new(Name, Version, Type, Size, Md5Digest.FromBytes(Md5), Sha256Digest.FromBytes(Sha256));
}

/// <summary>Whose file: a product's library (device 0), or one device's.</summary>
sealed record Shelf(long ProductId, long DeviceId);

sealed record FileName(string Name, string Version);
