using System.Text;
using System.Text.Unicode;

namespace Waybill.Tracing;

/// <summary>The beginning of a payload, as far as it is shown.</summary>
readonly record struct PayloadText(string? Text, string? Hex, int Bytes, bool IsCut)
{
    public const int LongestText = 4096;
    public const int LongestHex = 64;

    /// <summary>What is looked at, so that no secret is cut into what looks like none.</summary>
    const int LongestSeen = 4 * LongestText;

    public static PayloadText Of(ReadOnlySpan<byte> payload)
    {
        var seen = payload[..Math.Min(payload.Length, LongestSeen)];
        // a character that the cut goes through is left out
        if (seen.Length < payload.Length)
            seen = seen[..WholeCharacters(seen)];
        if (!IsText(seen))
            return new(null, Convert.ToHexStringLower(payload[..Math.Min(payload.Length, LongestHex)]), payload.Length, payload.Length > LongestHex);
        var text = Redaction.Of(Encoding.UTF8.GetString(seen));
        var most = text.Length > LongestText && char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText;
        return new(text.Length <= LongestText ? text : text[..most], null, payload.Length, text.Length > LongestText || seen.Length < payload.Length);
    }

    static int WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.Length;
        while (end > 0 && end > bytes.Length - 4 && (bytes[end - 1] & 0xC0) == 0x80)
            end--;
        return end > 0 && bytes[end - 1] >= 0xC0 ? end - 1 : bytes.Length;
    }

    static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (b < ' ' && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r'))
                return false;
        }
        return Utf8.IsValid(bytes);
    }
}
