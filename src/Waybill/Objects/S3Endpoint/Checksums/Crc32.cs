using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Waybill.Objects.S3Endpoint.Checksums;

/// <summary>The two 32-bit cyclic checks, over bytes that come in pieces: CRC-32 (ISO 3309) and CRC-32C (RFC 3720 B.4).</summary>
/// <remarks>Hot. CRC-32 takes eight bytes at a time from tables, CRC-32C is an instruction of the processor. Nothing is allocated.</remarks>
static class Crc32
{
    const uint Polynomial = 0xEDB88320;

    static readonly uint[] s_tables = Tables();

    /// <summary>The running value of no bytes.</summary>
    public const uint Start = 0xFFFFFFFF;

    public static uint Append(uint running, ReadOnlySpan<byte> bytes)
    {
        var tables = s_tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = running ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            running = tables[0x700 + (low & 0xFF)] ^ tables[0x600 + ((low >> 8) & 0xFF)] ^ tables[0x500 + ((low >> 16) & 0xFF)] ^ tables[0x400 + (low >> 24)]
                ^ tables[0x300 + (high & 0xFF)] ^ tables[0x200 + ((high >> 8) & 0xFF)] ^ tables[0x100 + ((high >> 16) & 0xFF)] ^ tables[high >> 24];
        }
        foreach (var b in bytes)
            running = tables[(running ^ b) & 0xFF] ^ (running >> 8);
        return running;
    }

    public static uint AppendCastagnoli(uint running, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            running = BitOperations.Crc32C(running, word);
        foreach (var b in bytes[(words.Length * sizeof(ulong))..])
            running = BitOperations.Crc32C(running, b);
        return running;
    }

    /// <summary>The four bytes that the running value stands for.</summary>
    public static byte[] Finish(uint running)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ~running);
        return bytes;
    }

    static uint[] Tables()
    {
        var tables = new uint[8 * 256];
        for (var n = 0u; n < tables.Length; n++)
        {
            var value = n < 256 ? n : tables[n - 256];
            for (var bit = 0; n < 256 && bit < 8; bit++)
                value = (value & 1) == 0 ? value >> 1 : Polynomial ^ (value >> 1);
            tables[n] = n < 256 ? value : tables[value & 0xFF] ^ (value >> 8);
        }
        return tables;
    }
}
