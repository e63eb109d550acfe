using System.Buffers.Text;

namespace Waybill.Protocols.Json;

/// <summary>One value inside a payload, already checked by <see cref="LenientJson"/>; a window on the payload that owns nothing.</summary>
/// <param name="kind"><see cref="JsonKind.Absent"/> for a field that was not sent.</param>
/// <param name="raw">Text without its quotes, or the whole token; an object or array with its brackets.</param>
/// <param name="escaped">The text holds backslashes.</param>
readonly ref struct JsonValue(JsonKind kind, ReadOnlySpan<byte> raw, bool escaped = false)
{
    public JsonKind Kind => kind;

    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>Not sent at all, or sent as null.</summary>
    public bool IsMissing => kind is JsonKind.Absent or JsonKind.Null;

    public bool Is(ReadOnlySpan<byte> text)
    {
        if (kind != JsonKind.Text)
            return false;
        if (!escaped)
            return Raw.SequenceEqual(text);
        Span<byte> decoded = stackalloc byte[text.Length];
        return JsonEscapes.TryDecode(Raw, decoded, out var written) && decoded[..written].SequenceEqual(text);
    }

    /// <summary>An integer sent as a number or as text (devices read and write both).</summary>
    public bool TryInteger(out long value)
    {
        value = 0;
        return kind is JsonKind.Number or JsonKind.Text
            && Utf8Parser.TryParse(Raw, out value, out var consumed)
            && consumed == Raw.Length;
    }

    /// <summary>
    /// The text with its escapes resolved, in <paramref name="buffer"/> or straight from the payload; false when it is longer than the
    /// buffer, and then <paramref name="text"/> is as many whole characters of it as fit.
    /// </summary>
    public bool TryText(Span<byte> buffer, out ReadOnlySpan<byte> text)
    {
        if (escaped)
        {
            var whole = JsonEscapes.TryDecode(Raw, buffer, out var written);
            text = buffer[..written];
            return whole;
        }
        text = Raw;
        if (Raw.Length <= buffer.Length)
            return true;
        var end = buffer.Length;
        while (end > 0 && (Raw[end] & 0xC0) == 0x80)
            end--;
        text = Raw[..end];
        return false;
    }
}
