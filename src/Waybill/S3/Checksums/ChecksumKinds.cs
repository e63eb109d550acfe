using Waybill.S3.Signing;

namespace Waybill.S3.Checksums;

/// <summary>The checksums of S3 by the names they have in headers and XML.</summary>
static class ChecksumKinds
{
    public const string HeaderStart = "x-amz-checksum-";

    public static IReadOnlyList<ChecksumKind> All { get; } = Enum.GetValues<ChecksumKind>();

    /// <summary>As in <c>x-amz-checksum-algorithm</c>.</summary>
    public static string Name(this ChecksumKind kind) => kind switch
    {
        ChecksumKind.Crc32 => "CRC32",
        ChecksumKind.Crc32C => "CRC32C",
        ChecksumKind.Crc64Nvme => "CRC64NVME",
        ChecksumKind.Sha1 => "SHA1",
        _ => "SHA256",
    };

    public static string Header(this ChecksumKind kind) => HeaderStart + kind.Name().ToLowerInvariant();

    /// <summary>The element that carries a value in XML.</summary>
    public static string Element(this ChecksumKind kind) => "Checksum" + kind.Name();

    public static int Length(this ChecksumKind kind) => kind switch
    {
        ChecksumKind.Crc32 or ChecksumKind.Crc32C => 4,
        ChecksumKind.Crc64Nvme => 8,
        ChecksumKind.Sha1 => 20,
        _ => 32,
    };

    /// <exception cref="RefusedException">Not one of these.</exception>
    public static ChecksumKind Read(string name)
    {
        foreach (var kind in All)
        {
            if (name.Equals(kind.Name(), StringComparison.OrdinalIgnoreCase))
                return kind;
        }
        throw new RefusedException(
            "InvalidRequest", "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
    }
}
