using System.Globalization;
using Waybill.Objects;
using Waybill.Protocols;

namespace Waybill.Files;

/// <summary>A place for the bytes of a file that is not there yet. A row of <c>upload_slots</c>.</summary>
sealed record UploadSlot
{
    public const string Columns =
        "id, product_id as productId, devices as devicesText, name, version, size, sha256, md5, expires_at as expiresAt";

    public const long UnknownSize = -1;

    public long Id { get; init; }
    public long ProductId { get; init; }

    /// <summary>Whose file it will be; see <see cref="Owners"/>.</summary>
    public string DevicesText { get; init; } = "";

    public string Name { get; init; } = "";
    public string Version { get; init; } = "";
    public long Size { get; init; }
    public byte[]? Sha256 { get; init; }
    public byte[]? Md5 { get; init; }
    public long ExpiresAt { get; init; }

    /// <summary>Nobody's but the product's.</summary>
    public bool IsLibrarys => DevicesText == Owners([]);

    public FileName FileName => new(Name, Version);

    /// <summary>Null until the bytes have come.</summary>
    public ObjectRecord? Bytes => Sha256 is null ? null : new(Sha256Digest.FromBytes(Sha256), Md5Digest.FromBytes(Md5!), Size);

    public static string Owners(IEnumerable<long> devices) => $"[{string.Join(',', devices.Order().Select(d => d.ToString(CultureInfo.InvariantCulture)))}]";
}

/// <summary>Whose file the bytes will be: a product's (no devices), or one of each of these devices.</summary>
sealed record SlotOwner(long ProductId, IReadOnlyList<long> Devices);
