using System.Buffers;
using System.Text;

namespace Waybill.Protocols.Json;

/// <summary>
/// Writes a message into a fixed buffer with no escaping but what RFC 8259 demands: some devices never unescape. What does not fit, or
/// is not Unicode, makes <see cref="Failed"/> true for good. The buffer belongs to the caller; nothing is allocated.
/// </summary>
ref struct CompactJson(Span<byte> buffer, bool asciiOnly = false)
{
    /// <summary>Printable ASCII without blank, quote and backslash.</summary>
    static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(i => (char)i).Except("\"\\")]);

    readonly Span<byte> buffer = buffer;

    public int Length { get; private set; }

    public bool Failed { get; private set; }

    /// <summary>Whether an object or array was just opened, so that the next member or value goes without a comma.</summary>
    public readonly bool IsOpen => Length == 0 || buffer[Length - 1] is (byte)'{' or (byte)'[';

    /// <summary>Whether a URL or token is short enough and needs no escape: devices take it as it stands between the quotes.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text, int maxLength) => text.Length > 0 && text.Length <= maxLength && !text.ContainsAnyExcept(Plain);

    /// <summary>Hands what was written to the output whose span the buffer is; false, and nothing handed over, when it failed.</summary>
    public readonly bool TryCommit(IBufferWriter<byte> output)
    {
        if (!Failed)
            output.Advance(Length);
        return !Failed;
    }

    public void Raw(scoped ReadOnlySpan<byte> json)
    {
        if (json.TryCopyTo(buffer[Length..]))
            Length += json.Length;
        else
            Failed = true;
    }

    public void Number(long value)
    {
        Failed |= !value.TryFormat(buffer[Length..], out var written);
        Length += written;
    }

    public void Digits(Md5Text md5)
    {
        if (buffer.Length - Length < Md5Text.Length)
        {
            Failed = true;
            return;
        }
        md5.CopyTo(buffer[Length..]);
        Length += Md5Text.Length;
    }

    /// <summary>The inside of a string, without its quotes.</summary>
    public void Text(scoped ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && !Failed)
        {
            var run = PlainRun(text);
            Failed |= !Encoding.UTF8.TryGetBytes(text[..run], buffer[Length..], out var written);
            Length += written;
            text = text[run..];
            if (!text.IsEmpty && !Failed)
                text = text[Special(text)..];
        }
    }

    /// <summary>How many leading characters may be copied as they are.</summary>
    readonly int PlainRun(scoped ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < ' ' || text[i] is '"' or '\\' || char.IsSurrogate(text[i]) || (asciiOnly && text[i] > '\x7f'))
                return i;
        }
        return text.Length;
    }

    /// <summary>Writes one character that needs care, and says how many UTF-16 units it was.</summary>
    int Special(scoped ReadOnlySpan<char> text)
    {
        if (Rune.DecodeFromUtf16(text, out var rune, out var units) != OperationStatus.Done)
        {
            Failed = true;
            return units;
        }
        var letter = "\"\\\b\f\n\r\t".AsSpan().IndexOf(text[0]);
        if (letter >= 0)
        {
            Raw([(byte)'\\', "\"\\bfnrt"u8[letter]]);
        }
        else if (rune.Value < ' ' || asciiOnly)
        {
            foreach (var unit in text[..units])
                Unit(unit);
        }
        else if (rune.TryEncodeToUtf8(buffer[Length..], out var written))
        {
            Length += written;
        }
        else
        {
            Failed = true;
        }
        return units;
    }

    void Unit(char unit)
    {
        Raw("\\u"u8);
        Failed |= !((ushort)unit).TryFormat(buffer[Length..], out var written, "x4");
        Length += written;
    }
}
