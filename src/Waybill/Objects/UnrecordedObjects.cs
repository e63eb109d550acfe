using Waybill.Data;

namespace Waybill.Objects;

/// <summary>Bytes on the disk that no row speaks of.</summary>
sealed class UnrecordedObjects(Database database, DiskStore store)
{
    /// <summary>Records what was stored. Refused, nothing of it stays.</summary>
    public async Task RecordAsync(StoredObject stored, Func<ObjectRecord, Task> record)
    {
        try
        {
            using (stored)
                await record(stored.Record);
        }
        catch (RefusedException)
        {
            await DropAsync(stored.Sha256, CancellationToken.None);
            throw;
        }
    }

    /// <summary>True when they were there and are gone.</summary>
    public Task<bool> DropAsync(Sha256Digest hash, CancellationToken ct) =>
        store.DeleteAsync(hash, token => IsRecordedAsync(hash.ToBytes(), token), ct);

    public async ValueTask<bool> IsRecordedAsync(byte[] sha256, CancellationToken ct) =>
        await database.FirstAsync<long>("select count(*) from objects where sha256 = @sha256", new { sha256 }, ct) > 0;
}
