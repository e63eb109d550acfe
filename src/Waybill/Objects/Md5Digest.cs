using System.Buffers.Binary;

namespace Waybill.Objects;

/// <summary>What devices announce and check. Written as 32 lower-case hexadecimal digits, or base64 in Content-MD5.</summary>
readonly record struct Md5Digest(UInt128 Value)
{
    public const int Length = 16;

    public static Md5Digest FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Length
            ? new(BinaryPrimitives.ReadUInt128BigEndian(bytes))
            : throw new ArgumentException("An MD5 digest is 16 bytes.", nameof(bytes));

    public static bool TryParse(ReadOnlySpan<char> hex, out Md5Digest digest)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var valid = Hex.TryRead(hex, bytes);
        digest = valid ? FromBytes(bytes) : default;
        return valid;
    }

    public static bool TryParseBase64(ReadOnlySpan<char> text, out Md5Digest digest)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var valid = text.Length == 24 && Convert.TryFromBase64Chars(text, bytes, out var written) && written == Length;
        digest = valid ? FromBytes(bytes) : default;
        return valid;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    public override string ToString() => $"{Value:x32}";
}
