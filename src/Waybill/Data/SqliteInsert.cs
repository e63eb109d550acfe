using Microsoft.Data.Sqlite;

namespace Waybill.Data;

/// <summary>
/// Inserts rows, many with one statement while there are as many: SQLite then keeps its place in the table and its indexes from row to
/// row instead of coming down from the root for each (docs/performance.md). On the thread that owns the connection.
/// </summary>
sealed class SqliteInsert<T>
{
    const int Many = 16;

    readonly Action<SqliteStatement, T> _bind;

    /// <param name="db">The connection that the rows go to.</param>
    /// <param name="into">The statement up to its columns: <c>insert into events</c>.</param>
    /// <param name="columns">What is inserted, with commas between.</param>
    /// <param name="bind">Binds the values of a row, as many as there are columns.</param>
    public SqliteInsert(SqliteConnection db, string into, string columns, Action<SqliteStatement, T> bind)
    {
        _bind = bind;
        var row = $"({string.Join(',', columns.Split(',').Select(_ => '?'))})";
        One = new(db, $"{into} ({columns}) values {row}");
        Sixteen = new(db, $"{into} ({columns}) values {string.Join(',', Enumerable.Repeat(row, Many))}");
    }

    SqliteStatement One { get; }

    SqliteStatement Sixteen { get; }

    public void Run(IReadOnlyList<T> rows)
    {
        var done = 0;
        for (; rows.Count - done >= Many; done += Many)
            Run(Sixteen, rows, done, Many);
        for (; done < rows.Count; done++)
            Run(One, rows, done, 1);
    }

    void Run(SqliteStatement insert, IReadOnlyList<T> rows, int first, int count)
    {
        try
        {
            for (var i = first; i < first + count; i++)
                _bind(insert, rows[i]);
            insert.Run();
        }
        catch
        {
            // a row that does not work leaves nothing bound before the next ones
            insert.Reset();
            throw;
        }
    }
}
