using System.Globalization;
using Waybill.Data;

namespace Waybill.Benchmarks;

/// <summary>Many keys in a fresh database, to list: <c>s3keys DATA BUCKET COUNT</c>. Keys are <c>{part}/{number}</c>, a thousand of each part; they name no bytes.</summary>
static class S3Keys
{
    public static async Task<int> RunAsync(string data, string bucket, int count)
    {
        await using var database = Database.Open(null, Directory.CreateDirectory(data).FullName);
        await database.MigrateAsync(CancellationToken.None);
        await database.WriteAsync(
            db => db.RunAsync("insert into s3_buckets (id, name, created_at) values (0, @bucket, 0)", new { bucket }), CancellationToken.None);
        foreach (var some in Enumerable.Range(0, count).Chunk(500))
        {
            var rows = string.Join(",", some.Select(n => string.Create(
                CultureInfo.InvariantCulture, $"(0, '{n / 1000:D6}/{n % 1000:D6}.log', @sha256, 4096, 'd41d8cd98f00b204e9800998ecf8427e', {n}, 'bench')")));
            await database.WriteAsync(
                db => db.RunAsync($"insert into s3_objects (bucket_id, key, sha256, size, etag, modified_at, put_by) values {rows}", new { sha256 = new byte[32] }),
                CancellationToken.None);
        }
        return 0;
    }
}
