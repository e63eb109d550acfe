using System.Data.Common;

namespace Waybill.Data;

/// <summary>
/// The database: SQLite in the data directory, or PostgreSQL where a connection string is configured.
/// Reads open a connection; every write is a piece of work inside a transaction that is committed and synced
/// before <see cref="WriteAsync{T}"/> returns.
/// </summary>
abstract class Database : IAsyncDisposable
{
    public static Database Open(string? connectionString, string directory) =>
        string.IsNullOrEmpty(connectionString) ? new SqliteDatabase(directory) : new PostgresDatabase(connectionString);

    /// <summary>Opens a connection for reading. The caller disposes it.</summary>
    public abstract ValueTask<DbConnection> ReadAsync(CancellationToken ct);

    /// <summary>Runs the work in a write transaction; when the task completes its effects survive a power cut.</summary>
    public abstract Task<T> WriteAsync<T>(Func<DbConnection, ValueTask<T>> work, CancellationToken ct);

    /// <summary>Applies the migrations this executable carries and the database lacks.</summary>
    public abstract Task MigrateAsync(CancellationToken ct);

    /// <summary>Whether this failure is the database's own (no room, a broken disk, a lost connection, a conflict), whatever it was asked to do.</summary>
    public abstract bool IsAway(Exception failure);

    /// <summary>Whether a write can be made durable now: it makes one.</summary>
    public async Task<bool> IsHealthyAsync(CancellationToken ct)
    {
        try
        {
            return await WriteAsync(static db => db.RunAsync("update sequences set next = next where name = 'id'"), ct) == 1;
        }
        catch (DbException)
        {
            return false;
        }
    }

    public abstract ValueTask DisposeAsync();
}
