using System.Buffers.Text;
using System.Text;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Reads single fields as generations of firmware write them: what cannot be used is as if it were not there.</summary>
static class DjiFields
{
    /// <summary>Seconds below, milliseconds from here on: 1973 in the one unit, the year 5138 in the other.</summary>
    const long FirstMillisecond = 100_000_000_000;

    /// <summary>A member of an object; of duplicates the last one. Absent in everything that is no object.</summary>
    public static JsonValue Field(this JsonValue parent, ReadOnlySpan<byte> name)
    {
        var found = default(JsonValue);
        if (parent.Kind != JsonKind.Object)
            return found;
        var json = new LenientJson(parent.Raw);
        while (json.Next(out var member, out var value))
        {
            if (member.Is(name))
                found = value;
        }
        return found;
    }

    /// <summary>The member under its first name, or else under its second.</summary>
    public static JsonValue Field(this JsonValue parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> other)
    {
        var found = parent.Field(name);
        return found.IsMissing ? parent.Field(other) : found;
    }

    public static JsonValue Or(this JsonValue value, JsonValue other) => value.IsMissing ? other : value;

    /// <summary>Text, or a number as text; null when it is neither, empty or too long.</summary>
    public static string? Word(this JsonValue value, int maxBytes)
    {
        if (value.Kind == JsonKind.Number)
            return value.Raw.Length <= maxBytes ? Encoding.ASCII.GetString(value.Raw) : null;
        return value.Kind == JsonKind.Text && value.TryText(stackalloc byte[maxBytes], out var utf8) && !utf8.IsEmpty ? Encoding.UTF8.GetString(utf8) : null;
    }

    /// <summary>An integer as a number or text, cut where it has a fraction; null when it is none.</summary>
    public static long? Whole(this JsonValue value)
    {
        if (value.TryInteger(out var whole))
            return whole;
        return value.Kind is JsonKind.Number or JsonKind.Text
            && Utf8Parser.TryParse(value.Raw, out double real, out var consumed)
            && consumed == value.Raw.Length
            && Math.Abs(real) < 1L << 53 ? (long)real : null;
    }

    public static int? Small(this JsonValue value) => value.Whole() is { } whole && whole == (int)whole ? (int)whole : null;

    public static int? Percent(this JsonValue value) => value.Small() is >= 0 and <= 100 and var percent ? percent : null;

    /// <summary>A size or rate: null also below zero.</summary>
    public static long? Amount(this JsonValue value) => value.Whole() is >= 0 and var amount ? amount : null;

    /// <summary>Unix milliseconds, from seconds too; null when there is none or it is not after 1970.</summary>
    public static long? Moment(this JsonValue value) => value.Whole() switch
    {
        > 0 and < FirstMillisecond and var seconds => seconds * 1000,
        >= FirstMillisecond and var milliseconds => milliseconds,
        _ => null,
    };

    /// <summary><c>true</c>, or an integer other than 0; null when it is neither.</summary>
    public static bool? Flag(this JsonValue value) => value.Kind switch
    {
        JsonKind.True => true,
        JsonKind.False => false,
        _ => value.Is("true"u8) ? true : value.Is("false"u8) ? false : value.Whole() is { } whole ? whole != 0 : null,
    };

    /// <summary>What can be read of an array, up to a number; nothing of what is none.</summary>
    public static List<T> Items<T>(this JsonValue array, int most, Reader<T> read)
        where T : class
    {
        var items = new List<T>();
        if (array.Kind != JsonKind.Array)
            return items;
        var elements = LenientJson.Elements(array);
        while (items.Count < most && elements.NextElement(out var element))
        {
            if (read(element) is { } item)
                items.Add(item);
        }
        return items;
    }

    public delegate T? Reader<T>(JsonValue element)
        where T : class;
}
