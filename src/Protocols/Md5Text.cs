using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Waybill.Protocols;

/// <summary>
/// An MD5 value as somebody wrote it: 32 hexadecimal digits whose case is kept, because devices want their own text back.
/// Compare <see cref="Digest"/> to compare values.
/// </summary>
/// <param name="Digest">The value.</param>
/// <param name="UpperDigits">Bit <c>i</c> is set when digit <c>i</c>, counted from the left, was one of <c>A</c> to <c>F</c>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Md5Text(Md5Digest Digest, uint UpperDigits = 0)
{
    /// <summary>Number of digits.</summary>
    public const int Length = 32;

    /// <summary>Reads exactly 32 ASCII hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Md5Text md5)
    {
        Span<byte> bytes = stackalloc byte[Md5Digest.Length];
        md5 = default;
        if (text.Length != Length || Convert.FromHexString(text, bytes, out _, out _) != OperationStatus.Done)
            return false;
        var upper = 0u;
        for (var i = 0; i < Length; i++)
        {
            if (text[i] is >= (byte)'A' and <= (byte)'F')
                upper |= 1u << i;
        }
        md5 = new(Md5Digest.FromBytes(bytes), upper);
        return true;
    }

    /// <summary>Writes the 32 digits in the case they were read in.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="text"/> is shorter than 32 bytes.</exception>
    public void CopyTo(Span<byte> text)
    {
        Span<byte> bytes = stackalloc byte[Md5Digest.Length];
        Digest.CopyTo(bytes);
        Convert.TryToHexStringLower(bytes, text[..Length], out _);
        for (var i = 0; i < Length; i++)
        {
            if ((UpperDigits >> i & 1) != 0)
                text[i] = (byte)(text[i] & ~0x20);
        }
    }

    /// <summary>The 32 digits in the case they were read in.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[Length];
        CopyTo(text);
        return Encoding.ASCII.GetString(text);
    }
}
