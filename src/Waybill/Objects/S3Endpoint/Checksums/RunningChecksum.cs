using System.Buffers;
using System.Security.Cryptography;

namespace Waybill.Objects.S3Endpoint.Checksums;

/// <summary>One checksum over a body that comes in pieces.</summary>
sealed class RunningChecksum(ChecksumKind kind) : IDisposable
{
    readonly IncrementalHash? hash = kind switch
    {
        ChecksumKind.Sha1 => IncrementalHash.CreateHash(HashAlgorithmName.SHA1),
        ChecksumKind.Sha256 => IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
        _ => null,
    };

    uint running = Crc32.Start;

    public static byte[] Of(ChecksumKind kind, ReadOnlyMemory<byte> bytes)
    {
        using var checksum = new RunningChecksum(kind);
        checksum.Append(new(bytes));
        return checksum.Finish();
    }

    public void Append(ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            if (hash is not null)
                hash.AppendData(segment.Span);
            else
                running = kind == ChecksumKind.Crc32 ? Crc32.Append(running, segment.Span) : Crc32.AppendCastagnoli(running, segment.Span);
        }
    }

    public byte[] Finish() => hash?.GetHashAndReset() ?? Crc32.Finish(running);

    public void Dispose() => hash?.Dispose();
}
