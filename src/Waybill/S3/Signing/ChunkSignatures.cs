using System.Security.Cryptography;
using System.Text;

namespace Waybill.S3.Signing;

/// <summary>The chain of signatures through one body: each covers a chunk and the signature before it, the first the request's.</summary>
/// <remarks>Hot: allocates nothing per chunk.</remarks>
sealed class ChunkSignatures(byte[] key, SignatureClaim seed)
{
    const int HexLength = 64;
    const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    readonly byte[] chunk = Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256-PAYLOAD\n{seed.SignedAt.Text}\n{seed.Scope}\n{Blank}\n{EmptyHash}\n{Blank}");
    readonly byte[] trailer = Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256-TRAILER\n{seed.SignedAt.Text}\n{seed.Scope}\n{Blank}\n{Blank}");
    readonly byte[] previous = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(seed.Signature));

    static string Blank { get; } = new('0', HexLength);

    public bool IsChunk(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature) => Is(chunk, beforeHash: HexLength + 2, hash, signature);

    public bool IsTrailer(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature) => Is(trailer, beforeHash: 1, hash, signature);

    bool Is(byte[] text, int beforeHash, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        previous.CopyTo(text.AsSpan(text.Length - HexLength - beforeHash - HexLength));
        Convert.TryToHexStringLower(hash, text.AsSpan(text.Length - HexLength), out _);
        Span<byte> ours = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, text, ours);
        Convert.TryToHexStringLower(ours, previous, out _);
        return CryptographicOperations.FixedTimeEquals(ours, signature);
    }
}
