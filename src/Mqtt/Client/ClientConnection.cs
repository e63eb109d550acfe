using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Client;

/// <summary>One connection of a client, from TCP to its end.</summary>
sealed partial class ClientConnection : IDisposable
{
    readonly ClientState _state;
    readonly MqttClientOptions _options;
    readonly IWire _wire;
    readonly PipeReader _input;
    readonly PacketOutput _output;
    readonly PendingReplies _replies;
    readonly int _largestPacket;
    InboundAliases? _aliasesIn;
    OutboundAliases? _aliasesOut;
    ITimer? _pinging;
    uint _maximumPacketSize = uint.MaxValue;
    int _receiveMaximum;
    int _unacknowledged;
    volatile bool _isOpen;
    int _pingsOut;
    bool _serverSaidGoodbye;

    ClientConnection(ClientState state, IWire wire)
    {
        (_state, _options, _wire) = (state, state.Options, wire);
        // Zero-byte reads: an idle connection holds no buffer
        _input = PipeReader.Create(wire.Stream, new(leaveOpen: true, useZeroByteReads: true));
        _output = new(PipeWriter.Create(wire.Stream, new(leaveOpen: true)));
        _replies = new(state.Ids);
        _largestPacket = (int)Math.Min(int.MaxValue, state.Connect.Properties.Number(MqttPropertyId.MaximumPacketSize, (uint)_options.MaximumPacketSize));
    }

    /// <summary>The client id, the server's choice when it assigned one.</summary>
    public string ClientId { get; private set; } = "";

    /// <summary>Where the server wants responses to go, if it said so.</summary>
    public string? ResponseInformation { get; private set; }

    MqttVersion Version => _options.Connect.Version;

