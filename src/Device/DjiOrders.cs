using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>Does what the platform tells the dock: answers at once, and works on one job at a time behind.</summary>
sealed class DjiOrders(DjiLink link, DjiPresence presence)
{
    readonly Lock _lock = new();
    Task _job = Task.CompletedTask;
    DjiLogExport? _export;
    DjiJob? _running;
    (string? Bid, DjiCommandReply Reply)? _begun;

    public async Task RunAsync(IProgress<DjiJobOutcome>? watcher, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var waiting = link.Told.WaitToReadAsync(ct).AsTask();
                if (!_job.IsCompleted && await Task.WhenAny(waiting, _job) == _job)
                    await _job;
                if (await waiting && link.Told.TryRead(out var told))
                    await ObeyAsync(told, watcher, ct);
            }
        }
        finally
        {
            await _job.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A command that comes twice with one bid is answered twice and begun once.</summary>
    async Task ObeyAsync(DjiTold told, IProgress<DjiJobOutcome>? watcher, CancellationToken ct)
    {
        var bid = told.Envelope.Bid;
        var isJob = told.Command is DjiStartLogs or DjiCreateOta;
        if (isJob && _begun is { } begun && bid is not null && begun.Bid == bid)
        {
            await AnswerAsync(told, begun.Reply, ct);
            return;
        }
        var reply = DjiJudgement.Of(told.Command, new(presence.Condition, link.Options, Running));
        if (told.Command is DjiCancelLogs(var modules) && reply.Result == 0)
            Cancel(modules);
        if (!isJob || !presence.Condition.LosesReplies)
            await AnswerAsync(told, reply, ct);
        if (!isJob || reply.Result != 0)
            return;
        _begun = (bid, reply);
        Running = told.Command is DjiStartLogs ? DjiJob.Logs : DjiJob.Upgrade;
        _job = told.Command is DjiStartLogs start ? ExportAsync(start, bid, watcher, ct) : UpgradeAsync((DjiCreateOta)told.Command, bid, watcher, ct);
    }

    /// <summary>Nothing any more by the time that the end is told.</summary>
    DjiJob? Running
    {
        get
        {
            lock (_lock) return _running;
        }
        set
        {
            lock (_lock) _running = value;
        }
    }

    void Cancel(IReadOnlyList<string> modules)
    {
        lock (_lock) _export?.Cancel(modules);
    }

    async Task ExportAsync(DjiStartLogs start, string? bid, IProgress<DjiJobOutcome>? watcher, CancellationToken ct)
    {
        using var export = new DjiLogExport(link, presence, start, bid);
        lock (_lock) _export = export;
        DjiJobOutcome outcome;
        try
        {
            outcome = await export.RunAsync(ct);
        }
        finally
        {
            lock (_lock) (_export, _running) = (null, null);
        }
        watcher?.Report(outcome);
    }

    async Task UpgradeAsync(DjiCreateOta create, string? bid, IProgress<DjiJobOutcome>? watcher, CancellationToken ct)
    {
        DjiJobOutcome outcome;
        try
        {
            outcome = await new DjiUpgrade(link, presence, create, bid).RunAsync(ct);
        }
        finally
        {
            Running = null;
        }
        watcher?.Report(outcome);
    }

    Task AnswerAsync(DjiTold told, DjiCommandReply reply, CancellationToken ct) =>
        link.SayAsync(link.NewHead() with { Tid = told.Envelope.Tid, Bid = told.Envelope.Bid, Method = told.Envelope.Method }, reply, ct);
}
