using Microsoft.Data.Sqlite;
using Waybill.Data;

namespace Waybill.Transfers;

/// <summary>Moves <see cref="RecentNames"/> into <c>transfer_names</c>, in slices that hold up the writer for a few milliseconds each.</summary>
sealed partial class NameMerge(Database database, RecentNames names, ILogger<NameMerge> logger) : BackgroundService
{
    const int Slice = 512;
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    SqliteInsert<(TransferKey Key, long Id)>? _insert;

    /// <summary>Before the line starts: see <see cref="TransferRoom.AddTransfers"/>.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await names.ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await names.EnoughAsync(ct);
            var merging = names.BeginMerge();
            while (!await TryMergeAsync(merging, ct))
                await Task.Delay(Pause, ct);
            names.Merged();
        }
    }

    async Task<bool> TryMergeAsync(IReadOnlyList<(TransferKey Key, long Id)> merging, CancellationToken ct)
    {
        try
        {
            await MergeAsync(merging, ct);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(logger, e);
            return false;
        }
    }

    async Task MergeAsync(IReadOnlyList<(TransferKey Key, long Id)> merging, CancellationToken ct)
    {
        foreach (var slice in merging.Chunk(Slice))
            await database.WriteAsync(db => InsertAsync((SqliteConnection)db, slice), ct);
        // ids are committed in order, so everything up to the highest is merged; a crash before this repeats harmless inserts
        var highest = merging.Max(n => n.Id);
        await database.WriteAsync(db => db.RunAsync("update sequences set next = @highest where name = 'transfer_names'", new { highest }), ct);
    }

    ValueTask<int> InsertAsync(SqliteConnection db, (TransferKey Key, long Id)[] slice)
    {
        _insert ??= new(
            db,
            "insert or ignore into transfer_names",
            "device_id, kind, name, id",
            static (insert, row) => insert.Bind(row.Key.DeviceId).Bind((long)row.Key.Kind).Bind(row.Key.Name).Bind(row.Id));
        _insert.Run(slice);
        return new(slice.Length);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Names of new transfers could not be merged; they are found all the same and the merge is tried again")]
    static partial void LogFailed(ILogger logger, Exception e);
}
