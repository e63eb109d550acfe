using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Waybill.Mqtt;
using Waybill.Mqtt.Codec;

namespace Waybill.Cli.Bench;

/// <summary>Subscribes every request and sends it back on the down topic of the device that sent it.</summary>
sealed class Responder : IDisposable
{
    readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    Socket _socket = New();
    ushort _packetId;

    public async Task<bool> TryConnectAsync(int port, CancellationToken ct)
    {
        try
        {
            await _socket.ConnectAsync("127.0.0.1", port, ct);
            return true;
        }
        catch (SocketException)
        {
            _socket.Dispose();
            _socket = New();
            return false;
        }
    }

    /// <summary>Until canceled.</summary>
    public async Task RunAsync(MqttQos qos, CancellationToken ct)
    {
        await using var stream = new NetworkStream(_socket);
        var input = PipeReader.Create(stream, new(bufferSize: 256 * 1024));
        new MqttConnect { ClientId = "responder", KeepAliveSeconds = 0 }.Write(_output);
        MqttSubscribe.Write(_output, MqttVersion.V311, 1, [("$resource/up/service/#", new(qos))]);
        try
        {
            while (true)
            {
                await stream.WriteAsync(_output.WrittenMemory, ct);
                _output.ResetWrittenCount();
                var read = await input.ReadAsync(ct);
                input.AdvanceTo(Answer(read.Buffer), read.Buffer.End);
                if (read.IsCompleted)
                    return;
            }
        }
        catch (OperationCanceledException)
        {
            // the measurement is over
        }
    }

    public void Dispose() => _socket.Dispose();

    SequencePosition Answer(in ReadOnlySequence<byte> buffer)
    {
        var frames = new MqttFrameReader(buffer);
        while (frames.TryRead(MqttVersion.V311, int.MaxValue, out var frame) == MqttReadStatus.Ok)
        {
            if (frame.Type == MqttPacketType.Publish && MqttPublish.Read(frame, MqttVersion.V311, out var request) == MqttReasonCode.Success)
                Answer(request);
        }
        var consumed = frames.Consumed;
        frames.Dispose();
        return consumed;
    }

    void Answer(in MqttPublish request)
    {
        var acknowledged = request.Qos != MqttQos.AtMostOnce;
        if (acknowledged)
            new MqttAck { Type = MqttPacketType.PubAck, PacketId = request.PacketId }.Write(_output, MqttVersion.V311);
        Span<byte> topic = stackalloc byte[256];
        "$resource/down/"u8.CopyTo(topic);
        var rest = request.Topic["$resource/up/".Length..];
        rest.CopyTo(topic["$resource/down/".Length..]);
        if (acknowledged && ++_packetId == 0)
            _packetId = 1;
        var answer = new MqttPublish
        {
            Topic = topic[..("$resource/down/".Length + rest.Length)],
            Payload = request.Payload,
            Qos = request.Qos,
            PacketId = acknowledged ? _packetId : (ushort)0,
        };
        answer.Write(_output, MqttVersion.V311);
    }

    static Socket New() => new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
}
