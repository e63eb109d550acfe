using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Waybill.Protocols;

/// <summary>An MD5 value (RFC 1321): sixteen bytes held as two big-endian halves, equal whatever the case it was written in.</summary>
/// <param name="High">Bytes 0 to 7.</param>
/// <param name="Low">Bytes 8 to 15.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Md5Digest(ulong High, ulong Low)
{
    /// <summary>Length of the value in bytes.</summary>
    public const int Size = 16;

    /// <summary>The digest of sixteen raw bytes.</summary>
    /// <param name="bytes">Exactly <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than sixteen bytes.</exception>
    public static Md5Digest FromBytes(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

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
        Span<byte> bytes = stackalloc byte[Size + 2];
        digest = default;
        if (base64.Length != 24 || !Convert.TryFromBase64Chars(base64, bytes, out var count) || count != Size)
            return false;
        digest = FromBytes(bytes);
        return true;
    }

    /// <summary>Writes the sixteen raw bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is shorter than sixteen.</exception>
    public void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
    }

    /// <summary>The sixteen raw bytes, in an array of their own.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>The Base64 form of a <c>Content-MD5</c> header.</summary>
    public string ToBase64()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
