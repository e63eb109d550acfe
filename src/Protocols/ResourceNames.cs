using System.Buffers;
using System.Text;

namespace Waybill.Protocols;

/// <summary>Which names and versions are safe: devices use them as paths, and their parsers count braces and quotes inside strings.</summary>
public static class ResourceNames
{
    /// <summary>Bytes of UTF-8 a device may send.</summary>
    public const int MaxUp = 255;

    static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. "/\\\"{}[]\u007f", .. Enumerable.Range(0, 0x20).Select(i => (char)i), .. Enumerable.Range(0x80, 0x20).Select(i => (char)i)]);

    /// <summary>Why a name is refused, as the end of a sentence; null when it is fine.</summary>
    /// <param name="name">The name.</param>
    /// <param name="maxBytes">Bytes of UTF-8 it may have.</param>
    public static string? Refusal(ReadOnlySpan<char> name, int maxBytes)
    {
        if (name.IsEmpty)
            return "is empty";
        if (name.Length > maxBytes || Encoding.UTF8.GetByteCount(name) > maxBytes)
            return "is too long";
        if (name.ContainsAny(Forbidden))
            return "holds a slash, backslash, quote, brace, bracket or control character";
        if (name is "." || name.Contains("..", StringComparison.Ordinal))
            return "is a path";
        if (!Ascii.IsValid(name) && !IsUnicode(name))
            return "holds half a surrogate pair";
        return null;
    }

    static bool IsUnicode(ReadOnlySpan<char> name)
    {
        while (!name.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(name, out _, out var units) != OperationStatus.Done)
                return false;
            name = name[units..];
        }
        return true;
    }
}
