using System.Data.Common;
using System.Globalization;
using Waybill.Data;
using Waybill.Events;
using Waybill.Objects;
using Waybill.Quotas;
using Waybill.Settings;

namespace Waybill.S3.Rows;

/// <summary>Objects that come in parts, until they are whole or given up.</summary>
sealed class UploadRows(Database database, ObjectAllowances allowances, EventRows events, Ids ids, TimeProvider clock)
{
    /// <exception cref="RefusedException">The rules of the device that begins it forbid it.</exception>
    public async Task<Upload> CreateAsync(Bucket bucket, string key, ObjectDetails details, ObjectPutter putter, CancellationToken ct)
    {
        var upload = new Upload
        {
            Id = await ids.NextAsync(ct),
            BucketId = bucket.Id,
            Key = key,
            DetailsText = details.ToText(),
            PutBy = putter.Name,
            CreatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        var askId = await allowances.AskIdAsync(putter, ct);
        await database.WriteAsync(
            async db => await db.RunAsync(InsertUpload, upload with { DeviceId = await allowances.AdmitAsync(db, putter, new(bucket.Id, key, 0), askId) }), ct);
        return upload;
    }

    /// <exception cref="RefusedException"><c>NoSuchUpload</c>, also when it is another key's.</exception>
    public async ValueTask<Upload> GetAsync(Bucket bucket, string key, string? publicId, CancellationToken ct)
    {
        if (!long.TryParse(publicId, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id))
            throw S3Refusals.NoSuchUpload();
        return await database.FirstAsync<Upload>(
            $"select {Upload.Columns} from s3_uploads where id = @id and bucket_id = @bucketId and key = @key", new { id, bucketId = bucket.Id, key }, ct)
            ?? throw S3Refusals.NoSuchUpload();
    }

    /// <summary>Before the bytes of a part are taken: whether they may be.</summary>
    /// <exception cref="RefusedException">The bucket's quota or the device's rules forbid it.</exception>
    public ValueTask DemandAsync(Bucket bucket, Upload upload, int number, long size, CancellationToken ct) =>
        allowances.DemandAsync(upload.Putter, bucket.Quota, new(bucket.Id, upload.Key, size) { UploadId = upload.Id, Part = number }, ct);

    /// <summary>The part in the place of one of its number.</summary>
    /// <param name="upload">Of which.</param>
    /// <param name="part">The row.</param>
    /// <param name="fresh">The bytes, for their record; null when they are another's already.</param>
    public Task PutPartAsync(Upload upload, UploadPart part, ObjectRecord? fresh) => database.WriteAsync(
        async db =>
        {
            if (await db.FirstAsync<long?>("select id from s3_uploads where id = @UploadId", part) is null)
                throw S3Refusals.NoSuchUpload();
            await allowances.AdmitAsync(db, upload.Putter, part.Wanted(upload), askId: 0);
            var before = new List<byte[]>();
            do
                before.AddRange(await db.ListAsync<byte[]>("delete from s3_parts where upload_id = @UploadId and number = @Number returning sha256", part));
            while (await db.RunAsync(InsertPart, part) == 0);
            await ObjectIndex.SwapAsync(db, part.Sha256, fresh, before, part.ModifiedAt);
            return 1;
        },
        CancellationToken.None);

    public ValueTask<IReadOnlyList<UploadPart>> PartsAsync(Upload upload, int after, int limit, CancellationToken ct) => database.ListAsync<UploadPart>(
        $"select {UploadPart.Columns} from s3_parts where upload_id = @Id and number > @after order by number limit @limit", new { upload.Id, after, limit }, ct);

    /// <summary>The upload and its parts go, and with <paramref name="also"/> what they became comes, all or nothing.</summary>
    /// <param name="upload">Which.</param>
    /// <param name="also">Is given the parts' hashes and lets go of them.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="RefusedException"><c>NoSuchUpload</c>: it has gone already.</exception>
    public async Task EndAsync(Upload upload, Func<DbConnection, IReadOnlyList<byte[]>, ValueTask<int>>? also, CancellationToken ct)
    {
        await database.WriteAsync(
            async db =>
            {
                var parts = await db.ListAsync<byte[]>("delete from s3_parts where upload_id = @Id returning sha256", upload);
                if (await db.RunAsync("delete from s3_uploads where id = @Id", upload) == 0)
                    throw S3Refusals.NoSuchUpload();
                return also is null ? await UnusedObjects.MarkAsync(db, parts, clock.GetUtcNow()) : await also(db, parts);
            },
            ct);
        events.Committed();
    }

    /// <summary>Those begun before a time, the oldest first.</summary>
    public ValueTask<IReadOnlyList<Upload>> BegunBeforeAsync(long time, int limit, CancellationToken ct) => database.ListAsync<Upload>(
        $"select {Upload.Columns} from s3_uploads where created_at < @time order by created_at limit @limit", new { time, limit }, ct);

    const string InsertUpload =
        """
        insert into s3_uploads (id, bucket_id, key, details, put_by, device_id, created_at)
        values (@Id, @BucketId, @Key, @DetailsText, @PutBy, @DeviceId, @CreatedAt)
        """;

    const string InsertPart =
        """
        insert into s3_parts (upload_id, number, sha256, md5, size, checksum, modified_at)
        values (@UploadId, @Number, @Sha256, @Md5, @Size, @Checksum, @ModifiedAt) on conflict (upload_id, number) do nothing
        """;
}

/// <summary>Uploads in parts that nobody ended are given up.</summary>
sealed class AbandonedUploads(UploadRows uploads, S3Settings settings, TimeProvider clock, ILogger<AbandonedUploads> logger)
    : PeriodicJob(TimeSpan.FromMinutes(10), clock, logger)
{
    const int MostAtOnce = 100;

    readonly TimeProvider time = clock;

    public async Task SweepAsync(CancellationToken ct)
    {
        var before = (time.GetUtcNow() - settings.AbandonedAfter).ToUnixTimeMilliseconds();
        while (await uploads.BegunBeforeAsync(before, MostAtOnce, ct) is { Count: > 0 } abandoned)
        {
            foreach (var upload in abandoned)
                await EndAsync(upload, ct);
        }
    }

    protected override Task RunAsync(CancellationToken ct) => SweepAsync(ct);

    async Task EndAsync(Upload upload, CancellationToken ct)
    {
        try
        {
            await uploads.EndAsync(upload, null, ct);
        }
        catch (RefusedException)
        {
            // its owner was faster
        }
    }
}
