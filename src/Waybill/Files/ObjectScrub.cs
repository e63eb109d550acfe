using System.Diagnostics.Metrics;
using Waybill.Data;
using Waybill.Objects;
using Waybill.Settings;

namespace Waybill.Files;

/// <summary>Hashes every object again, spread over the configured time, and reports what is not what its name says.</summary>
sealed partial class ObjectScrub(
    Database database, DiskStore store, UnrecordedObjects unrecorded, ObjectSettings settings, TimeProvider clock, ILogger<ObjectScrub> logger) : BackgroundService
{
    const int MostAtOnce = 100;
    static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);
    static readonly Meter s_meter = new("Waybill.Objects");
    static readonly Counter<long> s_checked = s_meter.CreateCounter<long>("waybill.objects.scrubbed", "{object}", "Objects hashed again, by what was found");

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (settings.Scrub > TimeSpan.Zero)
        {
            await Task.Delay(settings.Scrub, clock, ct);
            try
            {
                await PassAsync(ct);
                await DropUnrecordedAsync(ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogFailed(logger, e);
            }
        }
    }

    async Task PassAsync(CancellationToken ct)
    {
        byte[] after = [];
        while (await NextAsync(after, ct) is { Count: > 0 } hashes)
        {
            foreach (var hash in hashes)
                await VerifyAsync(hash, ct);
            after = hashes[^1];
            await Task.Delay(Breath, clock, ct);
        }
    }

    async Task VerifyAsync(byte[] sha256, CancellationToken ct)
    {
        var hash = Sha256Digest.FromBytes(sha256);
        var condition = await store.VerifyAsync(hash, ct);
        // one that was removed meanwhile is missing rightly
        if (condition == ObjectCondition.Missing && !await unrecorded.IsRecordedAsync(sha256, ct))
            return;
        s_checked.Add(1, KeyValuePair.Create<string, object?>("condition", condition.ToString().ToLowerInvariant()));
        if (condition != ObjectCondition.Intact)
            LogRot(logger, hash, condition);
    }

    /// <summary>Bytes whose record was never written, or is gone: a crash fell between.</summary>
    async Task DropUnrecordedAsync(CancellationToken ct)
    {
        foreach (var hash in store.All())
        {
            if (await unrecorded.DropAsync(hash, ct))
                LogUnrecorded(logger, hash);
        }
    }

    ValueTask<IReadOnlyList<byte[]>> NextAsync(byte[] after, CancellationToken ct) => database.ListAsync<byte[]>(
        "select sha256 from objects where sha256 > @after order by sha256 limit @MostAtOnce", new { after, MostAtOnce }, ct);

    [LoggerMessage(Level = LogLevel.Error, Message = "Object {Hash} is {Condition}: restore it from a backup, or send the file again")]
    static partial void LogRot(ILogger logger, Sha256Digest hash, ObjectCondition condition);

    [LoggerMessage(Level = LogLevel.Information, Message = "Object {Hash} was recorded nowhere and is removed")]
    static partial void LogUnrecorded(ILogger logger, Sha256Digest hash);

    [LoggerMessage(Level = LogLevel.Error, Message = "Hashing objects again failed; the next pass tries anew")]
    static partial void LogFailed(ILogger logger, Exception e);
}
