using System.Data.Common;
using System.Runtime.CompilerServices;
using Waybill.Data;
using Waybill.Mqtt.Broker.Store;

namespace Waybill.Gate.Sessions;

/// <summary>Sessions of applications, and retained messages, in the database. What the broker gathered is one write.</summary>
sealed class SessionStore(Database database) : IMqttSessionStore
{
    public async IAsyncEnumerable<MqttStoreChange> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        foreach (var row in await db.ListAsync<RetainedRow>($"select {RetainedRow.Columns} from mqtt_retained"))
            yield return row.ToChange();
        var subscriptions = (await db.ListAsync<SubscriptionRow>($"select {SubscriptionRow.Columns} from mqtt_subscriptions")).ToLookup(s => s.ClientId, StringComparer.Ordinal);
        var packetIds = (await db.ListAsync<PacketIdRow>($"select {PacketIdRow.Columns} from mqtt_packet_ids")).ToLookup(p => p.ClientId, StringComparer.Ordinal);
        foreach (var session in await db.ListAsync<SessionRow>($"select {SessionRow.Columns} from mqtt_sessions"))
        {
            ct.ThrowIfCancellationRequested();
            yield return session.ToChange();
            foreach (var row in subscriptions[session.ClientId])
                yield return row.ToChange();
            foreach (var row in packetIds[session.ClientId])
                yield return row.ToChange();
            // of one session at a time: they may be many
            foreach (var row in await db.ListAsync<MessageRow>($"select {MessageRow.Columns} from mqtt_messages where client_id = @ClientId order by number", session))
                yield return row.ToChange();
        }
    }

    public ValueTask CommitAsync(IReadOnlyList<MqttStoreChange> changes, CancellationToken ct)
    {
        var needed = Needed(changes);
        return needed.Count == 0 ? default : new(database.WriteAsync(
            async db =>
            {
                foreach (var change in needed)
                    await ApplyAsync(db, change);
                return 0;
            },
            ct));
    }

    /// <summary>Without what the same changes end or replace: a message that was delivered at once is never written.</summary>
    static List<MqttStoreChange> Needed(IReadOnlyList<MqttStoreChange> changes)
    {
        var (ended, topics) = (new HashSet<(string, long)>(), new HashSet<string>(StringComparer.Ordinal));
        var needed = new List<MqttStoreChange>(changes.Count);
        for (var at = changes.Count - 1; at >= 0; at--)
        {
            var isNeeded = changes[at] switch
            {
                MqttMessageEnded change => ended.Add((change.ClientId, change.Number)),
                MqttMessageSent change => !ended.Contains((change.ClientId, change.Number)),
                MqttMessageReceived change => !ended.Contains((change.ClientId, change.Number)),
                MqttMessageKept change => !ended.Contains((change.ClientId, change.Number)),
                MqttRetainedKept change => topics.Add(change.Message.Topic),
                MqttRetainedEnded change => topics.Add(change.Topic),
                _ => true,
            };
            if (isNeeded)
                needed.Add(changes[at]);
        }
        needed.Reverse();
        return needed;
    }

    static async ValueTask ApplyAsync(DbConnection db, MqttStoreChange change)
    {
        if (change is MqttSessionEnded)
        {
            foreach (var table in (string[])["mqtt_sessions", "mqtt_subscriptions", "mqtt_messages", "mqtt_packet_ids"])
                await db.RunAsync($"delete from {table} where client_id = @ClientId", change);
            return;
        }
        var (sql, values) = change switch
        {
            MqttSessionKept kept => (SessionRow.Put, (object)SessionRow.Of(kept)),
            MqttSubscriptionKept kept => (SubscriptionRow.Put, SubscriptionRow.Of(kept)),
            MqttSubscriptionEnded => ("delete from mqtt_subscriptions where client_id = @ClientId and filter = @Filter", change),
            MqttMessageKept kept => (MessageRow.Put, MessageRow.Of(kept)),
            MqttMessageSent => ("update mqtt_messages set sent = 1 where client_id = @ClientId and number = @Number", change),
            MqttMessageReceived received => (MessageRow.Put, new MessageRow { ClientId = received.ClientId, Number = received.Number }),
            MqttMessageEnded => ("delete from mqtt_messages where client_id = @ClientId and number = @Number", change),
            MqttPacketIdKept kept => (PacketIdRow.Put, new PacketIdRow { ClientId = kept.ClientId, PacketId = kept.PacketId }),
            MqttPacketIdEnded freed => (PacketIdRow.Delete, new PacketIdRow { ClientId = freed.ClientId, PacketId = freed.PacketId }),
            MqttRetainedKept kept => (RetainedRow.Put, RetainedRow.Of(kept)),
            MqttRetainedEnded => ("delete from mqtt_retained where topic = @Topic", change),
            _ => throw new NotSupportedException($"{change.GetType().Name} is not a change this store knows."),
        };
        await db.RunAsync(sql, values);
    }
}
