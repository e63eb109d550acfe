using Waybill.Data;

namespace Waybill.Tests.S3;

/// <summary>Many keys of a bucket, as rows.</summary>
static class KeyRows
{
    public static Task AddAsync(S3Host s3, int count, Func<int, string> key) => AddAsync(s3.Database, count, key, "box");

    public static Task AddAsync(Database database, int count, Func<int, string> key, string name) => database.WriteAsync(
        async db =>
        {
            var bucket = await db.FirstAsync<long>("select id from s3_buckets where name = @name", new { name });
            foreach (var some in Enumerable.Range(0, count).Chunk(500))
            {
                var rows = string.Join(",", some.Select(n => $"({bucket}, '{key(n)}', @sha256, 0, 'd41d8cd98f00b204e9800998ecf8427e', {n}, 'rows')"));
                await db.RunAsync($"insert into s3_objects (bucket_id, key, sha256, size, etag, modified_at, put_by) values {rows}", new { sha256 = new byte[32] });
            }
            return 0;
        },
        House.Soon);
}
