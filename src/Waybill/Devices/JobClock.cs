using Waybill.Data;
using Waybill.Line;
using Waybill.Link;

namespace Waybill.Devices;

/// <summary>Puts jobs on the line when their time has come, so that every one of them reaches an end.</summary>
abstract partial class JobClock<TJob, TSettings>(Database database, JobRows<TJob> rows, JobLine line, TimeProvider clock, ILogger logger)
    : PeriodicJob(TimeSpan.FromMilliseconds(500), clock, logger)
    where TJob : class, IGatewayJob<TJob>
{
    const int MostAtOnce = 256;

    /// <summary>Jobs that are looked after at once: storage that answers slowly keeps few others waiting.</summary>
    const int Lanes = 8;

    readonly TimeProvider _clock = clock;
    readonly ILogger _logger = logger;

    protected override async Task RunAsync(CancellationToken ct)
    {
        var due = await rows.DueAsync(database, _clock.GetUtcNow().ToUnixTimeMilliseconds(), MostAtOnce, ct);
        await EachAsync(due, SettleAsync, ct);
    }

    protected static Task EachAsync<T>(IEnumerable<T> those, Func<T, CancellationToken, Task> work, CancellationToken ct) =>
        Parallel.ForEachAsync(those, new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = ct }, async (one, token) => await work(one, token));

    /// <summary>Says to a job that its time has come.</summary>
    protected abstract ValueTask<JobWish<TJob, TSettings>> WishAsync(DueJob due, bool isListening, CancellationToken ct);

    async Task SettleAsync(DueJob due, CancellationToken ct)
    {
        try
        {
            await line.DecideAsync(await WishAsync(due, line.IsListening(due.GatewayId), ct), ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogNotSettled(_logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A job that is due could not be decided; it is tried again")]
    static partial void LogNotSettled(ILogger logger, Exception e);
}

/// <summary>How the platform's own messages about jobs come to the line, and whether their gateways hear.</summary>
sealed class JobLine(Inbox inbox, DeviceConnections connections)
{
    public bool IsListening(long gatewayId) => connections.Find(gatewayId) is { Listening.Count: > 0 };

    /// <exception cref="RefusedException">The rules say no.</exception>
    public async Task<TJob> DecideAsync<TJob, TSettings>(JobWish<TJob, TSettings> wish, CancellationToken ct)
        where TJob : class, IGatewayJob<TJob>
    {
        await inbox.PostAsync(wish, ct);
        await wish.Done.WaitAsync(ct);
        return wish.Result!;
    }
}
