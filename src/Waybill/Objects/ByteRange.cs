using System.Runtime.InteropServices;

namespace Waybill.Objects;

/// <summary>The part of an object that a request asks for.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct ByteRange(long Offset, long Length)
{
    const string Unit = "bytes=";

    /// <summary>Reads a Range header (RFC 9110 14.2) for an object of this size; null means the whole object: no header, several ranges,
    /// another unit or nonsense. An end past the last byte is cut off, as vendor SDKs ask for one byte too many.</summary>
    /// <exception cref="RefusedException"><c>range_not_satisfiable</c>: nothing of it lies within the object.</exception>
    public static ByteRange? Parse(string? header, long size)
    {
        // An empty object is whole whatever is asked: some clients always send "bytes=0-".
        if (size == 0 || header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
            return null;
        var range = header.AsSpan(Unit.Length).Trim();
        var dash = range.IndexOf('-');
        if (dash < 0)
            return null;
        var first = Read(range[..dash]);
        var last = Read(range[(dash + 1)..]);
        return (first, last, Open: dash == range.Length - 1) switch
        {
            (null, { } count, _) when dash == 0 => Within(Math.Max(0, size - count), size - 1, size),
            ({ } from, { } to, _) when from <= to => Within(from, to, size),
            ({ } from, null, Open: true) => Within(from, size - 1, size),
            _ => null,
        };
    }

    static ByteRange Within(long first, long last, long size) =>
        first < size
            ? new(first, Math.Min(last, size - 1) - first + 1)
            : throw new RefusedException("range_not_satisfiable", $"The range starts beyond the object's {size} bytes.");

    /// <summary>Digits only; a number too large for any object counts as the largest.</summary>
    static long? Read(ReadOnlySpan<char> digits)
    {
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            return null;
        return long.TryParse(digits, out var value) ? value : long.MaxValue;
    }
}
