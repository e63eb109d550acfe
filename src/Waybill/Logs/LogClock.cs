using Waybill.Data;
using Waybill.Devices;

namespace Waybill.Logs;

/// <summary>Looks in storage for the archives of a request, and puts on the line what it sees there.</summary>
delegate Task LookForArchives(LogRequest request, CancellationToken ct);

/// <summary>Looks for archives that docks say they have uploaded, and ends what is overdue.</summary>
sealed partial class LogClock(Database database, LogRows rows, LookForArchives look, JobLine line, TimeProvider clock, ILogger<LogClock> logger)
    : JobClock<LogRequest, LogSettings>(database, rows, line, clock, logger)
{
    readonly Database _database = database;
    readonly ILogger _logger = logger;

    protected override async Task RunAsync(CancellationToken ct)
    {
        var verifying = await _database.ListAsync<long>("select id from log_requests where state < 10 and step = @step", new { step = (short)LogStep.Verifying }, ct);
        await EachAsync(verifying, LookAsync, ct);
        await base.RunAsync(ct);
    }

    /// <summary>What is stored counts, also when the dock's last word was lost.</summary>
    protected override async ValueTask<JobWish<LogRequest, LogSettings>> WishAsync(DueJob due, bool isListening, CancellationToken ct)
    {
        await LookAsync(due.Id, ct);
        return new LogDue(due.Id, isListening);
    }

    /// <summary>Storage that fails shows in the request's end, and keeps no other request waiting.</summary>
    async Task LookAsync(long id, CancellationToken ct)
    {
        try
        {
            if (await rows.FindAsync(_database, id, ct) is { IsExporting: true } request)
                await look(request, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogNotLooked(_logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Storage could not be looked into for the archives of a log request; it is tried again")]
    static partial void LogNotLooked(ILogger logger, Exception e);
}
