using System.Data.Common;
using Waybill.Data;
using Waybill.Objects;

namespace Waybill.S3.Rows;

/// <summary>Which bytes the keys of buckets name.</summary>
sealed class ObjectIndex(Database database, TimeProvider clock)
{
    public long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public ValueTask<S3Object?> FindAsync(Bucket bucket, string key, CancellationToken ct) => database.FirstAsync<S3Object>(
        $"select {S3Object.Columns} from s3_objects where bucket_id = @Id and key = @key", new { bucket.Id, key }, ct);

    /// <exception cref="RefusedException"><c>NoSuchKey</c>.</exception>
    public async ValueTask<S3Object> GetAsync(Bucket bucket, string key, CancellationToken ct) =>
        await FindAsync(bucket, key, ct) ?? throw S3Refusals.NoSuchKey();

    /// <summary>The key names these bytes now. Concurrent puts share the commit of the database.</summary>
    /// <param name="named">The row.</param>
    /// <param name="fresh">The bytes, for their record; null when they are another's already.</param>
    /// <param name="condition">On what the key named before; refuses by throwing.</param>
    public Task PutAsync(S3Object named, ObjectRecord? fresh, Action<S3Object?> condition) => database.WriteAsync(
        db => PutAsync(db, named, fresh, condition),
        // the bytes are on the disk: from here a client that leaves does not undo them
        CancellationToken.None);

    /// <summary>The same within a transaction.</summary>
    public async ValueTask<int> PutAsync(DbConnection db, S3Object named, ObjectRecord? fresh, Action<S3Object?> condition)
    {
        if (fresh is not null)
            await ObjectRecords.KeepAsync(db, fresh, named.ModifiedAt);
        else
            await ReuseAsync(db, named.Sha256);
        while (true)
        {
            // A write, so that on PostgreSQL nobody else puts this key before our commit.
            var before = await db.FirstAsync<S3Object>(
                $"update s3_objects set modified_at = modified_at where bucket_id = @BucketId and key = @Key returning {S3Object.Columns}", named);
            condition(before);
            if (before is null)
            {
                if (await db.RunAsync(Insert, named) == 1)
                    return 1;
                continue;
            }
            await db.RunAsync(Update, named);
            return before.Sha256.AsSpan().SequenceEqual(named.Sha256) ? 1 : await UnusedObjects.MarkAsync(db, [before.Sha256], clock.GetUtcNow());
        }
    }

    /// <summary>Bytes that may have lost their last reference meanwhile are kept, as long as they are there.</summary>
    /// <exception cref="RefusedException"><c>NoSuchKey</c>: they are gone.</exception>
    public static async ValueTask ReuseAsync(DbConnection db, byte[] sha256)
    {
        if (await db.RunAsync("update objects set unused_at = null where sha256 = @sha256", new { sha256 }) == 0)
            throw S3Refusals.NoSuchKey();
    }

    /// <summary>Whatever of these keys there was is gone.</summary>
    public Task DeleteAsync(Bucket bucket, IReadOnlyList<string> keys, CancellationToken ct) => database.WriteAsync(
        async db =>
        {
            var gone = new List<byte[]>(keys.Count);
            foreach (var key in keys)
                gone.AddRange(await db.ListAsync<byte[]>("delete from s3_objects where bucket_id = @Id and key = @key returning sha256", new { bucket.Id, key }));
            return await UnusedObjects.MarkAsync(db, gone, clock.GetUtcNow());
        },
        ct);

    /// <summary>The MD5 that the bytes were recorded with.</summary>
    public async ValueTask<ObjectRecord> RecordAsync(S3Object named, CancellationToken ct)
    {
        var md5 = await database.FirstAsync<byte[]>("select md5 from objects where sha256 = @Sha256", named, ct) ?? throw S3Refusals.NoSuchKey();
        return new(Sha256Digest.FromBytes(named.Sha256), Protocols.Md5Digest.FromBytes(md5), named.Size);
    }

    const string Insert =
        """
        insert into s3_objects (bucket_id, key, sha256, size, etag, modified_at, details)
        values (@BucketId, @Key, @Sha256, @Size, @ETag, @ModifiedAt, @DetailsText) on conflict (bucket_id, key) do nothing
        """;

    const string Update =
        """
        update s3_objects set sha256 = @Sha256, size = @Size, etag = @ETag, modified_at = @ModifiedAt, details = @DetailsText
        where bucket_id = @BucketId and key = @Key
        """;
}
