using System.Buffers.Text;
using System.Text;

namespace Waybill.Protocols.Json;

/// <summary>The backslash sequences of RFC 8259 section 7.</summary>
static class JsonEscapes
{
    /// <summary>Reads the sequence at the head of <paramref name="text"/>; false for an unknown one, U+0000 and half a surrogate pair.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out Rune rune, out int length)
    {
        rune = default;
        length = 2;
        if (text.Length < 2)
            return false;
        if (text[1] == 'u')
            return TryReadUnicode(text, out rune, out length);
        var letter = "\"\\/bfnrt"u8.IndexOf(text[1]);
        if (letter < 0)
            return false;
        rune = new Rune("\"\\/\b\f\n\r\t"[letter]);
        return true;
    }

    /// <summary>Resolves every sequence of an already checked text; false when the buffer is full before the end.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> buffer, out int written)
    {
        written = 0;
        while (!text.IsEmpty)
        {
            Rune rune;
            int length;
            if (text[0] == '\\')
                TryRead(text, out rune, out length);
            else
                Rune.DecodeFromUtf8(text, out rune, out length);
            if (!rune.TryEncodeToUtf8(buffer[written..], out var count))
                return false;
            written += count;
            text = text[length..];
        }
        return true;
    }

    static bool TryReadUnicode(ReadOnlySpan<byte> text, out Rune rune, out int length)
    {
        rune = default;
        length = 6;
        if (!TryUnit(text, out var first) || first == 0)
            return false;
        if (Rune.TryCreate(first, out rune))
            return true;
        length = 12;
        return text.Length >= 12 && text[6] == '\\' && text[7] == 'u' && TryUnit(text[6..], out var second) && Rune.TryCreate(first, second, out rune);
    }

    static bool TryUnit(ReadOnlySpan<byte> text, out char unit)
    {
        unit = default;
        if (text.Length < 6 || !Utf8Parser.TryParse(text.Slice(2, 4), out ushort value, out var consumed, 'x') || consumed != 4)
            return false;
        unit = (char)value;
        return true;
    }
}
