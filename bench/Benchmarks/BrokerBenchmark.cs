using System.Buffers;
using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;

namespace Waybill.Benchmarks;

/// <summary>
/// A QoS 1 message of a client to itself through the broker, over pipes in the process: read, route, deliver, acknowledge, flush.
/// Both ends of a pipe run on one thread, so that the figures, per message, hold nothing of a thread pool; in steady state nothing allocates.
/// </summary>
[MemoryDiagnoser]
public class BrokerBenchmark
{
    const int Messages = 16;

    static readonly PipeOptions OneThread = new(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false);

    readonly Pipe _toBroker = new(OneThread);
    readonly Pipe _fromBroker = new(OneThread);
    readonly ArrayBufferWriter<byte> _round = new();
    MqttBroker _broker = null!;

    /// <summary>Other sessions, each with a subscription of its own: they must not matter.</summary>
    [Params(0, 10_000)]
    public int Others { get; set; }

    [GlobalSetup]
    public async Task ConnectAsync()
    {
        _broker = new(new Everything());
        for (var other = 0; other < Others; other++)
        {
            var (input, output) = (new Pipe(), new Pipe());
            _ = _broker.ServeAsync(new Duplex(input.Reader, output.Writer));
            await EnterAsync(input.Writer, output.Reader, $"other{other}");
        }
        _ = _broker.ServeAsync(new Duplex(_toBroker.Reader, _fromBroker.Writer));
        await EnterAsync(_toBroker.Writer, _fromBroker.Reader, "self");
        for (ushort id = 1; id <= Messages; id++)
            new MqttPublish { Topic = "t/self"u8, Payload = new byte[120], Qos = MqttQos.AtLeastOnce, PacketId = id }.Write(_round, MqttVersion.V311);
    }

    /// <summary>Each message brings back itself and its PUBACK; ours for the last round go out with the next.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public async Task RouteToSelf()
    {
        _toBroker.Writer.Write(_round.WrittenSpan);
        await _toBroker.Writer.FlushAsync();
        await TakeAsync(_fromBroker.Reader, _toBroker.Writer, 2 * Messages);
    }

    [GlobalCleanup]
    public void Close() => _broker.Dispose();

    static async Task EnterAsync(PipeWriter writer, PipeReader reader, string name)
    {
        new MqttConnect { ClientId = name }.Write(writer);
        await writer.FlushAsync();
        await TakeAsync(reader, writer, 1);
        MqttSubscribe.Write(writer, MqttVersion.V311, 1, [($"t/{name}", new(MqttQos.AtLeastOnce))]);
        await writer.FlushAsync();
        await TakeAsync(reader, writer, 1);
    }

    static async Task TakeAsync(PipeReader reader, PipeWriter writer, int packets)
    {
        while (packets > 0)
        {
            var result = await reader.ReadAsync();
            reader.AdvanceTo(Take(result.Buffer, writer, ref packets), result.Buffer.End);
        }
    }

    static SequencePosition Take(ReadOnlySequence<byte> buffer, PipeWriter writer, ref int packets)
    {
        var frames = new MqttFrameReader(buffer);
        for (; frames.TryRead(MqttVersion.V311, int.MaxValue, out var frame) == MqttReadStatus.Ok; packets--)
        {
            if (frame.Type != MqttPacketType.Publish)
                continue;
            MqttPublish.Read(frame, MqttVersion.V311, out var publish);
            new MqttAck { Type = MqttPacketType.PubAck, PacketId = publish.PacketId }.Write(writer, MqttVersion.V311);
        }
        var consumed = frames.Consumed;
        frames.Dispose();
        return consumed;
    }

    sealed class Everything : MqttApplication;

    sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
