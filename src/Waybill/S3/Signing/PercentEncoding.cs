using System.Globalization;
using System.Text;

namespace Waybill.S3.Signing;

/// <summary>The one spelling of a path or query that is signed: everything decoded once and encoded again, but for A–Z a–z 0–9 - . _ ~.
/// S3 does not encode a path twice.</summary>
static class PercentEncoding
{
    public static string OfPath(string raw)
    {
        var to = new StringBuilder(raw.Length + 16);
        Append(to, raw, slash: true, plusIsSpace: false);
        return to.ToString();
    }

    public static string OfQuery(ReadOnlySpan<char> raw)
    {
        var to = new StringBuilder(raw.Length + 16);
        Append(to, raw, slash: false, plusIsSpace: true);
        return to.ToString();
    }

    static void Append(StringBuilder to, ReadOnlySpan<char> raw, bool slash, bool plusIsSpace)
    {
        Span<byte> utf8 = stackalloc byte[4];
        while (!raw.IsEmpty)
        {
            var c = raw[0];
            if (c == '%' && raw.Length > 2 && byte.TryParse(raw[1..3], NumberStyles.AllowHexSpecifier, null, out var coded))
            {
                Append(to, coded, slash);
                raw = raw[3..];
                continue;
            }
            // what is no character becomes U+FFFD
            Rune.DecodeFromUtf16(raw, out var rune, out var length);
            raw = raw[length..];
            if (c == '+' && plusIsSpace)
                rune = new Rune(' ');
            foreach (var b in utf8[..rune.EncodeToUtf8(utf8)])
                Append(to, b, slash);
        }
    }

    static void Append(StringBuilder to, byte b, bool slash)
    {
        var c = (char)b;
        if (char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' || slash && c == '/')
            to.Append(c);
        else
            to.Append('%').Append("0123456789ABCDEF"[b >> 4]).Append("0123456789ABCDEF"[b & 15]);
    }
}
