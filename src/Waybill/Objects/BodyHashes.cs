using System.Buffers;
using System.Security.Cryptography;
using Waybill.Protocols;

namespace Waybill.Objects;

/// <summary>The two hashes of one body: MD5 because devices announce it, SHA-256 because objects are named by it.
/// Each may be fed on a thread of its own.</summary>
sealed class BodyHashes : IDisposable
{
    const int ReadSize = 256 << 10;

    readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public delegate int ReadAt(Span<byte> buffer, long offset);

    public void AppendMd5(ReadOnlySequence<byte> bytes) => Append(md5, bytes);

    public void AppendSha256(ReadOnlySequence<byte> bytes) => Append(sha256, bytes);

    public void AppendAll(ReadAt read, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            int count;
            for (long offset = 0; (count = read(buffer, offset)) > 0; offset += count)
            {
                ct.ThrowIfCancellationRequested();
                md5.AppendData(buffer, 0, count);
                sha256.AppendData(buffer, 0, count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public (Sha256Digest Sha256, Md5Digest Md5) Finish()
    {
        Span<byte> digest = stackalloc byte[Sha256Digest.Length];
        sha256.GetHashAndReset(digest);
        var first = Sha256Digest.FromBytes(digest);
        md5.GetHashAndReset(digest);
        return (first, Md5Digest.FromBytes(digest[..Md5Digest.Length]));
    }

    public void Dispose()
    {
        md5.Dispose();
        sha256.Dispose();
    }

    static void Append(IncrementalHash hash, ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
            hash.AppendData(segment.Span);
    }
}
