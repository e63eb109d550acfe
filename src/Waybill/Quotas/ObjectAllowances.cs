using System.Data.Common;
using Waybill.Data;

namespace Waybill.Quotas;

/// <summary>Upload rules of a device for the objects that it puts into buckets. S3 announces no kind of file, so none is judged.</summary>
sealed class ObjectAllowances(Database database, UploadRuleBook book, UploadRefusals refusals, Ids ids, TimeProvider clock)
{
    /// <summary>Before the bytes are taken.</summary>
    /// <exception cref="RefusedException">The rules, or the bucket's quota, forbid it.</exception>
    public async ValueTask DemandAsync(ObjectPutter putter, BucketQuota quota, WantedObject wanted, CancellationToken ct)
    {
        var ruled = putter.Device is not null && !book.Current.IsEmpty;
        if (!ruled && !quota.IsLimited)
            return;
        await using var db = await database.ReadAsync(ct);
        if (quota.IsLimited && await WhyNotAsync(db, quota, wanted) is { } refusal)
            throw refusal;
        if (ruled && await FindAsync(db, putter.Device!) is { } device && RulesFor(device) is { } rules)
            await JudgeAsync(db, device, rules, wanted);
    }

    /// <summary>An id that <see cref="AdmitAsync"/> notes what is new by, to be had before the transaction; 0 where no rule counts.</summary>
    public async ValueTask<long> AskIdAsync(ObjectPutter putter, CancellationToken ct) =>
        putter.Device is null || book.Current.IsEmpty ? 0 : await ids.NextAsync(ct);

    /// <summary>In the transaction that records it. Gives the device's id; null when it is none that is registered.</summary>
    /// <exception cref="RefusedException">The rules forbid it, or the device is disabled.</exception>
    public async ValueTask<long?> AdmitAsync(DbConnection db, ObjectPutter putter, WantedObject wanted, long askId)
    {
        if (putter.Device is null || await FindAsync(db, putter.Device) is not { } device)
            return null;
        if (device.DisabledAt is not null)
            throw new RefusedException("AccessDenied", "Access Denied: the device is disabled.");
        if (RulesFor(device) is not { } rules)
            return device.Id;
        if (rules.NeedUsage)
            // A write, so that on PostgreSQL what else this device puts is counted before or after.
            await db.RunAsync("update devices set seen_at = seen_at where id = @Id", device);
        await JudgeAsync(db, device, rules, wanted);
        if (rules.NeedUsage && wanted.IsNew && askId != 0)
            await NoteAskAsync(db, device.Id, askId);
        return device.Id;
    }

    UploadRules? RulesFor(Owner device) => book.Current.For(device.Product, device.Id);

    async ValueTask JudgeAsync(DbConnection db, Owner device, UploadRules rules, WantedObject wanted)
    {
        var before = wanted.Part is null ? 0 : await OtherPartsAsync(db, wanted);
        var usage = rules.NeedUsage ? await UsageAsync(db, device, wanted) : UploadUsage.None;
        if (rules.WhyNot(new(wanted.Size + before, Type: null, wanted.IsNew), usage) is not { } refusal)
            return;
        refusals.Note(device.Id, new(wanted.Key, refusal.Code, refusal.Message, Now()));
        throw refusal;
    }

    /// <summary>Without what the object takes the place of: the one before, and the upload that becomes it.</summary>
    async ValueTask<UploadUsage> UsageAsync(DbConnection db, Owner device, WantedObject wanted)
    {
        var all = (await UploadUsageRows.ReadAsync(db, [device.Id])).Single().At(Now(), except: null);
        var gives = await db.FirstAsync<BucketUsage>(
            """
            select cast(coalesce(sum(objects), 0) as bigint) as objects, cast(coalesce(sum(bytes), 0) as bigint) as bytes from (
              select 1 as objects, size as bytes from s3_objects where bucket_id = @BucketId and key = @Key and device_id = @Id
              union all select 1, 0 from s3_uploads where id = @UploadId and device_id = @Id
              union all select 0, p.size from s3_parts p join s3_uploads u on u.id = p.upload_id where u.id = @UploadId and u.device_id = @Id
            ) gives
            """,
            new { wanted.BucketId, wanted.Key, device.Id, UploadId = wanted.UploadId ?? 0 }) ?? BucketUsage.None;
        return all with { Files = all.Files - gives.Objects, Bytes = all.Bytes - gives.Bytes };
    }

    static ValueTask<long> OtherPartsAsync(DbConnection db, WantedObject wanted) => db.FirstAsync<long>(
        "select cast(coalesce(sum(size), 0) as bigint) from s3_parts where upload_id = @UploadId and number <> @Part", wanted);

    /// <summary>The same that <see cref="UploadUsageRows"/> does for transfers.</summary>
    async ValueTask NoteAskAsync(DbConnection db, long deviceId, long askId)
    {
        var uploads = (await UploadUsageRows.ReadAsync(db, [deviceId])).Single();
        foreach (var settled in uploads.Settled(Now()))
            await db.RunAsync("delete from upload_asks where device_id = @deviceId and id = @settled", new { deviceId, settled });
        await db.RunAsync("insert into upload_asks (device_id, id, asked_at) values (@deviceId, @askId, @now)", new { deviceId, askId, now = Now() });
    }

    /// <summary>With the parts that are under way to the bucket, since they take its room soon.</summary>
    static async ValueTask<RefusedException?> WhyNotAsync(DbConnection db, BucketQuota quota, WantedObject wanted)
    {
        var before = await db.FirstAsync<long?>("select size from s3_objects where bucket_id = @BucketId and key = @Key", wanted);
        var underWay = wanted.Part is null ? 0 : await db.FirstAsync<long>(
            """
            select cast(coalesce(sum(p.size), 0) as bigint) from s3_parts p join s3_uploads u on u.id = p.upload_id
            where u.bucket_id = @BucketId and not (u.id = @UploadId and p.number = @Part)
            """,
            wanted);
        var added = new BucketUsage(before is null ? 1 : 0, wanted.Size - (before ?? 0) + underWay);
        return quota.WhyNot(await BucketUsage.OfAsync(db, wanted.BucketId) + added, added);
    }

    static async ValueTask<Owner?> FindAsync(DbConnection db, string device) => device.Split('/') is [var product, var name]
        ? await db.FirstAsync<Owner>(
            """
            select d.id, p.name as product, coalesce(d.disabled_at, p.disabled_at) as disabledAt
            from devices d join products p on p.id = d.product_id where p.name = @product and d.name = @name
            """,
            new { product, name })
        : null;

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    sealed record Owner
    {
        public long Id { get; init; }
        public string Product { get; init; } = "";
        public long? DisabledAt { get; init; }
    }
}
