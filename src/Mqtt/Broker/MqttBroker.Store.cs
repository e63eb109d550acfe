using System.Text;
using Waybill.Mqtt.Broker.Store;

namespace Waybill.Mqtt.Broker;

/// <summary>What outlives the broker.</summary>
public sealed partial class MqttBroker
{
    /// <summary>Null without a store.</summary>
    internal SessionJournal? Journal { get; }

    /// <summary>Takes everything up that the store kept; to be called once, before the first connection.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        if (Options.SessionStore is not { } store) return;
        MqttSession? session = null;
        List<MqttSession> restored = [];
        await foreach (var change in store.ReadAsync(ct))
        {
            if (change is MqttSessionKept kept) restored.Add(session = Restore(kept));
            else if (change is MqttRetainedKept retained) Retained.Restore(KeptMessage.Of(retained.Message, 0, this));
            else session!.Restore(change);
        }
        foreach (var whole in restored)
        {
            if (await Application.RestoredAsync(whole, whole.Continuity!.UserName, ct)) whole.TellSubscriptions();
            else EndWaiting(whole);
        }
    }

    /// <summary>Completes when the store has taken every change so far.</summary>
    public Task CommittedAsync(CancellationToken ct) => Journal?.WaitAsync(Journal.Last, ct) ?? Task.CompletedTask;

    /// <summary>Unix milliseconds of a time of this broker's clock; null for one that never comes.</summary>
    internal long? ToUnix(long time) => time == long.MaxValue ? null : time - Now + _clock.GetUtcNow().ToUnixTimeMilliseconds();

    internal long FromUnix(long? time) => time is { } at ? at - _clock.GetUtcNow().ToUnixTimeMilliseconds() + Now : long.MaxValue;

    MqttSession Restore(MqttSessionKept kept)
    {
        var session = MqttSession.Restored(this, kept);
        _sessions[kept.ClientId] = session;
        Offline.Add(session, kept.Will);
        // Who was connected when the broker ended begins to be away now
        if (kept.EndsAt is not null) session.Continuity!.EndsAt = FromUnix(kept.EndsAt);
        if (kept.WillAt is not null) session.Continuity!.WillAt = FromUnix(kept.WillAt);
        return session;
    }

    internal void Keep(KeptMessage retained)
    {
        if (!IsOwn(retained.Topic)) Journal?.Append(new MqttRetainedKept(retained.ToStored(this)));
    }

    internal void ForgetRetained(ReadOnlySpan<byte> topic)
    {
        if (!IsOwn(topic)) Journal?.Append(new MqttRetainedEnded(Encoding.UTF8.GetString(topic)));
    }

    /// <summary>What the broker tells of itself is told anew after a restart, and nobody else tells it.</summary>
    internal static bool IsOwn(ReadOnlySpan<byte> topic) => topic.StartsWith("$SYS/"u8);

    /// <inheritdoc cref="IsOwn(ReadOnlySpan{byte})"/>
    internal static bool IsOwn(string topic) => topic.StartsWith("$SYS/", StringComparison.Ordinal);
}
