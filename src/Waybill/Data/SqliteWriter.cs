using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Waybill.Data;

/// <summary>
/// The one writer: a thread that takes all work that waits, runs it in one transaction and commits once. Pieces that waited
/// together share the sync, each behind its own savepoint; one that is alone needs none, and SQLite then copies no page for it.
/// </summary>
sealed class SqliteWriter : IDisposable
{
    const int MostPieces = 256;

    readonly SqliteConnection _db;
    readonly Thread _thread;
    readonly Queue<Piece> _waiting = new();
    readonly SqliteStatement _begin, _commit, _rollback, _savepoint, _release, _undo;
    bool _closing;

    public SqliteWriter(SqliteConnection db)
    {
        _db = db;
        _begin = new(db, "begin immediate");
        _commit = new(db, "commit");
        _rollback = new(db, "rollback");
        _savepoint = new(db, "savepoint piece");
        _release = new(db, "release piece");
        _undo = new(db, "rollback to piece");
        _thread = new Thread(Run) { IsBackground = true, Name = "sqlite-writer" };
        _thread.Start();
    }

    /// <summary>Called on the writer's thread after each commit, outside a transaction.</summary>
    public Action<SqliteConnection>? Committed { get; set; }

    public Task<T> RunAsync<T>(Func<DbConnection, ValueTask<T>> work, CancellationToken ct)
    {
        var piece = new Piece<T>(work, ct);
        lock (_waiting)
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            _waiting.Enqueue(piece);
            if (_waiting.Count == 1)
                Monitor.Pulse(_waiting);
        }
        return piece.Task;
    }

    public void Dispose()
    {
        lock (_waiting)
        {
            _closing = true;
            Monitor.Pulse(_waiting);
        }
        _thread.Join();
        foreach (var statement in (SqliteStatement[])[_begin, _commit, _rollback, _savepoint, _release, _undo])
            statement.Dispose();
        _db.Dispose();
    }

    void Run()
    {
        var pieces = new List<Piece>(MostPieces);
        while (Take(pieces))
        {
            try
            {
                _begin.Run();
                if (pieces is [var alone])
                    alone.Run(_db);
                else
                    foreach (var piece in pieces)
                        RunPiece(piece);
                _commit.Run();
                foreach (var piece in pieces)
                    piece.Complete();
            }
            catch (Exception e)
            {
                // begin, commit, a savepoint or the only piece failed: nothing of this transaction happened, and all who wait are told
                RollBack();
                foreach (var piece in pieces)
                    piece.Fail(e);
            }
            Committed?.Invoke(_db);
        }
    }

    void RunPiece(Piece piece)
    {
        _savepoint.Run();
        try
        {
            piece.Run(_db);
        }
        catch (Exception e) when (SQLitePCL.raw.sqlite3_get_autocommit(_db.Handle) == 0)
        {
            _undo.Run();
            piece.Fail(e);
        }
        _release.Run();
    }

    bool Take(List<Piece> pieces)
    {
        pieces.Clear();
        lock (_waiting)
        {
            while (_waiting.Count == 0)
            {
                if (_closing)
                    return false;
                Monitor.Wait(_waiting);
            }
            while (pieces.Count < MostPieces && _waiting.TryDequeue(out var piece))
                pieces.Add(piece);
        }
        return true;
    }

    void RollBack()
    {
        // after some errors (disk full, I/O) SQLite has rolled back by itself
        if (SQLitePCL.raw.sqlite3_get_autocommit(_db.Handle) == 0)
            _rollback.Run();
    }

    abstract class Piece
    {
        public abstract void Run(SqliteConnection db);
        public abstract void Complete();
        public abstract void Fail(Exception e);
    }

    sealed class Piece<T>(Func<DbConnection, ValueTask<T>> work, CancellationToken ct) : Piece
    {
        readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        T _result = default!;

        public Task<T> Task => _done.Task;

        public override void Run(SqliteConnection db)
        {
            ct.ThrowIfCancellationRequested();
            // SQLite's calls complete on the calling thread
            _result = work(db).AsTask().GetAwaiter().GetResult();
        }

        public override void Complete() => _done.TrySetResult(_result);

        public override void Fail(Exception e) => _done.TrySetException(e);
    }
}
