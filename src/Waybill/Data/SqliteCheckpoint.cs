using Microsoft.Data.Sqlite;

namespace Waybill.Data;

/// <summary>
/// Keeps the write-ahead log short without holding up the writer: a second connection copies most of it into the
/// database file while commits go on, then the writer itself copies the rest and starts the log anew.
/// </summary>
sealed class SqliteCheckpoint : IDisposable
{
    const long LongLog = 48L << 20;
    const int LookEvery = 32;

    readonly FileInfo _log;
    readonly SqliteConnection _db;
    readonly Thread _thread;
    readonly AutoResetEvent _wanted = new(false);
    volatile State _state;
    volatile bool _closing;
    int _commits;

    public SqliteCheckpoint(string file)
    {
        _log = new FileInfo(file + "-wal");
        _db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _db.Open();
        _thread = new Thread(CopyInBackground) { IsBackground = true, Name = "sqlite-checkpoint" };
        _thread.Start();
    }

    enum State
    {
        Idle,
        Copying,
        Copied,
    }

    /// <summary>On the writer's thread, between transactions.</summary>
    public void Consider(SqliteConnection writer)
    {
        if (_state == State.Copied)
        {
            TryCheckpoint(writer, "restart");
            _state = State.Idle;
        }
        else if (_state == State.Idle && ++_commits % LookEvery == 0 && LogLength() > LongLog)
        {
            _state = State.Copying;
            _wanted.Set();
        }
    }

    public void Dispose()
    {
        _closing = true;
        _wanted.Set();
        _thread.Join();
        _db.Dispose();
        _wanted.Dispose();
    }

    void CopyInBackground()
    {
        while (_wanted.WaitOne() && !_closing)
        {
            // the second pass copies what was written during the first, so little is left for the writer
            TryCheckpoint(_db, "passive");
            TryCheckpoint(_db, "passive");
            _state = State.Copied;
        }
    }

    long LogLength()
    {
        _log.Refresh();
        return _log.Exists ? _log.Length : 0;
    }

    /// <summary>A checkpoint that fails (a reader in the way, a full disk) costs nothing but a longer log: the next one is tried later.</summary>
    static void TryCheckpoint(SqliteConnection db, string mode)
    {
        using var command = db.CreateCommand();
        command.CommandText = $"pragma wal_checkpoint({mode})";
        try
        {
            command.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // commits report a disk that fails
        }
    }
}
