using System.Buffers;
using System.Text.Unicode;

namespace Waybill.Protocols.Json;

/// <summary>
/// Walks the members of one JSON object as devices write it. Beyond RFC 8259 it allows a trailing comma, the full-width comma U+FF0C
/// between values, leading zeros, <c>//</c> comments and a byte order mark; it refuses bytes that are not UTF-8, U+0000, half surrogate
/// pairs and more than <see cref="MaxDepth"/> levels. Duplicate names are left to the caller.
/// </summary>
/// <remarks>
/// Hot: runs for every message of every device. The payload is borrowed, nothing is copied or allocated, and no input makes it throw:
/// a hostile device must not cost more than an honest one.
/// </remarks>
ref struct LenientJson
{
    public const int MaxDepth = 16;

    static readonly SearchValues<byte> StringStops =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    static ReadOnlySpan<byte> FullWidthComma => [0xEF, 0xBC, 0x8C];

    readonly ReadOnlySpan<byte> text;
    int at;
    bool open;

    public LenientJson(ReadOnlySpan<byte> payload)
    {
        text = payload;
        if (payload.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            at = 3;
        SkipBlank();
        if (!Utf8.IsValid(payload))
            Fault = "is not UTF-8";
        else if (Head != '{')
            Fault = "is not a JSON object";
        else
            (open, at) = (true, at + 1);
    }

    LenientJson(ReadOnlySpan<byte> text, int at)
    {
        this.text = text;
        this.at = at;
        open = true;
    }

    /// <summary>Walks the values of an array that is part of a payload, by <see cref="NextElement"/>.</summary>
    public static LenientJson Elements(JsonValue array) => new(array.Raw, 1);

    /// <summary>What is wrong, once <see cref="Next"/> has said false; null after a well-formed object.</summary>
    public string? Fault { get; private set; }

    /// <summary>The byte to be read next; 0, which no token starts with, at the end.</summary>
    readonly byte Head => at < text.Length ? text[at] : (byte)0;

    /// <summary>The next member; false at the end of the object or at the first fault.</summary>
    public bool Next(out JsonValue name, out JsonValue value)
    {
        if (open && !Closes('}') && Member(1, out name, out value))
            return true;
        name = default;
        value = default;
        if (open && Fault is null)
        {
            SkipBlank();
            if (at < text.Length)
                Fault = "goes on after its JSON object";
        }
        open = false;
        return false;
    }

    /// <summary>The next value of an array; false at its end.</summary>
    public bool NextElement(out JsonValue value)
    {
        value = default;
        open = open && !Closes(']') && Value(1, out value) && Separated(']');
        return open;
    }

    bool Member(int depth, out JsonValue name, out JsonValue value)
    {
        value = default;
        name = default;
        if (Head != '"')
            return Fail("has a member without a name");
        if (!Text(out name))
            return false;
        SkipBlank();
        if (Head != ':')
            return Fail("has a name without a colon");
        at++;
        SkipBlank();
        return Value(depth, out value) && Separated('}');
    }

    bool Value(int depth, out JsonValue value)
    {
        value = default;
        switch (Head)
        {
            case (byte)'"': return Text(out value);
            case (byte)'{': return Container(JsonKind.Object, depth + 1, out value);
            case (byte)'[': return Container(JsonKind.Array, depth + 1, out value);
            case (byte)'t': return Literal("true"u8, JsonKind.True, out value);
            case (byte)'f': return Literal("false"u8, JsonKind.False, out value);
            case (byte)'n': return Literal("null"u8, JsonKind.Null, out value);
            default: return Number(out value);
        }
    }

    bool Container(JsonKind kind, int depth, out JsonValue value)
    {
        value = default;
        if (depth > MaxDepth)
            return Fail("is nested too deep");
        var start = at++;
        var close = kind == JsonKind.Object ? '}' : ']';
        while (!Closes(close))
        {
            var sound = kind == JsonKind.Object ? Member(depth, out _, out _) : Value(depth, out _) && Separated(close);
            if (!sound)
                return false;
        }
        value = new(kind, text[start..at]);
        return true;
    }

    bool Text(out JsonValue value)
    {
        value = default;
        var start = ++at;
        var escaped = false;
        while (true)
        {
            var stop = text[at..].IndexOfAny(StringStops);
            if (stop < 0)
                return Fail("ends inside a string");
            at += stop;
            if (text[at] == '"')
                break;
            if (text[at] != '\\')
                return Fail("has a control character inside a string");
            if (!JsonEscapes.TryRead(text[at..], out _, out var length))
                return Fail("has a bad escape inside a string");
            escaped = true;
            at += length;
        }
        value = new(JsonKind.Text, text[start..at++], escaped);
        return true;
    }

    bool Number(out JsonValue value)
    {
        var start = at;
        if (Head == '-')
            at++;
        var sound = Digits();
        if (sound && Head == '.')
        {
            at++;
            sound = Digits();
        }
        if (sound && Head is (byte)'e' or (byte)'E')
        {
            at++;
            if (Head is (byte)'+' or (byte)'-')
                at++;
            sound = Digits();
        }
        value = new(JsonKind.Number, text[start..at]);
        return sound || Fail("has a bad value");
    }

    bool Digits()
    {
        var start = at;
        while (Head is >= (byte)'0' and <= (byte)'9')
            at++;
        return at > start;
    }

    bool Literal(ReadOnlySpan<byte> word, JsonKind kind, out JsonValue value)
    {
        value = new(kind, word);
        if (!text[at..].StartsWith(word))
            return Fail("has a bad value");
        at += word.Length;
        return true;
    }

    /// <summary>A closing bracket here is consumed.</summary>
    bool Closes(char bracket)
    {
        SkipBlank();
        if (Head != bracket)
            return false;
        at++;
        return true;
    }

    /// <summary>A value is followed by a comma, which is consumed, or by the closing bracket, which is not.</summary>
    bool Separated(char bracket)
    {
        SkipBlank();
        if (Head == ',')
            at++;
        else if (text[at..].StartsWith(FullWidthComma))
            at += FullWidthComma.Length;
        else if (Head != bracket)
            return Fail(at < text.Length ? "lacks a comma between values" : "ends inside its JSON object");
        return true;
    }

    void SkipBlank()
    {
        while (true)
        {
            while (Head is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                at++;
            if (Head != '/' || !text[at..].StartsWith("//"u8))
                return;
            var line = text[at..].IndexOf((byte)'\n');
            at = line < 0 ? text.Length : at + line;
        }
    }

    bool Fail(string fault)
    {
        Fault = fault;
        return false;
    }
}