    /// <summary>Connects and reads CONNACK; throws <see cref="MqttException"/> when the server refuses.</summary>
    public static async Task<ClientConnection> OpenAsync(ClientState state, CancellationToken ct)
    {
        var options = state.Options;
        using var deadline = new CancellationTokenSource(options.ConnectTimeout, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        IWire? wire = null;
        try
        {
            wire = options.WebSocketPath is null ? await TcpWire.OpenAsync(options, either.Token) : await WebSocketWire.OpenAsync(options, either.Token);
            var connection = new ClientConnection(state, wire);
            await connection.ConnectAsync(either.Token);
            return connection;
        }
        catch (Exception e)
        {
            wire?.Dispose();
            if (e is not OperationCanceledException || ct.IsCancellationRequested) throw;
            throw new TimeoutException("The MQTT server did not answer in time.", e);
        }
    }

    /// <summary>Reads until the connection ends and tells why: the server's reason, or <see cref="MqttReasonCode.UnspecifiedError"/>.</summary>
    public async Task<MqttReasonCode> RunAsync(MessageInbox inbox)
    {
        var reason = MqttReasonCode.Success;
        try
        {
            while (reason == MqttReasonCode.Success)
            {
                var result = await _input.ReadAsync();
                reason = Read(result.Buffer, inbox, out var consumed);
                _input.AdvanceTo(consumed, result.Buffer.End);
                if (result.IsCompleted && reason == MqttReasonCode.Success) reason = MqttReasonCode.UnspecifiedError;
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            reason = MqttReasonCode.UnspecifiedError;
        }
        if (reason != MqttReasonCode.UnspecifiedError && Version == MqttVersion.V50 && _isOpen && !_serverSaidGoodbye) SayGoodbye(reason);
        Close();
        return reason;
    }

    /// <summary>Sends a packet that is acknowledged and waits for its reason code.</summary>
    public async Task<MqttReasonCode> AskAsync(Action<IBufferWriter<byte>, ushort> write, CancellationToken ct)
    {
        Task<MqttReasonCode> reply;
        lock (_output)
        {
            CheckOpen();
            (var id, reply) = _replies.Take();
            write(_output, id);
            _output.Flush();
        }
        return await reply.WaitAsync(ct);
    }

    /// <summary>Publishes at QoS 0, until the network took it.</summary>
    public async Task PublishAsync(MqttMessage message, CancellationToken ct)
    {
        var topic = Encoding.UTF8.GetBytes(message.Topic);
        if (IsTooLarge(message, topic)) throw new MqttException(MqttReasonCode.PacketTooLarge, "The message is larger than the server takes.");
        lock (_output)
        {
            CheckOpen();
            Write(message, topic, 0, false);
            _output.Flush();
        }
        await _output.Flushing.WaitAsync(ct);
    }

    /// <summary>Whether the server would not take it [MQTT-3.2.2-15].</summary>
    public bool IsTooLarge(MqttMessage message, byte[] topic) => PacketOf(message, topic, 1, false).Size(Version) > _maximumPacketSize;

    /// <summary>Sends a QoS 1 or 2 message, if the connection is still there.</summary>
    public void Send(MqttMessage message, byte[] topic, ushort id, bool dup)
    {
        lock (_output)
        {
            if (!_isOpen) return;
            Write(message, topic, id, dup);
            _output.Flush();
        }
    }

    /// <summary>PUBREL.</summary>
    public void Release(ushort id, MqttReasonCode reason) => Answer(MqttPacketType.PubRel, id, reason);

    public void Answer(MqttPacketType type, ushort id, MqttReasonCode reason)
    {
        var isLast = type switch
        {
            MqttPacketType.PubAck => true,
            MqttPacketType.PubRec => (byte)reason >= 0x80,
            MqttPacketType.PubComp => reason == MqttReasonCode.Success,
            _ => false,
        };
        WriteIfOpen(output =>
        {
            // What began on an earlier connection does not count on this one
            if (isLast && _unacknowledged > 0) _unacknowledged--;
            new MqttAck { Type = type, PacketId = id, Reason = reason }.Write(output, Version);
        });
    }

    /// <summary>Says DISCONNECT and ends sending; the server closes.</summary>
    public void SayGoodbye(MqttReasonCode reason = MqttReasonCode.Success)
    {
        WriteIfOpen(output => new MqttDisconnect { Type = MqttPacketType.Disconnect, Reason = reason }.Write(output, Version));
        _wire.FinishSending();
    }

    /// <summary>Breaks the connection, with a reset in TCP.</summary>
    public void Abort()
    {
        _wire.Reset();
        Close();
    }

    /// <summary>Ends the connection; whoever waits for an acknowledgement learns that it was lost.</summary>
    public void Dispose() => Close();

    void Ping()
    {
        if (Interlocked.Increment(ref _pingsOut) > 2) Close();
        WriteIfOpen(output => MqttPing.Write(output, MqttPacketType.PingReq));
    }

    void WriteIfOpen(Action<IBufferWriter<byte>> write)
    {
        lock (_output)
        {
            if (!_isOpen) return;
            write(_output);
            _output.Flush();
        }
    }

    void Write(MqttMessage message, byte[] topic, ushort id, bool dup)
    {
        if (_aliasesOut is null) PacketOf(message, topic, id, dup).Write(_output, Version);
        else _aliasesOut.Write(PacketOf(message, topic, id, dup), _output, (int)Math.Min(int.MaxValue, _maximumPacketSize));
    }

    static MqttPublish PacketOf(MqttMessage message, ReadOnlySpan<byte> topic, ushort id, bool dup) => new()
    {
        Topic = topic,
        Payload = message.Payload.Span,
        Qos = message.Qos,
        Retain = message.Retain,
        Dup = dup,
        PacketId = id,
        Properties = message.Properties,
    };

    void CheckOpen()
    {
        if (!_isOpen) throw MqttException.ConnectionLost();
    }

    void Close()
    {
        lock (_output)
        {
            _isOpen = false;
            _output.Close();
            _replies.FailAll();
        }
        _state.Outbox.Lost(this);
        _pinging?.Dispose();
        _wire.Dispose();
    }
}
