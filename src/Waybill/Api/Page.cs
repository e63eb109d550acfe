using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Waybill.Api;

/// <summary>A part of a list, and where the next one begins.</summary>
sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary><c>?after=&amp;limit=</c>.</summary>
sealed record PageAsk(string After, int Limit)
{
    const int Most = 1000;
    const int Usual = 100;

    /// <summary>Keys of objects have up to 1024 bytes.</summary>
    const int LongestCursor = 2048;

    /// <param name="http">The request.</param>
    /// <param name="filters">The other query values this list knows.</param>
    public static PageAsk Of(HttpContext http, params ReadOnlySpan<string> filters)
    {
        var mistakes = new Mistakes();
        foreach (var key in http.Request.Query.Keys)
        {
            if (key is not "after" and not "limit" && !filters.Contains(key))
                mistakes.Add(key, $"is not known here; known are: {string.Join(", ", (string[])[.. filters, "after", "limit"])}");
        }
        string? text = http.Request.Query["limit"];
        var limit = Usual;
        if (!string.IsNullOrEmpty(text))
            mistakes.Need("limit", int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is > 0 and <= Most, $"1 to {Most}");
        mistakes.ThrowIfAny();
        return new(http.Request.Query["after"].ToString(), limit);
    }

    /// <summary>The place a cursor of <see cref="Page{TRow, TItem}"/> names; empty at the beginning.</summary>
    public string Place
    {
        get
        {
            if (After.Length == 0)
                return "";
            var bytes = new byte[After.Length];
            return After.Length <= LongestCursor && Base64Url.IsValid(After) && Base64Url.TryDecodeFromChars(After, bytes, out var length)
                ? Encoding.UTF8.GetString(bytes, 0, length)
                : throw Invalid();
        }
    }

    public static RefusedException Invalid() => new("cursor_invalid", "'after' is not a cursor of this list: take it from 'next'.");

    /// <summary>The rows found (ask for one more than the limit) as a page.</summary>
    public Page<TItem> Page<TRow, TItem>(IReadOnlyList<TRow> rows, Func<TRow, TItem> item, Func<TRow, string> place) =>
        Sealed(rows, item, row => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(place(row))));

    /// <summary>The same with cursors of the caller's own making.</summary>
    public Page<TItem> Sealed<TRow, TItem>(IReadOnlyList<TRow> rows, Func<TRow, TItem> item, Func<TRow, string> cursor) =>
        new([.. rows.Take(Limit).Select(item)], rows.Count > Limit ? cursor(rows[Limit - 1]) : null);
}
