using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Waybill.Data;

/// <summary>
/// A prepared statement for the batch's load and save, bound and stepped without ADO.NET's per-call objects.
/// Owned by the writer's thread; watched by the create_upload_task benchmark (bench/line.sh).
/// </summary>
sealed class SqliteStatement : IDisposable
{
    readonly sqlite3 _db;
    readonly sqlite3_stmt _statement;
    int _next;

    public SqliteStatement(SqliteConnection db, string sql)
    {
        _db = db.Handle!;
        var code = raw.sqlite3_prepare_v2(_db, sql, out _statement);
        SqliteException.ThrowExceptionForRC(code, _db);
    }

    public SqliteStatement Bind(long value) => Bound(raw.sqlite3_bind_int64(_statement, ++_next, value));

    public SqliteStatement Bind(long? value) => value is { } v ? Bind(v) : Null();

    public SqliteStatement Bind(string? value)
    {
        if (value is null)
            return Null();
        Span<byte> text = stackalloc byte[1024];
        return Encoding.UTF8.TryGetBytes(value, text, out var length)
            ? Bound(raw.sqlite3_bind_text(_statement, ++_next, text[..length]))
            : Bound(raw.sqlite3_bind_text(_statement, ++_next, Encoding.UTF8.GetBytes(value)));
    }

    // an absent array must not become an empty blob
    public SqliteStatement Bind(byte[]? value) => value is null ? Null() : Bind(value.AsSpan());

    public SqliteStatement Bind(ReadOnlySpan<byte> value) => Bound(raw.sqlite3_bind_blob(_statement, ++_next, value));

    public SqliteStatement Null() => Bound(raw.sqlite3_bind_null(_statement, ++_next));

    /// <summary>True when there is a row. Call <see cref="Reset"/> after the last one.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code != raw.SQLITE_DONE)
        {
            Reset();
            SqliteException.ThrowExceptionForRC(code, _db);
        }
        return false;
    }

    /// <summary>Runs a statement that returns no row.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    public void Reset()
    {
        raw.sqlite3_reset(_statement);
        _next = 0;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public long? MaybeInt64(int column) => IsNull(column) ? null : Int64(column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public string? MaybeText(int column) => IsNull(column) ? null : Text(column);

    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    SqliteStatement Bound(int code)
    {
        SqliteException.ThrowExceptionForRC(code, _db);
        return this;
    }
}
