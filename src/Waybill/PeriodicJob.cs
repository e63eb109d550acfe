namespace Waybill;

/// <summary>A job done again and again. A failure is logged and the job is done again at the next turn: it never stops the server.</summary>
abstract partial class PeriodicJob(TimeSpan period, TimeProvider clock, ILogger logger) : BackgroundService
{
    protected abstract Task RunAsync(CancellationToken ct);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await TryAsync(stoppingToken);
    }

    protected async Task TryAsync(CancellationToken ct)
    {
        try
        {
            await RunAsync(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(logger, e, GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Job} failed and is tried again")]
    static partial void LogFailed(ILogger logger, Exception e, string job);
}
