using System.Text;
using Waybill.Mqtt.Broker.Store;

namespace Waybill.Mqtt.Broker;

/// <summary>
/// Durable before answered: while a change is not committed that the client could learn of, its output is written but not handed to the
/// transport; the journal flushes it after the commit.
/// </summary>
public sealed partial class MqttSession
{
    SessionRecord? _record;
    long _holdUntil;
    bool _isHeld;

    /// <summary>Holds the output back until a change is committed, for a session that is not itself recorded.</summary>
    internal void HoldUntil(long change)
    {
        lock (_output) _holdUntil = Math.Max(_holdUntil, change);
    }

    /// <summary>The commit is done.</summary>
    internal void FlushHeld()
    {
        lock (_output) _isHeld = false;
        Flush();
    }

    /// <summary>When the session ends: what was answered must be committed before the last bytes leave.</summary>
    internal async ValueTask CommittedAsync(CancellationToken ct)
    {
        if (_broker.Journal is not { } journal) return;
        long until;
        lock (_output) until = Math.Max(_holdUntil, _record?.Until ?? 0);
        await journal.WaitAsync(until, ct);
    }

    bool IsHeldBack()
    {
        if (_broker.Journal is not { } journal) return false;
        var until = Math.Max(_holdUntil, _record?.Until ?? 0);
        if (until <= journal.Committed) return false;
        if (_isHeld) return true;
        return _isHeld = journal.FlushLater(this, until);
    }

    /// <summary>Writes down that the session is there, or that its values changed.</summary>
    internal void Record()
    {
        lock (_output) RecordLocked();
    }

    void RecordLocked()
    {
        if (_broker.Journal is not { } journal || !Persists || _state == State.Ended) return;
        _record ??= new(_broker, journal, ClientId);
        _window?.Record = _record;
        _record.Kept(this);
    }

    /// <summary>From now on nothing of this session outlives the broker.</summary>
    void ForgetRecord()
    {
        _holdUntil = Math.Max(_holdUntil, _record?.Until ?? 0);
        _record?.Ended();
        _record = null;
        _window?.Record = null;
    }

    /// <summary>A session as it was kept, without a connection.</summary>
    internal static MqttSession Restored(MqttBroker broker, MqttSessionKept kept)
    {
        var session = new MqttSession(broker, Continuity.NoConnection)
        {
            ClientId = kept.ClientId,
            Version = kept.Version,
            _state = State.Offline,
            _continuity = new() { ExpirySeconds = kept.ExpirySeconds, UserName = kept.UserName },
        };
        if (broker.Journal is { } journal) session._record = new(broker, journal, kept.ClientId);
        return session;
    }

    /// <summary>Puts back what belonged to it.</summary>
    internal void Restore(MqttStoreChange change)
    {
        switch (change)
        {
            case MqttSubscriptionKept kept:
                var subscription = new Subscription(Encoding.UTF8.GetBytes(kept.Filter), kept.Options, kept.Identifier);
                _subscriptions = [.. _subscriptions, subscription];
                _broker.Index.Subscribe(subscription.Filter, new(this, subscription.Options, subscription.Identifier));
                break;
            case MqttMessageKept kept:
                (_window ??= NewWindow()).Restore(KeptMessage.Of(kept.Message, kept.Number, _broker), kept.IsSent);
                break;
            case MqttMessageReceived received:
                (_window ??= NewWindow()).Restore(received.Number);
                break;
            case MqttPacketIdKept kept:
                (_inbound ??= new()).Receive(kept.PacketId);
                break;
        }
    }
}
