using System.Data.Common;
using Waybill.Data;

namespace Waybill.Objects.Credentials;

/// <summary>Temporary credentials that ended before their time, by whose they are and what they are for. Nothing is cached: what the database says now counts.</summary>
sealed class Revocations(Database database, TimeProvider clock)
{
    const int OfDevice = 0;
    const int OfJob = 1;

    public Task RevokeDeviceAsync(string device, CancellationToken ct) => RevokeAsync(OfDevice, device, ct);

    public Task RevokeJobAsync(string job, CancellationToken ct) => RevokeAsync(OfJob, job, ct);

    public async ValueTask<bool> HasAsync(SessionGrant grant, CancellationToken ct)
    {
        if (grant.Device is null && grant.Job is null)
            return false;
        var revoked = await database.FirstAsync<long>(
            "select coalesce(max(revoked_at), 0) from s3_revocations where (kind = 0 and name = @Device) or (kind = 1 and name = @Job)",
            new { Device = grant.Device ?? "", Job = grant.Job ?? "" },
            ct);
        return revoked >= grant.IssuedAt;
    }

    /// <summary>The same in the transaction that disables the device.</summary>
    public static ValueTask<int> RevokeDeviceAsync(DbConnection db, string device, long now) => RevokeAsync(db, OfDevice, device, now);

    Task<int> RevokeAsync(int kind, string name, CancellationToken ct) =>
        database.WriteAsync(db => RevokeAsync(db, kind, name, clock.GetUtcNow().ToUnixTimeMilliseconds()), ct);

    static async ValueTask<int> RevokeAsync(DbConnection db, int kind, string name, long now)
    {
        var outlived = now - (long)SessionCredentials.LongestLifetime.TotalMilliseconds;
        await db.RunAsync("delete from s3_revocations where revoked_at < @outlived", new { outlived });
        return await db.RunAsync(
            "insert into s3_revocations (kind, name, revoked_at) values (@kind, @name, @now) on conflict (kind, name) do update set revoked_at = excluded.revoked_at",
            new { kind, name, now });
    }
}
