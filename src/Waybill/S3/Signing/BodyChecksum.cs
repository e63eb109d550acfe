using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Waybill.S3.Signing;

enum ChecksumKind
{
    Crc32,
    Crc32C,
    Crc64Nvme,
    Sha1,
    Sha256,
}

/// <summary>A checksum of S3 over a body: what <c>x-amz-checksum-…</c> holds in base64.</summary>
sealed class BodyChecksum(ChecksumKind kind) : IDisposable
{
    const string Prefix = "x-amz-checksum-";

    readonly IncrementalHash? hash = kind switch
    {
        ChecksumKind.Sha1 => IncrementalHash.CreateHash(HashAlgorithmName.SHA1),
        ChecksumKind.Sha256 => IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
        _ => null,
    };

    ulong crc = kind == ChecksumKind.Crc64Nvme ? ulong.MaxValue : uint.MaxValue;

    public ChecksumKind Kind => kind;

    /// <summary>The header or trailer that carries it.</summary>
    public string HeaderName => Prefix + kind switch
    {
        ChecksumKind.Crc32 => "crc32",
        ChecksumKind.Crc32C => "crc32c",
        ChecksumKind.Crc64Nvme => "crc64nvme",
        ChecksumKind.Sha1 => "sha1",
        _ => "sha256",
    };

    /// <summary>Null for what is none of these headers.</summary>
    public static ChecksumKind? KindOf(string header) => header.ToLowerInvariant() switch
    {
        Prefix + "crc32" => ChecksumKind.Crc32,
        Prefix + "crc32c" => ChecksumKind.Crc32C,
        Prefix + "crc64nvme" => ChecksumKind.Crc64Nvme,
        Prefix + "sha1" => ChecksumKind.Sha1,
        Prefix + "sha256" => ChecksumKind.Sha256,
        _ => null,
    };

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (hash is not null)
            hash.AppendData(bytes);
        else if (kind == ChecksumKind.Crc32C)
            crc = ReflectedCrc.AppendCastagnoli(crc, bytes);
        else
            crc = (kind == ChecksumKind.Crc32 ? ReflectedCrc.Crc32 : ReflectedCrc.Crc64Nvme).Append(crc, bytes);
    }

    /// <summary>Ends it, in base64.</summary>
    public string Finish()
    {
        if (hash is not null)
            return Convert.ToBase64String(hash.GetHashAndReset());
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ~crc);
        return Convert.ToBase64String(kind == ChecksumKind.Crc64Nvme ? bytes : bytes[4..]);
    }

    public void Dispose() => hash?.Dispose();
}
