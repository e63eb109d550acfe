using System.Buffers;
using BenchmarkDotNet.Attributes;
using Waybill.Mqtt;
using Waybill.Mqtt.Codec;

namespace Waybill.Benchmarks;

/// <summary>One PUBLISH of the size devices send, written, and cut from a buffer and read. Must allocate nothing.</summary>
[MemoryDiagnoser]
public class CodecBenchmark
{
    static readonly byte[] s_topic = [.. "$resource/up/service/PERF000001/dev000001"u8];
    static readonly byte[] s_payload = new byte[120];

    readonly ArrayBufferWriter<byte> _output = new(4096);
    ReadOnlySequence<byte> _packet;

    [Params(MqttVersion.V311, MqttVersion.V50)]
    public MqttVersion Version { get; set; }

    [GlobalSetup]
    public void Fill() => _packet = new(Written().ToArray());

    [Benchmark]
    public int Write() => Written().Length;

    [Benchmark]
    public int Read()
    {
        var frames = new MqttFrameReader(_packet);
        frames.TryRead(Version, int.MaxValue, out var frame);
        MqttPublish.Read(frame, Version, out var publish);
        return publish.Payload.Length;
    }

    ReadOnlySpan<byte> Written()
    {
        _output.ResetWrittenCount();
        new MqttPublish { Topic = s_topic, Payload = s_payload, Qos = MqttQos.AtLeastOnce, PacketId = 1 }.Write(_output, Version);
        return _output.WrittenSpan;
    }
}
