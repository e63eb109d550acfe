using Waybill.Data;
using Waybill.Line;

namespace Waybill.Transfers;

/// <summary>Puts transfers on the line when their time has come, so that every one of them reaches an end.</summary>
sealed partial class TransferClock(
    Database database, Inbox inbox, CommandQueue commands, ByteFlows flows, TimeProvider clock, ILogger<TransferClock> logger)
    : PeriodicJob(TimeSpan.FromMilliseconds(500), clock, logger)
{
    const int MostAtOnce = 512;

    readonly TimeProvider _clock = clock;
    readonly ILogger _logger = logger;

    protected override async Task RunAsync(CancellationToken ct)
    {
        flows.KeepAlive();
        while (await StrikeAsync(ct) == MostAtOnce)
            flows.KeepAlive();
    }

    async Task<int> StrikeAsync(CancellationToken ct)
    {
        var due = await database.ListAsync<DueTransfer>(
            "select id, device_id as deviceId from transfers where due_at <= @now order by due_at limit @MostAtOnce",
            new { now = _clock.GetUtcNow().ToUnixTimeMilliseconds(), MostAtOnce },
            ct);
        var struck = new List<TransferDue>(due.Count);
        foreach (var (id, device) in due)
        {
            var message = new TransferDue(id, new Sighting(commands.IsListening(device), flows.IsFlowing(id)));
            await inbox.PostAsync(message, ct);
            struck.Add(message);
        }
        foreach (var message in struck)
            await SettledAsync(message, ct);
        foreach (var device in due.Select(d => d.DeviceId).Distinct())
            commands.Wake(device);
        return due.Count;
    }

    async Task SettledAsync(TransferDue message, CancellationToken ct)
    {
        try
        {
            await message.Done.WaitAsync(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogNotSettled(_logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A transfer that is due could not be decided; it is tried again")]
    static partial void LogNotSettled(ILogger logger, Exception e);
}

sealed record DueTransfer(long Id, long DeviceId);
