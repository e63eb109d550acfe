using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Client;

/// <summary>One connection of a client, from TCP to its end.</summary>
sealed partial class ClientConnection : IDisposable
{
    readonly MqttClientOptions _options;
    readonly Socket _socket;
    readonly Stream _stream;
    readonly PipeReader _input;
    readonly PipeWriter _pipe;
    readonly PacketOutput _output;
    readonly PendingReplies _replies = new();
    ITimer? _pinging;
    SemaphoreSlim? _quota;
    uint _maximumPacketSize = uint.MaxValue;
    volatile bool _isOpen;
    int _pingsOut;

    ClientConnection(MqttClientOptions options, Socket socket, Stream stream)
    {
        (_options, _socket, _stream) = (options, socket, stream);
        // Zero-byte reads: an idle connection holds no buffer
        _input = PipeReader.Create(stream, new(leaveOpen: true, useZeroByteReads: true));
        _pipe = PipeWriter.Create(stream, new(leaveOpen: true));
        _output = new(_pipe);
    }

    /// <summary>The client id, the server's choice when it assigned one.</summary>
    public string ClientId { get; private set; } = "";

    MqttVersion Version => _options.Connect.Version;

    /// <summary>Connects and reads CONNACK; throws <see cref="MqttException"/> when the server refuses.</summary>
    public static async Task<ClientConnection> OpenAsync(MqttClientOptions options, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(options.ConnectTimeout, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, either.Token);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Tls is not null) stream = await SecureAsync(stream, options, either.Token);
            var connection = new ClientConnection(options, socket, stream);
            await connection.ConnectAsync(either.Token);
            return connection;
        }
        catch (Exception e)
        {
            socket.Dispose();
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
                reason = Read(result.Buffer, inbox, out var consumed, out var room);
                _input.AdvanceTo(consumed, room is null ? result.Buffer.End : consumed);
                if (room is not null) await room;
                else if (result.IsCompleted && reason == MqttReasonCode.Success) reason = MqttReasonCode.UnspecifiedError;
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            reason = MqttReasonCode.UnspecifiedError;
        }
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

    /// <summary>Publishes; at QoS 1 until acknowledged, within the server's receive maximum.</summary>
    public async Task<MqttReasonCode> PublishAsync(MqttMessage message, CancellationToken ct)
    {
        var topic = Encoding.UTF8.GetBytes(message.Topic);
        if (PacketOf(message, topic, 1).Size(Version) > _maximumPacketSize)
            throw new MqttException(MqttReasonCode.PacketTooLarge, "The message is larger than the server takes.");
        if (message.Qos == MqttQos.AtMostOnce)
        {
            lock (_output)
            {
                CheckOpen();
                PacketOf(message, topic, 0).Write(_output, Version);
                _output.Flush();
            }
            await _output.Flushing.WaitAsync(ct);
            return MqttReasonCode.Success;
        }
        if (_quota is not null) await _quota.WaitAsync(ct);
        try
        {
            return await AskAsync((output, id) => PacketOf(message, topic, id).Write(output, Version), ct);
        }
        finally
        {
            _quota?.Release();
        }
    }

    public void Acknowledge(ushort packetId) =>
        WriteIfOpen(output => new MqttAck { Type = MqttPacketType.PubAck, PacketId = packetId }.Write(output, Version));

    /// <summary>Says DISCONNECT and ends sending; the server closes.</summary>
    public void SayGoodbye()
    {
        WriteIfOpen(output => new MqttDisconnect { Type = MqttPacketType.Disconnect }.Write(output, Version));
        // Closing with unread bytes would be a reset, which can overtake the DISCONNECT
        IgnoreGone(() => _socket.Shutdown(SocketShutdown.Send));
    }

    /// <summary>Breaks the TCP connection with a reset.</summary>
    public void Abort()
    {
        IgnoreGone(() => _socket.LingerState = new(true, 0));
        _socket.Dispose();
        Close();
    }

    /// <summary>Ends the connection; whoever waits for an acknowledgement learns that it was lost.</summary>
    public void Dispose() => Close();

    static async Task<Stream> SecureAsync(Stream stream, MqttClientOptions options, CancellationToken ct)
    {
        var secure = new SslStream(stream);
        var tls = options.Tls!;
        if (string.IsNullOrEmpty(tls.TargetHost)) tls.TargetHost = options.Host;
        await secure.AuthenticateAsClientAsync(tls, ct);
        return secure;
    }

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

    static void IgnoreGone(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // A socket that is already gone is what was wanted
        }
    }

    static MqttPublish PacketOf(MqttMessage message, ReadOnlySpan<byte> topic, ushort id) => new()
    {
        Topic = topic,
        Payload = message.Payload.Span,
        Qos = message.Qos,
        Retain = message.Retain,
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
        _pinging?.Dispose();
        _stream.Dispose();
    }
}
