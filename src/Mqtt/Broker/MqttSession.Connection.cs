using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>What the read loop and the broker do with a session.</summary>
public sealed partial class MqttSession
{
    volatile Subscription[] _subscriptions = [];
    ReadGate? _gate;
    int _held;
    long _heardAt;
    long _keepAlive;
    volatile bool _paused;

    internal readonly record struct Subscription(byte[] Filter, MqttSubscriptionOptions Options);

    /// <summary>Neighbours in the broker's list of connections, guarded by that list.</summary>
    internal MqttSession? Previous { get; set; }

    internal MqttSession? Next { get; set; }

    internal PacketOutput Output => _output;

    internal bool WindowIsFull => Volatile.Read(ref _held) >= _broker.Options.HeldWindow;

    /// <summary>Restarts the keep-alive clock, as an arriving packet does; for activity of the same client elsewhere.</summary>
    public void Touch() => Heard();

    internal void Heard() => Volatile.Write(ref _heardAt, _broker.Now);

    internal void TakePlace() => Interlocked.Increment(ref _held);

    void FreePlace()
    {
        if (Interlocked.Decrement(ref _held) < _broker.Options.HeldWindow) _gate?.Open();
    }

    internal void GiveBackPlace()
    {
        Interlocked.Decrement(ref _held);
    }

    /// <summary>Waits until the held window has a place or the session closes. The keep-alive clock stands still meanwhile.</summary>
    internal ValueTask WaitForPlaceAsync()
    {
        lock (_output) return _state != State.Open || !WindowIsFull ? default : (_gate ??= new()).WaitAsync();
    }

    /// <summary>While nothing is read the keep-alive clock stands still.</summary>
    internal void Pause() => _paused = true;

    internal void Resume()
    {
        Heard();
        _paused = false;
    }

    /// <summary>Takes over what CONNECT said.</summary>
    internal void Accept(MqttConnect connect, string clientId)
    {
        ClientId = clientId;
        // 3.1.2.10: one and a half times the keep-alive
        _keepAlive = connect.KeepAliveSeconds * 1500L;
        _receiveMaximum = (ushort)connect.Properties.Number(MqttPropertyId.ReceiveMaximum, ushort.MaxValue);
        _maximumPacketSize = (int)Math.Min(int.MaxValue, connect.Properties.Number(MqttPropertyId.MaximumPacketSize, int.MaxValue));
    }

    /// <summary>Writes CONNACK and lets messages in; false when the session was closed meanwhile.</summary>
    internal bool Open(in MqttConnAck answer)
    {
        lock (_output)
        {
            if (_state != State.Connecting) return false;
            answer.Write(_output, Version);
            Heard();
            _state = State.Open;
            return true;
        }
    }

    /// <summary>The client said DISCONNECT, or its connection ended.</summary>
    internal void CloseByClient(MqttReasonCode reason)
    {
        lock (_output)
            if (_state is State.Connecting or State.Open) StartClosing(reason);
    }

    /// <summary>No write after this one reaches the transport.</summary>
    internal void End()
    {
        lock (_output)
        {
            if (_state != State.Closing) StartClosing(EndReason);
            _state = State.Ended;
            _output.Close();
        }
    }

    /// <summary>Completes when <see cref="SignalEnded"/> was called.</summary>
    internal Task EndedAsync()
    {
        lock (_output) return (_ended ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    internal void SignalEnded()
    {
        lock (_output) (_ended ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Ends connections that are too slow to CONNECT and sessions that were silent for too long.</summary>
    internal void CheckSilence(long now)
    {
        var silent = now - Volatile.Read(ref _heardAt);
        if (_state == State.Connecting)
        {
            if (silent > _broker.Options.ConnectTimeout.TotalMilliseconds) Cut();
        }
        else if (_keepAlive > 0 && silent > _keepAlive && !_paused)
        {
            Disconnect(MqttReasonCode.KeepAliveTimeout);
        }
    }

    /// <summary>Ends the connection without a word.</summary>
    internal void Cut()
    {
        CloseByClient(MqttReasonCode.UnspecifiedError);
        _connection.Abort();
        _connection.Transport.Input.CancelPendingRead();
    }

    internal void Reply(MqttPacketType pong)
    {
        lock (_output)
            if (_state == State.Open && HasRoom(MqttReasonCode.QuotaExceeded)) MqttPing.Write(_output, pong);
    }

    /// <summary>Enters subscriptions and writes SUBACK in one step, so that no message overtakes it and none is missed after it; false when closed.</summary>
    internal bool Subscribe(TopicIndex index, in MqttSubscribe packet, Span<MqttReasonCode> reasons)
    {
        lock (_output)
        {
            if (_state != State.Open || !HasRoom(MqttReasonCode.QuotaExceeded)) return false;
            var at = 0;
            foreach (var asked in packet)
            {
                ref var reason = ref reasons[at++];
                if ((byte)reason >= 0x80) continue;
                var subscription = new Subscription(asked.Filter.ToArray(), asked.Options with { Qos = (MqttQos)reason });
                var others = Without(asked.Filter);
                if (others.Length >= _broker.Options.MaximumSubscriptions)
                {
                    reason = MqttReasonCode.QuotaExceeded;
                    continue;
                }
                _subscriptions = [.. others, subscription];
                index.Subscribe(subscription.Filter, new(this, subscription.Options));
            }
            new MqttSubAck { Type = MqttPacketType.SubAck, PacketId = packet.PacketId, Reasons = reasons }.Write(_output, Version);
            return true;
        }
    }

    internal void Unsubscribe(TopicIndex index, in MqttUnsubscribe packet, Span<MqttReasonCode> reasons)
    {
        lock (_output)
        {
            if (_state != State.Open || !HasRoom(MqttReasonCode.QuotaExceeded)) return;
            var at = 0;
            foreach (var filter in packet)
            {
                var others = Without(filter);
                reasons[at++] = others.Length == _subscriptions.Length ? MqttReasonCode.NoSubscriptionExisted : MqttReasonCode.Success;
                _subscriptions = others;
                index.Unsubscribe(filter.ToArray(), this);
            }
            new MqttSubAck { Type = MqttPacketType.UnsubAck, PacketId = packet.PacketId, Reasons = reasons }.Write(_output, Version);
        }
    }

    internal void ForgetSubscriptions(TopicIndex index)
    {
        foreach (var subscription in _subscriptions) index.Unsubscribe(subscription.Filter, this);
        _subscriptions = [];
    }

    Subscription[] Without(ReadOnlySpan<byte> filter)
    {
        var now = _subscriptions;
        for (var at = 0; at < now.Length; at++)
            if (filter.SequenceEqual(now[at].Filter)) return [.. now[..at], .. now[(at + 1)..]];
        return now;
    }
}
