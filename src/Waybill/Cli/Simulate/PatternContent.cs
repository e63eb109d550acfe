using System.Buffers.Binary;
using System.Security.Cryptography;
using Waybill.Protocols;

namespace Waybill.Cli.Simulate;

/// <summary>Bytes that follow from a seed and their place, so that thousands of devices hold theirs without memory.</summary>
sealed class PatternContent
{
    readonly ulong _seed;

    public PatternContent(int seed, long size)
    {
        (_seed, Size) = ((ulong)seed * 0x9E3779B97F4A7C15, size);
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        Span<byte> buffer = stackalloc byte[8192];
        for (long at = 0; at < size; at += buffer.Length)
        {
            var part = buffer[..(int)Math.Min(buffer.Length, size - at)];
            Read(at, part);
            md5.AppendData(part);
        }
        Md5 = Md5Digest.FromBytes(md5.GetHashAndReset());
    }

    public long Size { get; }

    public Md5Digest Md5 { get; }

    public void Read(long at, Span<byte> bytes)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        for (var i = 0; i < bytes.Length;)
        {
            var (index, skip) = ((ulong)(at + i) >> 3, (int)((at + i) & 7));
            if (skip == 0 && bytes.Length - i >= word.Length)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bytes[i..], Word(index));
                i += word.Length;
                continue;
            }
            BinaryPrimitives.WriteUInt64LittleEndian(word, Word(index));
            var count = Math.Min(word.Length - skip, bytes.Length - i);
            word.Slice(skip, count).CopyTo(bytes[i..]);
            i += count;
        }
    }

    /// <summary>SplitMix64.</summary>
    ulong Word(ulong index)
    {
        var z = _seed + (index + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
