using System.Data.Common;
using Npgsql;

namespace Waybill.Data;

sealed class PostgresDatabase(string connectionString) : Database
{
    // any number, the same in every version: migrations of one database run one at a time
    const long MigrationLock = 0x57617962696c6c;

    static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["{id}"] = "bigint primary key",
        ["{bytes}"] = "bytea",
        ["{merged}"] = "9223372036854775807",
        ["{bytewise}"] = " collate \"C\"",
        ["{clustered}"] = "",
    };

    readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);

    public override async ValueTask<DbConnection> ReadAsync(CancellationToken ct) => await _source.OpenConnectionAsync(ct);

    public override async Task<T> WriteAsync<T>(Func<DbConnection, ValueTask<T>> work, CancellationToken ct)
    {
        await using var db = await _source.OpenConnectionAsync(ct);
        await using var transaction = await db.BeginTransactionAsync(ct);
        var result = await work(db);
        await transaction.CommitAsync(ct);
        return result;
    }

    // what is no answer of the server is about the way to it
    public override bool IsAway(Exception failure) => failure is NpgsqlException && failure is not PostgresException { IsTransient: false };

    public override async Task MigrateAsync(CancellationToken ct) => await WriteAsync<int>(
        async db =>
        {
            await db.RunAsync("select pg_advisory_xact_lock(@MigrationLock)", new { MigrationLock });
            await Migrations.ApplyAsync(db, Words);
            return 0;
        },
        ct);

    public override ValueTask DisposeAsync() => _source.DisposeAsync();
}
