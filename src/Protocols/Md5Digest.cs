using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Waybill.Protocols;

/// <summary>An MD5 value (RFC 1321), equal whatever the case it was written in.</summary>
/// <param name="Value">The sixteen bytes as one big-endian number.</param>
public readonly record struct Md5Digest(UInt128 Value)
{
    /// <summary>Length of the value in bytes.</summary>
    public const int Length = 16;

    /// <summary>The digest of sixteen raw bytes.</summary>
    /// <param name="bytes">Exactly <see cref="Length"/> bytes.</param>
    /// <exception cref="ArgumentException">Fewer or more bytes.</exception>
    public static Md5Digest FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Length
            ? new(BinaryPrimitives.ReadUInt128BigEndian(bytes))
            : throw new ArgumentException("An MD5 digest is 16 bytes.", nameof(bytes));

    /// <summary>Reads 32 hexadecimal digits in either case; anything else is refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out Md5Digest digest)
    {
        Span<byte> ascii = stackalloc byte[Md5Text.Length];
        digest = default;
        if (hex.Length != Md5Text.Length || Ascii.FromUtf16(hex, ascii, out _) != OperationStatus.Done)
            return false;
        var parsed = Md5Text.TryParse(ascii, out var text);
        digest = text.Digest;
        return parsed;
    }

    /// <summary>Reads the Base64 form of a <c>Content-MD5</c> header (RFC 1864): 24 characters.</summary>
    public static bool TryParseBase64(ReadOnlySpan<char> base64, out Md5Digest digest)
    {
        Span<byte> bytes = stackalloc byte[Length + 2];
        digest = default;
        if (base64.Length != 24 || !Convert.TryFromBase64Chars(base64, bytes, out var count) || count != Length)
            return false;
        digest = FromBytes(bytes[..Length]);
        return true;
    }

    /// <summary>Writes the sixteen raw bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is shorter than sixteen.</exception>
    public void CopyTo(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);

    /// <summary>The sixteen raw bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>The Base64 form of a <c>Content-MD5</c> header.</summary>
    public string ToBase64()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
