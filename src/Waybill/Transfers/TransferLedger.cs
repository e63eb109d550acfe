using System.Data.Common;
using Waybill.Data;
using Waybill.Line;
using Waybill.Objects;
using Waybill.Quotas;

namespace Waybill.Transfers;

/// <summary>The only writer of transfers.</summary>
sealed class TransferLedger(Database database, TransferRows rows, HeldFileRows heldRows, Moments moments, CommittedTransfers committed) : ILedger
{
    public bool Takes(LineMessage message) => message is TransferMessage;

    public async ValueTask<LedgerWork> BeginAsync(IReadOnlyList<LineMessage> messages, CancellationToken ct)
    {
        var moment = await moments.NextAsync(messages.Count, ct);
        return db => RunAsync(db, messages, moment);
    }

    async ValueTask<LedgerOutcome> RunAsync(DbConnection db, IReadOnlyList<LineMessage> messages, Moment moment)
    {
        var view = new TransferView(moment.Rules);
        foreach (var message in messages)
            ((TransferMessage)message).Need(view);
        await rows.LoadAsync(db, view);
        await heldRows.LoadAsync(db, view);
        await UploadUsageRows.LoadAsync(db, view);
        foreach (var message in messages)
            ((TransferMessage)message).Decide(view, moment);
        foreach (var stored in view.Stored)
            await ObjectRecords.KeepAsync(db, stored, moment.Now);
        await rows.SaveAsync(db, view);
        await heldRows.SaveAsync(db, view);
        await UploadUsageRows.SaveAsync(db, view, moment.Now);
        if (view.Released.Count > 0)
            await UnusedObjects.MarkAsync(db, [.. view.Released.Select(r => r.ToBytes())], DateTimeOffset.FromUnixTimeMilliseconds(moment.Now));
        return new(view.Events, () => committed.Tell(view));
    }

    /// <summary>The transfer as it is recorded, for edges that only look.</summary>
    public async ValueTask<Transfer?> FindAsync(long id, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        await using var command = db.CreateCommand();
        command.CommandText = $"select {TransferRows.Columns} from transfers where id = {id}";
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? TransferRows.Row(reader) : null;
    }
}
