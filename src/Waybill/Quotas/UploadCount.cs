using Waybill.Data;

namespace Waybill.Quotas;

/// <summary>What a device has uploaded, as it is recorded now.</summary>
sealed class UploadCount(Database database, TimeProvider clock)
{
    /// <param name="deviceId">Whose.</param>
    /// <param name="except">An upload under way that is not counted.</param>
    /// <param name="ct">Ends the wait.</param>
    public async ValueTask<UploadUsage> OfAsync(long deviceId, long? except, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var found = await UploadUsageRows.ReadAsync(db, [deviceId]);
        return found.Single().At(clock.GetUtcNow().ToUnixTimeMilliseconds(), except);
    }
}
