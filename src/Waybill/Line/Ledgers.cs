using System.Data.Common;
using Waybill.Data;
using Waybill.Events;

namespace Waybill.Line;

/// <summary>Owns one kind of rows that the line changes, and decides the messages about them.</summary>
interface ILedger
{
    bool Takes(LineMessage message);

    /// <summary>Before the transaction: what deciding these messages, at least one, needs from outside.</summary>
    ValueTask<LedgerWork> BeginAsync(IReadOnlyList<LineMessage> messages, CancellationToken ct);
}

/// <summary>A ledger's part of a batch's transaction: load, decide, save.</summary>
delegate ValueTask<LedgerOutcome> LedgerWork(DbConnection db);

/// <summary>What is recorded with the rows, and who must know when it is committed.</summary>
readonly record struct LedgerOutcome(IReadOnlyList<EventRow> Events, Action? Committed);

/// <summary>Commits batches: each ledger decides its own messages, all of them in one transaction.</summary>
sealed class Ledgers(IEnumerable<ILedger> ledgers, Database database, EventRows events)
{
    readonly ILedger[] _ledgers = [.. ledgers];

    public async Task CommitAsync(IReadOnlyList<LineMessage> batch, CancellationToken ct)
    {
        var works = new List<LedgerWork>(_ledgers.Length);
        foreach (var (ledger, messages) in Divided(batch))
            works.Add(await ledger.BeginAsync(messages, ct));
        var outcomes = await database.WriteAsync(db => RunAsync(works, db), ct);
        foreach (var outcome in outcomes)
            outcome.Committed?.Invoke();
        if (outcomes.Exists(o => o.Events.Count > 0))
            events.Committed();
    }

    async ValueTask<List<LedgerOutcome>> RunAsync(List<LedgerWork> works, DbConnection db)
    {
        var outcomes = new List<LedgerOutcome>(works.Count);
        foreach (var work in works)
            outcomes.Add(await work(db));
        var told = outcomes.FindAll(o => o.Events.Count > 0);
        if (told.Count > 0)
            await events.AppendAsync(db, told.Count == 1 ? told[0].Events : [.. told.SelectMany(o => o.Events)]);
        return outcomes;
    }

    /// <summary>Nearly every batch is one ledger's alone.</summary>
    IEnumerable<(ILedger Ledger, IReadOnlyList<LineMessage> Messages)> Divided(IReadOnlyList<LineMessage> batch)
    {
        var first = Of(batch[0]);
        return batch.All(first.Takes) ? [(first, batch)] : batch.GroupBy(Of).Select(g => (g.Key, (IReadOnlyList<LineMessage>)[.. g]));
    }

    ILedger Of(LineMessage message) =>
        Array.Find(_ledgers, l => l.Takes(message)) ?? throw new InvalidOperationException($"No ledger takes a {message.GetType().Name}.");
}
