using System.Data.Common;
using Dapper;

namespace Waybill.Data;

/// <summary>The few shapes in which rooms talk SQL, on Dapper.</summary>
static class Sql
{
    public static async ValueTask<int> RunAsync(this DbConnection db, string sql, object? values = null) =>
        await db.ExecuteAsync(sql, values);

    public static async ValueTask<T?> FirstAsync<T>(this DbConnection db, string sql, object? values = null) =>
        await db.QueryFirstOrDefaultAsync<T>(sql, values);

    public static async ValueTask<IReadOnlyList<T>> ListAsync<T>(this DbConnection db, string sql, object? values = null) =>
        (await db.QueryAsync<T>(sql, values)).AsList();

    public static async ValueTask<T?> FirstAsync<T>(this Database database, string sql, object? values, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await db.FirstAsync<T>(sql, values);
    }

    public static async ValueTask<IReadOnlyList<T>> ListAsync<T>(this Database database, string sql, object? values, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await db.ListAsync<T>(sql, values);
    }
}
