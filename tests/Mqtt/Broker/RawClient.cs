using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Broker;

/// <summary>A socket and the codec, nothing else: says what the test says and shows what comes.</summary>
sealed class RawClient : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly Socket _socket;
    readonly PipeReader _input;

    RawClient(Socket socket)
    {
        _socket = socket;
        _input = PipeReader.Create(new NetworkStream(socket));
    }

    public MqttVersion Version { get; private set; } = MqttVersion.V311;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static RawClient Over(Socket socket) => new(socket);

    public static async Task<RawClient> DialAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, Ct);
        return new(socket);
    }

    public async Task<RawPacket> ConnectAsync(MqttVersion version, string clientId, ushort keepAlive = 0, Func<MqttConnect, MqttConnect>? with = null)
    {
        Version = version;
        await SendAsync(Packets.Connect(version, clientId, keepAlive, with));
        var answer = await ReadAsync();
        Assert.Equal(MqttPacketType.ConnAck, answer.Type);
        return answer;
    }

    /// <summary>What comes is of this version, though CONNECT was sent as bytes.</summary>
    public void Speak(MqttVersion version) => Version = version;

    public async Task SendAsync(params byte[] bytes) => await _socket.SendAsync(bytes, Ct);

    public Task PublishAsync(string topic, string payload, MqttQos qos = MqttQos.AtMostOnce, ushort id = 0) =>
        SendAsync(Packets.Publish(Version, topic, payload, qos, id));

    public async Task<byte> SubscribeAsync(string filter, MqttQos qos = MqttQos.AtMostOnce, ushort id = 1)
    {
        await SendAsync(Packets.Subscribe(Version, id, (filter, new(qos))));
        var answer = await ReadAsync();
        Assert.Equal(MqttPacketType.SubAck, answer.Type);
        return answer.Body[^1];
    }

    public async Task<RawPacket> ReadAsync() =>
        await TryReadAsync() ?? throw new EndOfStreamException("The connection was closed.");

    /// <summary>The connection must end, after a DISCONNECT at most in 5.0; gives its reason.</summary>
    public async Task<MqttReasonCode?> ReadEndAsync()
    {
        var packet = await TryReadAsync();
        if (packet is null) return null;
        Assert.Equal((MqttVersion.V50, MqttPacketType.Disconnect), (Version, packet.Type));
        Assert.Null(await TryReadAsync());
        return packet.Body.Length == 0 ? MqttReasonCode.Success : (MqttReasonCode)packet.Body[0];
    }

    /// <summary>Nothing is on its way: the answer to a ping is the next packet.</summary>
    public async Task AssertQuietAsync()
    {
        await SendAsync(0xC0, 0);
        Assert.Equal(MqttPacketType.PingResp, (await ReadAsync()).Type);
    }

    public void Break()
    {
        _socket.LingerState = new(true, 0);
        _socket.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return default;
    }

    public async Task<RawPacket?> TryReadAsync()
    {
        while (true)
        {
            ReadResult result;
            try
            {
                result = await _input.ReadAsync(Ct).AsTask().WaitAsync(Patience, Ct);
            }
            catch (IOException)
            {
                return null;
            }
            var frames = new MqttFrameReader(result.Buffer);
            var packet = frames.TryRead(Version, int.MaxValue, out var frame) == MqttReadStatus.Ok
                ? new RawPacket(frame.Type, frame.Flags, frame.Body.ToArray()) : null;
            var consumed = frames.Consumed;
            frames.Dispose();
            _input.AdvanceTo(consumed, packet is null ? result.Buffer.End : consumed);
            if (packet is not null || result.IsCompleted) return packet;
        }
    }
}

sealed record RawPacket(MqttPacketType Type, byte Flags, byte[] Body)
{
    /// <summary>A PUBLISH as text: topic, payload, QoS and packet id.</summary>
    public (string Topic, string Payload, int Qos, int Id) Publish(MqttVersion version)
    {
        Assert.Equal(MqttPacketType.Publish, Type);
        Assert.Equal(MqttReasonCode.Success, MqttPublish.Read(new(Type, Flags, Body), version, out var packet));
        return (Encoding.UTF8.GetString(packet.Topic), Encoding.UTF8.GetString(packet.Payload), (int)packet.Qos, packet.PacketId);
    }
}
