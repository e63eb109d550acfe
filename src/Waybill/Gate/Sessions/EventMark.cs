using Waybill.Data;

namespace Waybill.Gate.Sessions;

/// <summary>How far the events have come that sessions wait for: from there they go on after a restart.</summary>
sealed class EventMark(Database database)
{
    long? _written;

    public async Task<long?> ReadAsync(CancellationToken ct) =>
        _written = await database.FirstAsync<long?>("select cursor from mqtt_event_mark where id = 1", null, ct);

    /// <summary>Null: nobody waits.</summary>
    public async Task WriteAsync(long? cursor, CancellationToken ct)
    {
        if (cursor == _written)
            return;
        await database.WriteAsync(
            db => cursor is null
                ? db.RunAsync("delete from mqtt_event_mark where id = 1")
                : db.RunAsync("insert into mqtt_event_mark (id, cursor) values (1, @cursor) on conflict (id) do update set cursor = excluded.cursor", new { cursor }),
            ct);
        _written = cursor;
    }
}
