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

    /// <summary>The same within the transaction that shuts out a device (<c>product/device</c>) or a whole product.</summary>
    public static ValueTask<int> RevokeAsync(DbConnection db, string deviceOrProduct, long now) => RevokeAsync(db, OfDevice, deviceOrProduct, now);

    /// <summary>The same within the transaction that ends a job (<see cref="Issuers.CredentialAsk.JobOf"/>).</summary>
    public static ValueTask<int> RevokeJobAsync(DbConnection db, string job, long now) => RevokeAsync(db, OfJob, job, now);

    public async ValueTask<bool> HasAsync(SessionGrant grant, CancellationToken ct)
    {
        if (grant.Device is null && grant.Job is null)
            return false;
        var revoked = await database.FirstAsync<long>(
            "select coalesce(max(revoked_at), 0) from s3_revocations where (kind = 0 and name in (@Device, @Product)) or (kind = 1 and name = @Job)",
            new { Device = grant.Device ?? "", Product = grant.Device?.Split('/')[0] ?? "", Job = grant.Job ?? "" },
            ct);
        return revoked >= grant.IssuedAt;
    }

    async Task RevokeAsync(int kind, string name, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await database.WriteAsync(db => RevokeAsync(db, kind, name, now), ct);
    }

    static async ValueTask<int> RevokeAsync(DbConnection db, int kind, string name, long now)
    {
        var outlived = now - (long)SessionCredentials.LongestLifetime.TotalMilliseconds;
        await db.RunAsync("delete from s3_revocations where revoked_at < @outlived", new { outlived });
        return await db.RunAsync(
            "insert into s3_revocations (kind, name, revoked_at) values (@kind, @name, @now) on conflict (kind, name) do update set revoked_at = excluded.revoked_at",
            new { kind, name, now });
    }
}
