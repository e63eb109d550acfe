using System.Data.Common;
using Waybill.Data;
using Waybill.Objects;

namespace Waybill.Transfers;

/// <summary>Forgets a transfer that has ended. Its URL dies with it; bytes that nothing else refers to follow after their grace time.</summary>
sealed class TransferRemoval(Database database, GrantedTransfers granted, TimeProvider clock)
{
    /// <exception cref="RefusedException"><c>transfer_open</c>, <c>transfer_not_found</c>.</exception>
    public async Task DeleteAsync(long id, CancellationToken ct)
    {
        var row = new { id };
        await database.WriteAsync(
            async db =>
            {
                var hashes = await db.ListAsync<byte[]>("select sha256 from transfers where id = @id and sha256 is not null", row);
                await db.RunAsync(
                    """
                    delete from transfer_names
                    where (device_id, kind, name, id) in (select device_id, kind, name, id from transfers where id = @id and state >= 10)
                    """,
                    row);
                if (await db.RunAsync("delete from transfers where id = @id and state >= 10", row) == 0)
                    throw await IsThereAsync(db, row)
                        ? new RefusedException("transfer_open", "The transfer is open: cancel it first.")
                        : new RefusedException("transfer_not_found", "There is no such transfer.");
                return await UnusedObjects.MarkAsync(db, hashes, clock.GetUtcNow());
            },
            ct);
        granted.Forget();
    }

    static async ValueTask<bool> IsThereAsync(DbConnection db, object row) =>
        await db.FirstAsync<int>("select count(*) from transfers where id = @id", row) > 0;
}
