using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Waybill.Objects;

/// <summary>The address of stored bytes. Written as 64 lower-case hexadecimal digits.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct Sha256Digest(UInt128 High, UInt128 Low)
{
    public const int Length = 32;

    public static Sha256Digest FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Length
            ? new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]))
            : throw new ArgumentException("A SHA-256 digest is 32 bytes.", nameof(bytes));

    public static bool TryParse(ReadOnlySpan<char> hex, out Sha256Digest digest)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var valid = Hex.TryRead(hex, bytes);
        digest = valid ? FromBytes(bytes) : default;
        return valid;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), Low);
        return bytes;
    }

    public override string ToString() => $"{High:x32}{Low:x32}";
}
