using System.Security.Cryptography;

namespace Waybill.Data;

/// <summary>Keys that belong to the database, so that every node on it derives the same URLs and ids.</summary>
static class Secrets
{
    /// <summary>The key of this name, made at first use. 32 bytes.</summary>
    public static Task<byte[]> KeyAsync(this Database database, string name, CancellationToken ct) => database.WriteAsync(
        async db =>
        {
            await db.RunAsync(
                "insert into secrets (name, value) values (@name, @value) on conflict (name) do nothing",
                new { name, value = RandomNumberGenerator.GetBytes(32) });
            return (await db.FirstAsync<byte[]>("select value from secrets where name = @name", new { name }))!;
        },
        ct);
}
