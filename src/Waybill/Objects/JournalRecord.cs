using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Waybill.Objects;

/// <summary>A small body as it lies in a journal: magic, epoch, length, SHA-256, the bytes. Whole when the bytes have that hash; little-endian.</summary>
static class JournalRecord
{
    const ulong Magic = 0x79646f624c425957;
    const int HeadLength = 16 + sizeof(int) + Sha256Digest.Length;

    public static int LengthOf(int body) => HeadLength + body;

    public static void Write(Span<byte> target, ulong epoch, Sha256Digest hash, ReadOnlySpan<byte> body)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], epoch);
        BinaryPrimitives.WriteInt32LittleEndian(target[16..], body.Length);
        hash.ToBytes().CopyTo(target[20..]);
        body.CopyTo(target[HeadLength..]);
    }

    /// <summary>The records of one epoch from the start on, up to the first that is torn or of another.</summary>
    public static IEnumerable<(Sha256Digest Hash, ReadOnlyMemory<byte> Body)> Read(ReadOnlyMemory<byte> journal)
    {
        ulong? epoch = null;
        while (TryRead(journal.Span, ref epoch) is { } length)
        {
            var record = journal[..LengthOf(length)];
            yield return (Sha256Digest.FromBytes(record.Span.Slice(20, Sha256Digest.Length)), record[HeadLength..]);
            journal = journal[record.Length..];
        }
    }

    static int? TryRead(ReadOnlySpan<byte> journal, ref ulong? epoch)
    {
        if (journal.Length < HeadLength || BinaryPrimitives.ReadUInt64LittleEndian(journal) != Magic)
            return null;
        var (found, length) = (BinaryPrimitives.ReadUInt64LittleEndian(journal[8..]), BinaryPrimitives.ReadInt32LittleEndian(journal[16..]));
        if (found != (epoch ??= found) || length < 0 || length > journal.Length - HeadLength)
            return null;
        Span<byte> hash = stackalloc byte[Sha256Digest.Length];
        SHA256.HashData(journal.Slice(HeadLength, length), hash);
        return hash.SequenceEqual(journal.Slice(20, hash.Length)) ? length : null;
    }
}
