using Waybill.Line;

namespace Waybill.Quotas;

/// <summary>What retention removed of a product, or would remove.</summary>
/// <param name="Files">How many uploads.</param>
/// <param name="Bytes">Theirs.</param>
/// <param name="First">The first of them.</param>
/// <param name="More">Whether there are more than one run removes.</param>
sealed record RetentionOutcome(long Files, long Bytes, IReadOnlyList<ExpiredUpload> First, bool More);

/// <summary>Removes what the rules keep no longer, a few at a time: the bytes of uploads, as messages on the line, and objects that devices put
/// into buckets.</summary>
sealed partial class UploadRetention(
    ExpiredUploads expired, DeviceObjects objects, Inbox inbox, RetentionMeter meter, ILogger<UploadRetention> logger)
{
    const int MostShown = 100;
    const int MostPerRun = 10_000;

    const int MostAtOnce = 1000;

    /// <summary>So many share a commit: a few milliseconds of the writer.</summary>
    const int Slice = 50;

    /// <summary>What would be removed now.</summary>
    public async Task<RetentionOutcome> LookAsync(long product, CancellationToken ct)
    {
        var (files, bytes, first) = (0L, 0L, new List<ExpiredUpload>());
        for (var at = await expired.NextAsync(product, "", ct); at is not null; at = await expired.NextAsync(product, at.Last, ct))
        {
            var (count, size) = await expired.CountAsync(at, ct);
            (files, bytes) = (files + count, bytes + size);
            if (count > 0 && first.Count < MostShown)
                first.AddRange(await expired.ListAsync(at, MostShown - first.Count, ct));
        }
        return new(files, bytes, first, More: false);
    }

    public async Task<RetentionOutcome> RunAsync(long product, CancellationToken ct)
    {
        var (files, bytes, first) = (0L, 0L, new List<ExpiredUpload>());
        for (var at = await expired.NextAsync(product, "", ct); at is not null && files < MostPerRun; at = await expired.NextAsync(product, at.Last, ct))
        {
            for (var found = await ListAsync(at); found.Count > 0 && files < MostPerRun; found = await ListAsync(at))
            {
                foreach (var slice in found.Chunk(Slice))
                {
                    var removed = await RemoveAsync(slice, ct);
                    (files, bytes) = (files + removed.Count, bytes + removed.Sum(f => f.Size));
                    first.AddRange(removed.Take(MostShown - first.Count));
                }
            }
        }
        if (files > 0)
            LogRemoved(logger, files, bytes);
        return new(files, bytes, first, More: files >= MostPerRun);

        ValueTask<IReadOnlyList<ExpiredUpload>> ListAsync(DeviceSpan at) => expired.ListAsync(at, MostAtOnce, ct);
    }

    /// <summary>Those that were still there: another run may be under way.</summary>
    async Task<IReadOnlyList<ExpiredUpload>> RemoveAsync(ExpiredUpload[] found, CancellationToken ct)
    {
        var removed = await RemoveObjectsAsync([.. found.Where(f => f.Bucket is not null)], ct);
        var removals = found.Where(f => f.Bucket is null).Select(f => (Upload: f, Message: new ContentRemoval(f.Id, f.Reason))).ToList();
        foreach (var (_, message) in removals)
            await inbox.PostAsync(message, ct);
        foreach (var (upload, message) in removals)
        {
            await message.Done.WaitAsync(ct);
            if (message.Result is null)
                continue;
            removed.Add(upload);
        }
        foreach (var one in removed)
            meter.Removed(one.Size);
        return removed;
    }

    async Task<List<ExpiredUpload>> RemoveObjectsAsync(IReadOnlyList<ExpiredUpload> found, CancellationToken ct)
    {
        if (found.Count == 0)
            return [];
        var doomed = found.ToDictionary(f => new DoomedObject { BucketId = f.BucketId, Bucket = f.Bucket!, Key = f.File, ModifiedAt = f.CreatedAt });
        return [.. (await objects.RemoveAsync([.. doomed.Keys], "retention", ct)).Select(gone => doomed[gone])];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Retention removed {Files} uploads of {Bytes} bytes")]
    static partial void LogRemoved(ILogger logger, long files, long bytes);
}

/// <summary>Retention, again and again.</summary>
sealed class UploadRetentionJob(
    ExpiredUploads expired, UploadRetention retention, RetentionSettings settings, TimeProvider clock, ILogger<UploadRetentionJob> logger)
    : PeriodicJob(settings.Every, clock, logger)
{
    protected override async Task RunAsync(CancellationToken ct)
    {
        foreach (var product in await expired.ProductsAsync(ct))
        {
            while ((await retention.RunAsync(product, ct)).More)
            {
                // other products' turn comes when nothing of this one is left
            }
        }
    }
}
