using System.Runtime.CompilerServices;

namespace Waybill.Mqtt.Broker.Store;

/// <summary>Keeps sessions in memory: they outlive the broker, not the process.</summary>
public sealed class MemorySessionStore : IMqttSessionStore
{
    readonly Lock _change = new();
    readonly Dictionary<string, Kept> _sessions = new(StringComparer.Ordinal);
    readonly Dictionary<string, MqttRetainedKept> _retained = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async IAsyncEnumerable<MqttStoreChange> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        List<MqttStoreChange> all;
        lock (_change) all = [.. _sessions.Values.SelectMany(s => s.All), .. _retained.Values];
        foreach (var change in all)
        {
            ct.ThrowIfCancellationRequested();
            yield return change;
        }
        await ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CommitAsync(IReadOnlyList<MqttStoreChange> changes, CancellationToken ct)
    {
        lock (_change)
            foreach (var change in changes) Apply(change);
        return default;
    }

    void Apply(MqttStoreChange change)
    {
        switch (change)
        {
            case MqttSessionKept kept: Of(kept.ClientId).Session = kept; break;
            case MqttSessionEnded ended: _sessions.Remove(ended.ClientId); break;
            case MqttSubscriptionKept kept: Of(kept.ClientId).Subscriptions[kept.Filter] = kept; break;
            case MqttSubscriptionEnded ended: Of(ended.ClientId).Subscriptions.Remove(ended.Filter); break;
            case MqttMessageKept kept: Of(kept.ClientId).Messages[kept.Number] = kept; break;
            case MqttMessageSent sent: Of(sent.ClientId).Sent(sent.Number); break;
            case MqttMessageReceived received: Of(received.ClientId).Messages[received.Number] = received; break;
            case MqttMessageEnded ended: Of(ended.ClientId).Messages.Remove(ended.Number); break;
            case MqttPacketIdKept kept: Of(kept.ClientId).PacketIds[kept.PacketId] = kept; break;
            case MqttPacketIdEnded ended: Of(ended.ClientId).PacketIds.Remove(ended.PacketId); break;
            case MqttRetainedKept kept: _retained[kept.Message.Topic] = kept; break;
            case MqttRetainedEnded ended: _retained.Remove(ended.Topic); break;
            default: throw new NotSupportedException($"{change.GetType().Name} is not a change this store knows.");
        }
    }

    Kept Of(string clientId)
    {
        if (!_sessions.TryGetValue(clientId, out var kept)) _sessions[clientId] = kept = new();
        return kept;
    }

    sealed class Kept
    {
        public MqttSessionKept? Session { get; set; }

        public Dictionary<string, MqttSubscriptionKept> Subscriptions { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<long, MqttStoreChange> Messages { get; } = [];

        public Dictionary<ushort, MqttPacketIdKept> PacketIds { get; } = [];

        public void Sent(long number)
        {
            if (Messages.TryGetValue(number, out var change) && change is MqttMessageKept kept) Messages[number] = kept with { IsSent = true };
        }

        public IEnumerable<MqttStoreChange> All =>
            Session is null ? [] : [Session, .. Subscriptions.Values, .. Messages.Values, .. PacketIds.Values];
    }
}
