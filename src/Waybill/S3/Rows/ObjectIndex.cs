using System.Data.Common;
using Waybill.Data;
using Waybill.Events;
using Waybill.Objects;
using Waybill.Quotas;

namespace Waybill.S3.Rows;

/// <summary>Which bytes the keys of buckets name.</summary>
sealed class ObjectIndex(Database database, ObjectAllowances allowances, ObjectRemoval removal, EventRows events, TimeProvider clock)
{
    public long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public ValueTask<S3Object?> FindAsync(Bucket bucket, string key, CancellationToken ct) => database.FirstAsync<S3Object>(
        $"select {S3Object.Columns} from s3_objects where bucket_id = @Id and key = @key", new { bucket.Id, key }, ct);

    /// <exception cref="RefusedException"><c>NoSuchKey</c>.</exception>
    public async ValueTask<S3Object> GetAsync(Bucket bucket, string key, CancellationToken ct) =>
        await FindAsync(bucket, key, ct) ?? throw S3Refusals.NoSuchKey();

    /// <summary>Before the bytes are taken: whether they may be.</summary>
    /// <exception cref="RefusedException">The bucket's quota or the device's rules forbid it.</exception>
    public ValueTask DemandAsync(Bucket bucket, ObjectPutter putter, WantedObject wanted, CancellationToken ct) =>
        allowances.DemandAsync(putter, bucket.Quota, wanted, ct);

    /// <summary>The key names these bytes now. Concurrent puts share the commit of the database.</summary>
    /// <param name="put">What, where and by whom.</param>
    /// <param name="condition">On what the key named before; refuses by throwing.</param>
    public async Task PutAsync(ObjectPut put, Action<S3Object?> condition)
    {
        var askId = await allowances.AskIdAsync(put.Putter, CancellationToken.None);
        // the bytes are on the disk: from here a client that leaves does not undo them
        await database.WriteAsync(db => PutAsync(db, put, askId, condition), CancellationToken.None);
        events.Committed();
    }

    /// <summary>The same within a transaction; <see cref="UploadRows.EndAsync"/> tells the feed.</summary>
    public async ValueTask<int> PutAsync(DbConnection db, ObjectPut put, long askId, Action<S3Object?> condition)
    {
        var named = put.Named with { PutBy = put.Putter.Name, DeviceId = await allowances.AdmitAsync(db, put.Putter, put.Wanted, askId) };
        var quota = put.Bucket.Quota.IsLimited ? await BucketUsage.HoldQuotaAsync(db, named.BucketId) : put.Bucket.Quota;
        var before = await ReplaceAsync(db, named, condition);
        await SwapAsync(db, named.Sha256, put.Fresh, before is null ? put.Lost : [.. put.Lost, before.Sha256], named.ModifiedAt);
        var added = new BucketUsage(before is null ? 1 : 0, named.Size - (before?.Size ?? 0));
        await BucketUsage.AddAsync(db, named.BucketId, added);
        if (quota.IsLimited && quota.WhyNot(await BucketUsage.OfAsync(db, named.BucketId), added) is { } refusal)
            throw refusal;
        await events.AppendObjectsAsync(db, Told(put.Bucket, named, before));
        return 1;
    }

    /// <summary>Bytes that are referred to now, and such that lost a reference: in one order, so that no two on PostgreSQL wait for each other.</summary>
    /// <param name="db">A transaction in which the references are changed already.</param>
    /// <param name="kept">Referred to.</param>
    /// <param name="fresh">Their record; null when they are another's already.</param>
    /// <param name="lost">No longer referred to from here.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <exception cref="RefusedException"><c>NoSuchKey</c>: another's are gone.</exception>
    public static async ValueTask SwapAsync(DbConnection db, byte[] kept, ObjectRecord? fresh, IReadOnlyList<byte[]> lost, long now)
    {
        foreach (var sha256 in lost.Append(kept).DistinctBy(Convert.ToHexString).OrderBy(Convert.ToHexString, StringComparer.Ordinal))
        {
            if (!sha256.AsSpan().SequenceEqual(kept))
                await UnusedObjects.MarkAsync(db, [sha256], DateTimeOffset.FromUnixTimeMilliseconds(now));
            else if (fresh is not null)
                await ObjectRecords.KeepAsync(db, fresh, now);
            else if (await db.RunAsync("update objects set unused_at = null where sha256 = @sha256", new { sha256 }) == 0)
                throw S3Refusals.NoSuchKey();
        }
    }

    /// <summary>Gives what was there.</summary>
    static async ValueTask<S3Object?> ReplaceAsync(DbConnection db, S3Object named, Action<S3Object?> condition)
    {
        while (true)
        {
            // A write, so that on PostgreSQL nobody else puts this key before our commit.
            var before = await db.FirstAsync<S3Object>(
                $"update s3_objects set modified_at = modified_at where bucket_id = @BucketId and key = @Key returning {S3Object.Columns}", named);
            condition(before);
            if (await db.RunAsync(before is null ? Insert : Update, named) == 1)
                return before;
        }
    }

    /// <summary>To one device it was removed when another put over it.</summary>
    static EventRow[] Told(Bucket bucket, S3Object named, S3Object? before)
    {
        var stored = Event(bucket, named, named.PutBy) with { Overwrote = before is not null };
        var told = stored.Row(ObjectEvent.Stored, named.DeviceId, named.ModifiedAt);
        return before is { DeviceId: { } other } && other != named.DeviceId
            ? [Event(bucket, before, named.PutBy).Row(ObjectEvent.Removed, other, named.ModifiedAt), told]
            : [told];
    }

    static ObjectEvent Event(Bucket bucket, S3Object o, string by) => new(bucket.Name, o.Key, o.Size, Convert.ToHexStringLower(o.Sha256), by);

    /// <summary>Whatever of these keys there was is gone; gives those that were there.</summary>
    /// <param name="bucket">Where.</param>
    /// <param name="keys">Not too many.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<int> DeleteAsync(Bucket bucket, IEnumerable<string> keys, string by, CancellationToken ct)
    {
        var gone = await database.WriteAsync(db => removal.RunAsync(db, keys.Select(k => new DoomedObject { BucketId = bucket.Id, Bucket = bucket.Name, Key = k }), by), ct);
        if (gone.Count > 0)
            events.Committed();
        return gone.Count;
    }

    /// <summary>The MD5 that the bytes were recorded with.</summary>
    public async ValueTask<ObjectRecord> RecordAsync(S3Object named, CancellationToken ct)
    {
        var md5 = await database.FirstAsync<byte[]>("select md5 from objects where sha256 = @Sha256", named, ct) ?? throw S3Refusals.NoSuchKey();
        return new(Sha256Digest.FromBytes(named.Sha256), Protocols.Md5Digest.FromBytes(md5), named.Size);
    }

    const string Insert =
        """
        insert into s3_objects (bucket_id, key, sha256, size, etag, modified_at, details, put_by, device_id)
        values (@BucketId, @Key, @Sha256, @Size, @ETag, @ModifiedAt, @DetailsText, @PutBy, @DeviceId) on conflict (bucket_id, key) do nothing
        """;

    const string Update =
        """
        update s3_objects set sha256 = @Sha256, size = @Size, etag = @ETag, modified_at = @ModifiedAt, details = @DetailsText,
          put_by = @PutBy, device_id = @DeviceId
        where bucket_id = @BucketId and key = @Key
        """;
}
