using Waybill.Data;
using Waybill.Objects;
using Waybill.Quotas;

namespace Waybill.S3.Rows;

sealed class Buckets(Database database, Ids ids, TimeProvider clock)
{
    public ValueTask<IReadOnlyList<Bucket>> ListAsync(CancellationToken ct) =>
        database.ListAsync<Bucket>($"select {Bucket.Columns} from s3_buckets order by name", null, ct);

    public ValueTask<Bucket?> FindAsync(string name, CancellationToken ct) =>
        database.FirstAsync<Bucket>($"select {Bucket.Columns} from s3_buckets where name = @name", new { name }, ct);

    /// <exception cref="RefusedException"><c>NoSuchBucket</c>.</exception>
    public async ValueTask<Bucket> GetAsync(string name, CancellationToken ct) => await FindAsync(name, ct) ?? throw S3Refusals.NoSuchBucket();

    /// <summary>False when there is one of that name.</summary>
    public async Task<bool> CreateAsync(string name, CancellationToken ct) => await PutAsync(name, null, ct);

    /// <summary>Makes a bucket, or gives one its quota; null keeps what is. Says whether it was made.</summary>
    public async Task<bool> PutAsync(string name, BucketQuota? quota, CancellationToken ct)
    {
        var row = new { id = await ids.NextAsync(ct), name, quota?.MaxObjects, quota?.MaxBytes, now = clock.GetUtcNow().ToUnixTimeMilliseconds() };
        return await database.WriteAsync(
            async db =>
            {
                if (await db.RunAsync(
                    "insert into s3_buckets (id, name, max_objects, max_bytes, created_at) values (@id, @name, @MaxObjects, @MaxBytes, @now) on conflict (name) do nothing", row) == 0)
                {
                    if (quota is not null)
                        await db.RunAsync("update s3_buckets set max_objects = @MaxObjects, max_bytes = @MaxBytes where name = @name", row);
                    return false;
                }
                await BucketUsage.OpenAsync(db, row.id);
                return true;
            },
            ct);
    }

    /// <summary>An empty one goes, and with it the parts of uploads that nobody ended.</summary>
    /// <exception cref="RefusedException"><c>bucket_not_empty</c>.</exception>
    public Task DeleteAsync(Bucket bucket, CancellationToken ct) => database.WriteAsync(
        async db =>
        {
            if (await db.FirstAsync<string>("select key from s3_objects where bucket_id = @Id limit 1", bucket) is not null)
                throw new RefusedException("bucket_not_empty", "The bucket you tried to delete is not empty");
            var parts = await db.ListAsync<byte[]>(
                "delete from s3_parts where upload_id in (select id from s3_uploads where bucket_id = @Id) returning sha256", bucket);
            await db.RunAsync("delete from s3_uploads where bucket_id = @Id", bucket);
            await BucketUsage.CloseAsync(db, bucket.Id);
            await db.RunAsync("delete from s3_buckets where id = @Id", bucket);
            return await UnusedObjects.MarkAsync(db, parts, clock.GetUtcNow());
        },
        ct);

    public Task SetCorsAsync(Bucket bucket, string? cors, CancellationToken ct) =>
        database.WriteAsync(db => db.RunAsync("update s3_buckets set cors = @cors where id = @Id", new { bucket.Id, cors }), ct);
}
