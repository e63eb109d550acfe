using Waybill.Data;
using Waybill.Objects;

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
    public async Task<bool> CreateAsync(string name, CancellationToken ct)
    {
        var row = new { id = await ids.NextAsync(ct), name, now = clock.GetUtcNow().ToUnixTimeMilliseconds() };
        return await database.WriteAsync(
            db => db.RunAsync("insert into s3_buckets (id, name, created_at) values (@id, @name, @now) on conflict (name) do nothing", row), ct) == 1;
    }

    /// <summary>An empty one goes, and with it the parts of uploads that nobody ended.</summary>
    /// <exception cref="RefusedException"><c>BucketNotEmpty</c>.</exception>
    public Task DeleteAsync(Bucket bucket, CancellationToken ct) => database.WriteAsync(
        async db =>
        {
            if (await db.FirstAsync<string>("select key from s3_objects where bucket_id = @Id limit 1", bucket) is not null)
                throw new RefusedException("BucketNotEmpty", "The bucket you tried to delete is not empty");
            var parts = await db.ListAsync<byte[]>(
                "delete from s3_parts where upload_id in (select id from s3_uploads where bucket_id = @Id) returning sha256", bucket);
            await db.RunAsync("delete from s3_uploads where bucket_id = @Id", bucket);
            await db.RunAsync("delete from s3_buckets where id = @Id", bucket);
            return await UnusedObjects.MarkAsync(db, parts, clock.GetUtcNow());
        },
        ct);

    public Task SetCorsAsync(Bucket bucket, string? cors, CancellationToken ct) =>
        database.WriteAsync(db => db.RunAsync("update s3_buckets set cors = @cors where id = @Id", new { bucket.Id, cors }), ct);
}
