using System.Data.Common;
using System.Runtime.InteropServices;

namespace Waybill.S3.Rows;

/// <summary>Where in a bucket's order: a key, and an id among entries of one key.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct KeyPosition(string Key, long Id);

/// <summary>Which keys are asked for, and how many at most.</summary>
sealed record KeyQuery(string Prefix, string? Delimiter, KeyPosition From, int Most);

/// <summary>Entries and common prefixes in order; more follow from <paramref name="Next"/> on.</summary>
sealed record KeyPage<T>(IReadOnlyList<T> Entries, IReadOnlyList<string> Prefixes, KeyPosition? Next);

/// <summary>Reads a page of entries in the order of their keys. What lies under a common prefix is not read but sought past.</summary>
/// <param name="command">Selects from <c>@key</c> and <c>@id</c> on at most <c>@limit</c> entries.</param>
/// <param name="read">Makes an entry of the reader's row.</param>
/// <param name="positionOf">Where it stands.</param>
sealed class KeyWalk<T>(DbCommand command, Func<DbDataReader, T> read, Func<T, KeyPosition> positionOf)
{
    const int FewAfterPrefix = 4;

    readonly List<T> entries = [];
    readonly List<string> prefixes = [];

    public async Task<KeyPage<T>> RunAsync(KeyQuery query, CancellationToken ct)
    {
        KeyPosition? from = Later(query.From, new(query.Prefix, 0));
        for (var limit = query.Most + 1; from is { } start;)
        {
            var rows = await FetchAsync(start, limit, ct);
            var (next, ended) = Take(rows, query);
            if (ended)
                return new(entries, prefixes, next);
            var sought = next is not null;
            from = next ?? (rows.Count < limit ? null : AfterEntry(rows[^1]));
            limit = sought ? FewAfterPrefix : Math.Min(limit * 4, query.Most + 1);
        }
        return new(entries, prefixes, null);
    }

    /// <summary>Where to go on after rows that were taken, if not behind the last; ended: the page is full or the keys are another prefix's.</summary>
    (KeyPosition? Next, bool Ended) Take(IReadOnlyList<T> rows, KeyQuery query)
    {
        string? under = null;
        foreach (var row in rows)
        {
            var position = positionOf(row);
            if (!position.Key.StartsWith(query.Prefix, StringComparison.Ordinal))
                return (null, true);
            if (under is not null && position.Key.StartsWith(under, StringComparison.Ordinal))
                continue;
            if (entries.Count + prefixes.Count == query.Most)
                return (position, true);
            under = CommonPrefix(position.Key, query);
            if (under is null)
                entries.Add(row);
            else
                prefixes.Add(under);
        }
        if (under is null)
            return (null, false);
        return KeyOrder.AfterAll(under) is { } past ? (new(past, 0), false) : (null, true);
    }

    async Task<IReadOnlyList<T>> FetchAsync(KeyPosition from, int limit, CancellationToken ct)
    {
        command.Parameters["key"].Value = from.Key;
        command.Parameters["id"].Value = from.Id;
        command.Parameters["limit"].Value = limit;
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows;
    }

    KeyPosition AfterEntry(T row)
    {
        var position = positionOf(row);
        return position.Id == 0 ? new(KeyOrder.After(position.Key), 0) : position with { Id = position.Id + 1 };
    }

    static KeyPosition Later(KeyPosition a, KeyPosition b) => KeyOrder.Compare(a.Key, b.Key) >= 0 ? a : b;

    static string? CommonPrefix(string key, KeyQuery query)
    {
        if (query.Delimiter is not { Length: > 0 } delimiter)
            return null;
        var at = key.IndexOf(delimiter, query.Prefix.Length, StringComparison.Ordinal);
        return at < 0 ? null : key[..(at + delimiter.Length)];
    }
}
