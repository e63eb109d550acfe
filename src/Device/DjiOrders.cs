using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>Does what the platform tells the dock: answers at once, and works on one job at a time behind.</summary>
sealed class DjiOrders(DjiLink link, DjiPresence presence)
{
    readonly Lock _exporting = new();
    Task _job = Task.CompletedTask;
    DjiLogExport? _export;
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
        _job = told.Command is DjiStartLogs start ? ExportAsync(start, bid, watcher, ct) : UpgradeAsync((DjiCreateOta)told.Command, bid, watcher, ct);
    }

    DjiJob? Running => _job.IsCompleted ? null : _export is null ? DjiJob.Upgrade : DjiJob.Logs;

    void Cancel(IReadOnlyList<string> modules)
    {
        lock (_exporting) _export?.Cancel(modules);
    }

    async Task ExportAsync(DjiStartLogs start, string? bid, IProgress<DjiJobOutcome>? watcher, CancellationToken ct)
    {
        using var export = new DjiLogExport(link, presence, start, bid);
        _export = export;
        try
        {
            var outcome = await export.RunAsync(ct);
            watcher?.Report(outcome);
        }
        finally
        {
            lock (_exporting) _export = null;
        }
    }

    async Task UpgradeAsync(DjiCreateOta create, string? bid, IProgress<DjiJobOutcome>? watcher, CancellationToken ct)
    {
        var outcome = await new DjiUpgrade(link, presence, create, bid).RunAsync(ct);
        watcher?.Report(outcome);
    }

    Task AnswerAsync(DjiTold told, DjiCommandReply reply, CancellationToken ct) =>
        link.SayAsync(link.NewHead() with { Tid = told.Envelope.Tid, Bid = told.Envelope.Bid, Method = told.Envelope.Method }, reply, ct);
}
