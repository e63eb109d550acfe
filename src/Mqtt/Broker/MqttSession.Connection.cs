using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>What the read loop and the broker do with a session.</summary>
public sealed partial class MqttSession
{
    ReadGate? _gate;
    int _held;
    long _heardAt;
    long _keepAlive;
    OutboundAliases? _aliasesOut;
    bool _isTerse;
    volatile bool _paused;

    /// <summary>Neighbours in the broker's list of connections, guarded by that list.</summary>
    internal MqttSession? Previous { get; set; }

    internal MqttSession? Next { get; set; }

    /// <summary>Whether its connection is being closed, or was.</summary>
    internal bool IsEnding => _state is State.Closing or State.Ended;

    internal Traffic Traffic => _traffic;

    /// <summary>The largest packet the client takes.</summary>
    internal int MaximumPacketSize { get; private set; } = int.MaxValue;

    /// <summary>What the connection has written, all of it.</summary>
    internal long BytesOut => _output.WrittenBytes;

    internal ushort KeepAliveSeconds { get; private set; }

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
        KeepAliveSeconds = connect.KeepAliveSeconds;
        var longest = _broker.Options.MaximumKeepAliveSeconds;
        // Server Keep Alive [MQTT-3.1.2-21, MQTT-3.2.2-21]
        if (Version == MqttVersion.V50 && longest > 0 && (KeepAliveSeconds == 0 || KeepAliveSeconds > longest)) KeepAliveSeconds = longest;
        // 3.1.2.10: one and a half times the keep-alive
        _keepAlive = KeepAliveSeconds * 1500L;
        var aliases = (int)Math.Min(_broker.Options.MaximumTopicAliases, connect.Properties.Number(MqttPropertyId.TopicAliasMaximum, 0));
        if (aliases > 0) _aliasesOut = new(aliases);
        _isTerse = connect.Properties.Number(MqttPropertyId.RequestProblemInformation, 1) == 0;
        _receiveMaximum = (ushort)connect.Properties.Number(MqttPropertyId.ReceiveMaximum, ushort.MaxValue);
        MaximumPacketSize = (int)Math.Min(int.MaxValue, connect.Properties.Number(MqttPropertyId.MaximumPacketSize, int.MaxValue));
        var expiry = connect.Version == MqttVersion.V50 ? connect.Properties.Number(MqttPropertyId.SessionExpiryInterval, 0)
            : connect.CleanStart ? 0 : uint.MaxValue;
        expiry = Math.Min(expiry, _broker.Options.MaximumSessionExpirySeconds);
        if (expiry > 0) _continuity = new() { ExpirySeconds = expiry, UserName = connect.UserName };
    }

    /// <summary>Writes CONNACK and lets messages in; false when the session was closed meanwhile.</summary>
    internal bool Open(in MqttConnAck answer)
    {
        lock (_output)
        {
            if (_state != State.Connecting) return false;
            answer.Write(_output, Version);
            _traffic.PacketsOut++;
            if (_trace is not null) Tell(answer);
            Heard();
            _state = State.Open;
            if (_window is null) return true;
            _window.Version = Version;
            _window.Limit = Math.Min(_receiveMaximum, _broker.Options.MaximumInFlight);
            _window.MaximumPacketSize = MaximumPacketSize;
            _window.Aliases = _aliasesOut;
            _window.Session = this;
            _window.Pump(_output);
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

    /// <summary>Ends connections that are too slow to CONNECT and sessions that were silent for too long, and cuts those whose end does not come.</summary>
    internal void CheckSilence(long now)
    {
        var silent = now - Volatile.Read(ref _heardAt);
        if (_state == State.Closing)
        {
            if (silent > MqttBroker.Linger.TotalMilliseconds) _connection.Abort();
        }
        else if (_state == State.Connecting)
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
        StopReading();
    }

    internal void Reply(MqttPacketType pong)
    {
        lock (_output)
        {
            if (_state == State.Open && HasRoom(MqttReasonCode.QuotaExceeded))
            {
                _traffic.PacketsOut++;
                MqttPing.Write(_output, pong);
                if (_trace is not null) Tell(pong, 0, MqttReasonCode.Success, isWritten: true);
            }
        }
    }
}
