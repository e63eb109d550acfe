namespace Waybill.Mqtt.Broker.Store;

/// <summary>
/// Where sessions that outlive their connections are kept across a restart, with the retained messages. The broker commits what has
/// gathered since the last commit in one call, one call at a time, and lets nothing out that depends on a change before it is committed.
/// </summary>
public interface IMqttSessionStore
{
    /// <summary>Everything kept, as the changes that would make it anew: each session before its parts, its messages by their number.</summary>
    IAsyncEnumerable<MqttStoreChange> ReadAsync(CancellationToken ct);

    /// <summary>
    /// Makes the changes durable in their order, all or none. When it throws, the same changes come again; each is idempotent by its key.
    /// The list is the broker's and is used again after the call.
    /// </summary>
    ValueTask CommitAsync(IReadOnlyList<MqttStoreChange> changes, CancellationToken ct);
}
