using Waybill.Data;
using Waybill.Events;
using Waybill.Line;
using Waybill.Objects;
using Waybill.Quotas;

namespace Waybill.Transfers;

/// <summary>The only writer of transfers: a batch of messages in, one transaction, decisions in the messages.</summary>
sealed class TransferLedger(
    Database database, TransferRows rows, HeldFileRows heldRows, EventRows events, Moments moments, CommittedTransfers committed)
{
    public async Task CommitAsync(IReadOnlyList<LineMessage> batch, CancellationToken ct)
    {
        var moment = await moments.NextAsync(batch.Count, ct);
        var view = await database.WriteAsync(
            async db =>
            {
                var view = new TransferView(moment.Rules);
                foreach (var message in batch)
                    ((TransferMessage)message).Need(view);
                await rows.LoadAsync(db, view);
                await heldRows.LoadAsync(db, view);
                await UploadUsageRows.LoadAsync(db, view);
                foreach (var message in batch)
                    ((TransferMessage)message).Decide(view, moment);
                foreach (var stored in view.Stored)
                    await ObjectRecords.KeepAsync(db, stored, moment.Now);
                await rows.SaveAsync(db, view);
                await heldRows.SaveAsync(db, view);
                await events.AppendAsync(db, view.Events);
                await UploadUsageRows.SaveAsync(db, view, moment.Now);
                if (view.Released.Count > 0)
                    await UnusedObjects.MarkAsync(db, [.. view.Released.Select(r => r.ToBytes())], DateTimeOffset.FromUnixTimeMilliseconds(moment.Now));
                return view;
            },
            ct);
        committed.Tell(view);
        if (view.Events.Count > 0)
            events.Committed();
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
