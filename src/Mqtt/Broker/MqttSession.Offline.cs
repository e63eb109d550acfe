using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>
/// Sessions that outlive their connections (4.1). When the connection ends a successor without one takes the subscriptions, the messages and
/// the ids in flight; it keeps what comes for them until the next connection takes all of it over.
/// </summary>
public sealed partial class MqttSession
{
    static long s_lastIdentity;

    Continuity? _continuity;

    /// <summary>The same for all sessions of a client of which one took over from the other.</summary>
    internal long Identity { get; private set; } = Interlocked.Increment(ref s_lastIdentity);

    /// <summary>Whether the session stays when its connection ends.</summary>
    internal bool Persists => _continuity is { ExpirySeconds: > 0 };

    internal bool IsOffline => _state == State.Offline;

    /// <summary>Whether it was made to wait for its client.</summary>
    internal bool HadNoConnection => _connection == Continuity.NoConnection;

    internal Continuity? Continuity => _continuity;

    /// <summary>Seconds the session stays without a connection; 0 is that it ends with it.</summary>
    public uint ExpirySeconds => _continuity?.ExpirySeconds ?? 0;

    /// <summary>
    /// Shortens the time the session stays without a connection, for good. In <see cref="MqttApplication.ConnectAsync"/> a session that had
    /// stayed is still gone on with; with 0 this one ends with its connection.
    /// </summary>
    public void LimitExpiry(uint seconds)
    {
        lock (_output)
        {
            if (ExpirySeconds <= seconds) return;
            _continuity!.ExpirySeconds = _continuity.LongestSeconds = seconds;
            if (_state == State.Open) RecordLocked();
        }
    }

    /// <summary>Makes the successor that waits for the client, and puts it in this session's place. After <see cref="End"/>.</summary>
    internal MqttSession Detach()
    {
        lock (_output)
        {
            var offline = new MqttSession(_broker, Continuity.NoConnection)
            {
                ClientId = ClientId,
                Version = Version,
                Tag = Tag,
                _state = State.Offline,
                _continuity = new() { ExpirySeconds = _continuity!.ExpirySeconds, UserName = _continuity.UserName },
            };
            // Never told PUBREC, so the client sends them again
            _inbound?.ForgetPending();
            Hand(offline);
            return offline;
        }
    }

    /// <summary>Takes everything over from the session that waited; <see cref="ReviewSubscriptions"/> is to follow.</summary>
    internal void TakeOver(MqttSession offline)
    {
        lock (offline._output)
        {
            offline._state = State.Ended;
            lock (_output)
            {
                offline.Hand(this);
                if (!Persists) ForgetRecord();
            }
        }
    }

    /// <summary>Ends a session that waited, with all it kept.</summary>
    internal void Discard()
    {
        lock (_output)
        {
            _state = State.Ended;
            ForgetLocked();
        }
    }

    /// <summary>Session Expiry Interval of DISCONNECT; a session that was to end with its connection cannot be prolonged (3.14.2.2.2).</summary>
    internal bool TryChangeExpiry(uint seconds)
    {
        lock (_output)
        {
            if (!Persists) return seconds == 0;
            _continuity!.ExpirySeconds = Math.Min(seconds, Math.Min(_continuity.LongestSeconds, _broker.Options.MaximumSessionExpirySeconds));
            RecordLocked();
            return true;
        }
    }

    /// <summary>Under both locks: the heir is whom the index knows from now on.</summary>
    void Hand(MqttSession heir)
    {
        heir.Identity = Identity;
        heir._subscriptions = _subscriptions;
        heir._inbound = _inbound;
        heir._window = _window;
        heir._record = _record;
        _holdUntil = Math.Max(_holdUntil, _record?.Until ?? 0);
        _record = null;
        _window?.Suspend();
        foreach (var subscription in _subscriptions) _broker.Index.Replace(subscription.Filter, this, heir);
        (_continuity ??= new()).Successor = heir;
        _subscriptions = [];
        _inbound = null;
        _window = null;
    }

    /// <summary>Keeps a message for a session that has no open connection; QoS 0 is not kept.</summary>
    Sent KeepLocked(in MqttPublish message)
    {
        var options = _broker.Options;
        if (message.Qos == MqttQos.AtMostOnce) return Sent.Not;
        _window ??= NewWindow();
        var hasRoom = _window.MakeRoom(options, KeptMessage.SizeOf(message), out var dropped);
        _broker.CountDropped(hasRoom ? dropped : dropped + 1);
        if (!hasRoom) return Sent.Not;
        _window.Wait(message, keep: true);
        return Sent.Marked;
    }

    OutboundWindow NewWindow() =>
        new(_broker.Clock, _broker.Options.MaximumQueuedBytes, _broker.Kept)
        {
            Version = Version,
            Limit = Math.Min(_receiveMaximum, _broker.Options.MaximumInFlight),
            MaximumPacketSize = MaximumPacketSize,
            Aliases = _aliasesOut,
            Session = this,
            Record = _record,
        };
}
