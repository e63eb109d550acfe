using System.Buffers.Binary;
using System.Numerics;

namespace Waybill.S3.Signing;

/// <summary>A cyclic redundancy check with reflected bits, ones before and after: eight bytes at a step.</summary>
sealed class ReflectedCrc
{
    /// <summary>Hot: the default of the newer SDKs.</summary>
    public static readonly ReflectedCrc Crc32 = new(0xEDB88320);

    public static readonly ReflectedCrc Crc64Nvme = new(0x9A6C9329AC4BC9B5);

    readonly ulong[][] tables = new ulong[8][];

    ReflectedCrc(ulong polynomial)
    {
        for (var t = 0; t < tables.Length; t++)
            tables[t] = new ulong[256];
        for (var b = 0; b < 256; b++)
        {
            var crc = (ulong)b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ polynomial;
            tables[0][b] = crc;
        }
        for (var t = 1; t < tables.Length; t++)
        {
            for (var b = 0; b < 256; b++)
                tables[t][b] = tables[t - 1][b] >> 8 ^ tables[0][(byte)tables[t - 1][b]];
        }
    }

    /// <summary>The state behind these bytes. It begins and ends inverted.</summary>
    public ulong Append(ulong crc, ReadOnlySpan<byte> bytes)
    {
        var (t0, t1, t2, t3, t4, t5, t6, t7) = (tables[0], tables[1], tables[2], tables[3], tables[4], tables[5], tables[6], tables[7]);
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var x = crc ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            crc = t7[(byte)x] ^ t6[(byte)(x >> 8)] ^ t5[(byte)(x >> 16)] ^ t4[(byte)(x >> 24)]
                ^ t3[(byte)(x >> 32)] ^ t2[(byte)(x >> 40)] ^ t1[(byte)(x >> 48)] ^ t0[(byte)(x >> 56)];
        }
        foreach (var b in bytes)
            crc = t0[(byte)(crc ^ b)] ^ crc >> 8;
        return crc;
    }

    /// <summary>CRC-32C, which processors have an instruction for.</summary>
    public static ulong AppendCastagnoli(ulong crc, ReadOnlySpan<byte> bytes)
    {
        var state = (uint)crc;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            state = BitOperations.Crc32C(state, b);
        return state;
    }
}
