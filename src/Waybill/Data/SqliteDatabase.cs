using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Waybill.Data;

/// <summary>SQLite in WAL mode, synced at every commit, with one writer for the whole process.</summary>
sealed class SqliteDatabase : Database
{
    static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["{id}"] = "integer primary key",
        ["{bytes}"] = "blob",
        ["{merged}"] = "0",
        ["{bytewise}"] = "",
        ["{clustered}"] = " without rowid",
    };

    readonly string _reading;
    readonly FileStream _owner;
    readonly SqliteWriter _writer;
    readonly SqliteCheckpoint _checkpoint;

    public SqliteDatabase(string directory)
    {
        Directory.CreateDirectory(directory);
        _owner = Own(Path.Combine(directory, "waybill.lock"));
        var file = Path.Combine(directory, "waybill.db");
        _reading = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWriteCreate, DefaultTimeout = 30 }.ToString();
        _writer = new SqliteWriter(OpenWriting(file));
        _checkpoint = new SqliteCheckpoint(file);
        _writer.Committed = _checkpoint.Consider;
    }

    public override async ValueTask<DbConnection> ReadAsync(CancellationToken ct)
    {
        var db = new SqliteConnection(_reading);
        await db.OpenAsync(ct);
        return db;
    }

    public override Task<T> WriteAsync<T>(Func<DbConnection, ValueTask<T>> work, CancellationToken ct) => _writer.RunAsync(work, ct);

    public override bool IsAway(Exception failure) => failure is SqliteException
    {
        SqliteErrorCode: raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_NOMEM or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN,
    };

    // the owner lock keeps other processes out, so the writer's transaction is lock enough
    public override Task MigrateAsync(CancellationToken ct) => WriteAsync<int>(
        async db =>
        {
            await Migrations.ApplyAsync(db, Words);
            return 0;
        },
        ct);

    public override async ValueTask DisposeAsync()
    {
        _checkpoint.Dispose();
        _writer.Dispose();
        SqliteConnection.ClearPool(new SqliteConnection(_reading));
        await _owner.DisposeAsync();
    }

    static FileStream Own(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"The data directory '{Path.GetDirectoryName(path)}' is in use by another Waybill, or not writable: stop it or set Waybill:Data.", e);
        }
    }

    static SqliteConnection OpenWriting(string file)
    {
        var db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        db.Open();
        // Small pages: each message touches the index leaf of another device, and the log that is synced
        // carries whole pages (docs/performance.md).
        foreach (var pragma in (string[])["page_size = 4096", "journal_mode = wal", "synchronous = full", "wal_autocheckpoint = 0",
            "cache_size = -65536", "foreign_keys = on", "busy_timeout = 30000"])
        {
            using var command = db.CreateCommand();
            command.CommandText = $"pragma {pragma}";
            command.ExecuteNonQuery();
        }
        return db;
    }
}
