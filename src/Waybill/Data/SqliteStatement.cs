using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Waybill.Data;

/// <summary>
/// A prepared statement for the batch's load and save, bound and stepped without ADO.NET's per-call objects.
/// Owned by the writer's thread, as is its connection: the calls below never wait for a lock, and those that only move a value
/// need no transition of the garbage collector. Watched by LedgerBenchmark.
/// </summary>
sealed partial class SqliteStatement : IDisposable
{
    const string Library = "e_sqlite3";

    // SQLITE_TRANSIENT: SQLite makes its own copy
    const nint Copied = -1;

    readonly sqlite3 _db;
    readonly sqlite3_stmt _owned;
    readonly nint _statement;
    readonly Kept[] _kept;
    int _next;

    public SqliteStatement(SqliteConnection db, string sql)
    {
        _db = db.Handle!;
        Check(raw.sqlite3_prepare_v3(_db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _owned));
        _statement = _owned.DangerousGetHandle();
        _kept = new Kept[raw.sqlite3_bind_parameter_count(_owned)];
    }

    public SqliteStatement Bind(long value)
    {
        ref var kept = ref _kept[_next++];
        if (kept.Is == Value.Number && kept.Number == value)
            return this;
        Bound(BindInt64(_statement, _next, value));
        kept = new(Value.Number, value);
        return this;
    }

    public SqliteStatement Bind(long? value) => value is { } v ? Bind(v) : Null();

    public SqliteStatement Bind(string? value)
    {
        if (value is null)
            return Null();
        Span<byte> text = stackalloc byte[1024];
        return Encoding.UTF8.TryGetBytes(value, text, out var length)
            ? Utf8(text[..length])
            : Utf8(Encoding.UTF8.GetBytes(value));
    }

    // an absent array must not become an empty blob
    public SqliteStatement Bind(byte[]? value) => value is null ? Null() : Bind(value.AsSpan());

    public SqliteStatement Bind(ReadOnlySpan<byte> value)
    {
        _kept[_next++] = new(Value.Other, 0);
        return Bound(BindBlob(_statement, _next, value, value.Length, Copied));
    }

    public SqliteStatement Null()
    {
        ref var kept = ref _kept[_next++];
        if (kept.Is == Value.Null)
            return this;
        Bound(BindNull(_statement, _next));
        kept = default;
        return this;
    }

    /// <summary>True when there is a row. Call <see cref="Reset()"/> after the last one.</summary>
    public bool Step()
    {
        var code = Step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code != raw.SQLITE_DONE)
        {
            Reset();
            Check(code);
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
        // the code repeats that of the last step
        _ = Reset(_statement);
        _next = 0;
    }

    public bool IsNull(int column) => ColumnType(_statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => ColumnInt64(_statement, column);

    public long? MaybeInt64(int column) => IsNull(column) ? null : Int64(column);

    public string Text(int column)
    {
        var text = ColumnText(_statement, column);
        unsafe
        {
            return Encoding.UTF8.GetString((byte*)text, ColumnBytes(_statement, column));
        }
    }

    public string? MaybeText(int column) => IsNull(column) ? null : Text(column);

    /// <summary>Valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Bytes(int column)
    {
        var bytes = ColumnBlob(_statement, column);
        unsafe
        {
            return new((byte*)bytes, ColumnBytes(_statement, column));
        }
    }

    public void Dispose() => _owned.Dispose();

    SqliteStatement Utf8(ReadOnlySpan<byte> text)
    {
        _kept[_next++] = new(Value.Other, 0);
        return Bound(BindText(_statement, _next, text, text.Length, Copied));
    }

    SqliteStatement Bound(int code)
    {
        if (code == raw.SQLITE_OK)
            return this;
        try
        {
            Check(code);
        }
        finally
        {
            Reset();
        }
        return this;
    }

    void Check(int code) => SqliteException.ThrowExceptionForRC(code, _db);

    /// <summary>What a parameter holds: a reset leaves it bound, so that what is the same again (a state, a time, no value) costs no call.</summary>
    [StructLayout(LayoutKind.Auto)]
    readonly record struct Kept(Value Is, long Number);

    enum Value : byte
    {
        Null,
        Number,
        Other,
    }

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition]
    private static partial int BindInt64(nint statement, int index, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition]
    private static partial int BindNull(nint statement, int index);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text")]
    private static partial int BindText(nint statement, int index, ReadOnlySpan<byte> text, int length, nint copied);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    private static partial int BindBlob(nint statement, int index, ReadOnlySpan<byte> bytes, int length, nint copied);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    private static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    private static partial int Reset(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type"), SuppressGCTransition]
    private static partial int ColumnType(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64"), SuppressGCTransition]
    private static partial long ColumnInt64(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_text"), SuppressGCTransition]
    private static partial nint ColumnText(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob"), SuppressGCTransition]
    private static partial nint ColumnBlob(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes"), SuppressGCTransition]
    private static partial int ColumnBytes(nint statement, int column);
}
