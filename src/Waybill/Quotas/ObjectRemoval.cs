using System.Data.Common;
using Waybill.Data;
using Waybill.Events;
using Waybill.Objects;

namespace Waybill.Quotas;

/// <summary>An object of a bucket, to be removed.</summary>
sealed record DoomedObject
{
    public long BucketId { get; init; }
    public string Bucket { get; init; } = "";
    public string Key { get; init; } = "";

    /// <summary>Only while it is this one; null: whichever it is.</summary>
    public long? ModifiedAt { get; init; }

    /// <summary>Its device goes too: it is told as nobody's, since of a device that is gone nothing is told.</summary>
    public bool WithDevice { get; init; }
}

/// <summary>Takes objects out of buckets. Counts, events and the bytes' grace time are in the same transaction.</summary>
sealed class ObjectRemoval(EventRows events, TimeProvider clock)
{
    /// <summary>Once in a transaction. Gives those that were there.</summary>
    /// <param name="db">The transaction's.</param>
    /// <param name="doomed">Not too many, so that others need not wait.</param>
    /// <param name="by">Who does it.</param>
    public async ValueTask<IReadOnlyList<DoomedObject>> RunAsync(DbConnection db, IEnumerable<DoomedObject> doomed, string by)
    {
        var (gone, told, hashes, now) = (new List<DoomedObject>(), new List<EventRow>(), new List<byte[]>(), clock.GetUtcNow());
        var freed = new SortedDictionary<long, BucketUsage>();
        // in one order, so that no two on PostgreSQL wait for each other
        foreach (var one in doomed.OrderBy(d => d.BucketId).ThenBy(d => d.Key, StringComparer.Ordinal))
        {
            if (await db.FirstAsync<Removed>(Delete, one) is not { } removed)
                continue;
            gone.Add(one);
            hashes.Add(removed.Sha256);
            freed[one.BucketId] = freed.GetValueOrDefault(one.BucketId, BucketUsage.None) + new BucketUsage(-1, -removed.Size);
            told.Add(new ObjectEvent(one.Bucket, one.Key, removed.Size, Convert.ToHexStringLower(removed.Sha256), by)
                .Row(ObjectEvent.Removed, one.WithDevice ? null : removed.DeviceId, now.ToUnixTimeMilliseconds()));
        }
        await UnusedObjects.MarkAsync(db, hashes, now);
        foreach (var (bucket, usage) in freed)
            await BucketUsage.AddAsync(db, bucket, usage);
        await events.AppendObjectsAsync(db, told);
        return gone;
    }

    const string Delete =
        """
        delete from s3_objects where bucket_id = @BucketId and key = @Key and modified_at = coalesce(@ModifiedAt, modified_at)
        returning sha256, size, device_id as deviceId
        """;

    sealed record Removed
    {
        public byte[] Sha256 { get; init; } = [];
        public long Size { get; init; }
        public long? DeviceId { get; init; }
    }
}
