using System.Text;
using System.Text.RegularExpressions;
using Waybill.Data;

namespace Waybill.Line;

/// <summary>Messages that could not be processed though the database is healthy: kept, visible, replayable.</summary>
sealed class DeadMessages(Database database, Ids ids, TimeProvider clock)
{
    public async Task KeepAsync(Origin origin, Exception failure, CancellationToken ct)
    {
        var id = await ids.NextAsync(ct);
        var row = new
        {
            id,
            device = origin.Connection.Device.Id,
            dialect = origin.Dialect.Name,
            topic = Encoding.UTF8.GetString(origin.Topic),
            payload = origin.Payload,
            reason = failure.Message,
            now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        await database.WriteAsync(
            db => db.RunAsync(
                "insert into dead_messages (id, device_id, dialect, topic, payload, reason, created_at) values (@id, @device, @dialect, @topic, @payload, @reason, @now)",
                row),
            ct);
    }

    public async ValueTask<DeadMessage?> FindAsync(long id, CancellationToken ct) =>
        await ListAsync(id - 1, 1, null, ct) is [var message] && message.Id == id ? message : null;

    public ValueTask<IReadOnlyList<DeadMessage>> ListAsync(long after, int limit, IReadOnlyList<string>? products, CancellationToken ct)
    {
        var within = new OneOf("p.name", "within", products);
        return database.ListAsync<DeadMessage>(
            $"""
            select m.id, m.device_id as deviceId, p.name as product, d.name as device, m.dialect, m.topic, m.payload, m.reason, m.created_at as createdAt
            from dead_messages m join devices d on d.id = m.device_id join products p on p.id = d.product_id
            where m.id > @after{within.Sql} order by m.id limit @limit
            """,
            within.With(new { after, limit }),
            ct);
    }

    public async Task<bool> RemoveAsync(long id, CancellationToken ct) =>
        await database.WriteAsync(db => db.RunAsync("delete from dead_messages where id = @id", new { id }), ct) == 1;
}

/// <summary>A message set aside, with the device that sent it and why it could not be processed.</summary>
sealed partial record DeadMessage(long Id, long DeviceId, string Product, string Device, string Dialect, string Topic, byte[] Payload, string Reason, long CreatedAt)
{
    /// <summary>The payload for people: without what devices must keep to themselves.</summary>
    public string Text => Secret().Replace(Encoding.UTF8.GetString(Payload), "${name}\"…\"");

    [GeneratedRegex(
        """(?<name>"(device_secret|nonce|device_binding_code|app_key|app_license|access_key_secret|security_token|secret|password)"\s*:\s*)"[^"]*"?""",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Secret();
}
