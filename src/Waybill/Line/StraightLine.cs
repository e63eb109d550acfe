using Waybill.Data;
using Waybill.Link;

namespace Waybill.Line;

/// <summary>
/// The straight line: take what waits, decide it in one transaction, commit, answer, acknowledge.
/// Nothing leaves before the commit; a batch that fails is halved down to the one message that does not work.
/// </summary>
sealed partial class StraightLine(Inbox inbox, Database database, Ledgers ledgers, DeadMessages dead, ILogger<StraightLine> logger) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    readonly HashSet<DeviceConnection> _answered = [];

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        var batch = new List<LineMessage>();
        while (!ct.IsCancellationRequested)
        {
            await inbox.TakeAsync(batch, ct);
            await ProcessAsync(batch, ct);
        }
    }

    async Task ProcessAsync(List<LineMessage> batch, CancellationToken ct)
    {
        var failure = await TryCommitAsync(batch, ct);
        if (failure is null)
            Answer(batch);
        else if (batch.Count == 1)
            await SetAsideAsync(batch[0], failure, ct);
        else
        {
            LogHalving(logger, failure, batch.Count);
            var half = batch.Count / 2;
            await ProcessAsync(batch[..half], ct);
            await ProcessAsync(batch[half..], ct);
        }
    }

    /// <summary>Null when committed; the failure when the database is healthy and the batch itself is to blame.</summary>
    Task<Exception?> TryCommitAsync(List<LineMessage> batch, CancellationToken ct) => TryAsync(() => ledgers.CommitAsync(batch, ct), batch.Count, ct);

    async Task<Exception?> TryAsync(Func<Task> write, int messages, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await write();
                inbox.IsHeld = false;
                return null;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // a write of one row may find the room that a batch did not
                inbox.IsHeld = database.IsAway(e) || !await database.IsHealthyAsync(ct);
                if (!inbox.IsHeld)
                    return e;
                LogDatabase(logger, e, messages);
            }
            await Task.Delay(Pause, ct);
        }
    }

    async Task SetAsideAsync(LineMessage message, Exception failure, CancellationToken ct)
    {
        LogDead(logger, failure, message.GetType().Name);
        if (message.Origin is { IsPublish: true } origin)
        {
            if (await TryAsync(() => dead.KeepAsync(origin, failure, ct), messages: 1, ct) is { } lost)
                LogLost(logger, lost);
            if (origin.PacketId is { } packetId)
                origin.Connection.Acknowledge(packetId);
            origin.Connection.Flush();
        }
        message.Fail(failure);
    }

    void Answer(List<LineMessage> batch)
    {
        foreach (var message in batch)
        {
            try
            {
                message.Answer();
            }
            catch (Exception e)
            {
                LogAnswer(logger, e, message.GetType().Name);
            }
            if (message.Origin is not { } origin)
                continue;
            if (origin.PacketId is { } packetId)
                origin.Connection.Acknowledge(packetId);
            _answered.Add(origin.Connection);
        }
        foreach (var connection in _answered)
            connection.Flush();
        _answered.Clear();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch of {Count} messages failed; trying its halves")]
    static partial void LogHalving(ILogger logger, Exception e, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database does not take writes; {Count} messages wait and are tried again")]
    static partial void LogDatabase(ILogger logger, Exception e, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "A {Kind} message could not be processed and was set aside in dead_messages")]
    static partial void LogDead(ILogger logger, Exception e, string kind);

    [LoggerMessage(Level = LogLevel.Critical, Message = "A message that could not be processed could not be kept in dead_messages either")]
    static partial void LogLost(ILogger logger, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "The answer to a {Kind} message could not be written")]
    static partial void LogAnswer(ILogger logger, Exception e, string kind);
}
