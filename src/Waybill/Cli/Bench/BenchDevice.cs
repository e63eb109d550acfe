using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Waybill.Mqtt;
using Waybill.Mqtt.Codec;

namespace Waybill.Cli.Bench;

// Hot: what it costs is taken from the server beside it. The buffers belong to the device and stay; a request, its PUBACK for the answer before
// and nothing else go out in one send, and nothing is allocated for them.

/// <summary>A device in a closed loop: it asks, waits for the answer, and asks again.</summary>
sealed class BenchDevice : IDisposable
{
    readonly BenchPlan _plan;
    readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly byte[] _up;
    readonly string _down;
    readonly MqttConnect _connect;
    readonly byte[] _input = new byte[8192];
    readonly ArrayBufferWriter<byte> _output = new(1024);
    readonly ArrayBufferWriter<byte> _payload = new(2048);
    readonly List<long> _times = [];
    int _filled;
    ushort _packetId;

    public BenchDevice(BenchPlan plan, string name, MqttConnect connect)
    {
        (_plan, _connect) = (plan, connect);
        _up = Encoding.UTF8.GetBytes(plan.Up(name));
        _down = plan.Down(name);
    }

    /// <summary>How long each answer within the measured time took, in <see cref="Stopwatch"/> ticks.</summary>
    public IReadOnlyList<long> Times => _times;

    /// <summary>All answers, those of the warm-up too.</summary>
    public long Answers { get; private set; }

    /// <summary>Connects and subscribes.</summary>
    public async Task EnterAsync(int port, CancellationToken ct)
    {
        await _socket.ConnectAsync("127.0.0.1", port, ct);
        _connect.Write(_output);
        await UntilAsync(MqttPacketType.ConnAck, ct);
        MqttSubscribe.Write(_output, MqttVersion.V311, NextId(), [(_down, new(_plan.Qos))]);
        await UntilAsync(MqttPacketType.SubAck, ct);
    }

    /// <summary>Asks until the end; answers that come after the beginning count. Both are <see cref="Stopwatch"/> timestamps.</summary>
    public async Task RunAsync(int round, long begin, long end, CancellationToken ct)
    {
        _times.Clear();
        Answers = 0;
        for (var now = Stopwatch.GetTimestamp(); now < end; Answers++)
        {
            Ask(round);
            var asked = now;
            await UntilAsync(MqttPacketType.Publish, ct);
            now = Stopwatch.GetTimestamp();
            if (now >= begin && now < end)
                _times.Add(now - asked);
        }
    }

    /// <summary>Asks so many times, each one period after the last; late ones follow at once.</summary>
    public async Task RunPacedAsync(int round, int count, TimeSpan delay, TimeSpan period, CancellationToken ct)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var wait = delay + (period * i) - Stopwatch.GetElapsedTime(begun);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, ct);
            Ask(round);
            await UntilAsync(MqttPacketType.Publish, ct);
            Answers++;
        }
    }

    public void Dispose() => _socket.Dispose();

    void Ask(int round)
    {
        _payload.ResetWrittenCount();
        _plan.WriteRequest(_payload, round, Answers);
        var request = new MqttPublish
        {
            Topic = _up,
            Payload = _payload.WrittenSpan,
            Qos = _plan.Qos,
            PacketId = _plan.Acknowledged ? NextId() : (ushort)0,
        };
        request.Write(_output, MqttVersion.V311);
    }

    async ValueTask UntilAsync(MqttPacketType wanted, CancellationToken ct)
    {
        if (_output.WrittenCount > 0)
            await _socket.SendAsync(_output.WrittenMemory, ct);
        _output.ResetWrittenCount();
        while (!Take(wanted))
        {
            var count = await _socket.ReceiveAsync(_input.AsMemory(_filled), ct);
            if (count == 0)
                throw new IOException("a device's connection was closed");
            _filled += count;
        }
    }

    /// <summary>Takes the whole packets that have come and tells whether the wanted one was among them.</summary>
    bool Take(MqttPacketType wanted)
    {
        var (found, at) = (false, 0);
        while (MqttFixedHeader.TryRead(_input.AsSpan(at, _filled - at), MqttVersion.V311, _input.Length, out var header) == MqttReadStatus.Ok
            && header.PacketLength <= _filled - at)
        {
            found |= header.Type == wanted;
            Act(new(header.Type, header.Flags, _input.AsSpan(at + header.HeaderLength, header.BodyLength)));
            at += header.PacketLength;
        }
        _input.AsSpan(at, _filled - at).CopyTo(_input);
        _filled -= at;
        return found;
    }

    void Act(in MqttFrame frame)
    {
        if (frame.Type == MqttPacketType.ConnAck && MqttConnAck.Read(frame, MqttVersion.V311, out var answer) is var _ && answer.Reason != MqttReasonCode.Success)
            throw new IOException($"a device was refused: {answer.Reason}");
        if (frame.Type == MqttPacketType.Publish && MqttPublish.Read(frame, MqttVersion.V311, out var publish) == MqttReasonCode.Success && publish.PacketId != 0)
            new MqttAck { Type = MqttPacketType.PubAck, PacketId = publish.PacketId }.Write(_output, MqttVersion.V311);
    }

    ushort NextId() => _packetId = _packetId == ushort.MaxValue ? (ushort)1 : (ushort)(_packetId + 1);
}
