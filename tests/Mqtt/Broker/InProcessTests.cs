using System.IO.Pipelines;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Broker;

public sealed class InProcessTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_is_served_over_a_pair_of_pipes()
    {
        using var broker = new MqttBroker(new Recorder());
        var (toBroker, toClient) = (new Pipe(), new Pipe());
        var serving = broker.ServeAsync(new Duplex(toBroker.Reader, toClient.Writer));
        await toBroker.Writer.WriteAsync(Packets.Connect(MqttVersion.V311), Ct);
        await toBroker.Writer.WriteAsync(Packets.Subscribe(MqttVersion.V311, 1, ("t", new(MqttQos.AtLeastOnce))), Ct);
        Assert.Equal("200200009003000101", Convert.ToHexString(await ReadAsync(toClient.Reader, 9)));

        broker.Publish("t", "x"u8, MqttQos.AtLeastOnce);
        Assert.Equal("3206000174000178", Convert.ToHexString(await ReadAsync(toClient.Reader, 8)));

        await toBroker.Writer.CompleteAsync();
        await serving.WaitAsync(RawClient.Patience, Ct);
        Assert.Equal(0, broker.ConnectionCount);
        Assert.True(broker.Index.IsEmpty);
    }

    [Fact]
    public async Task A_message_routed_while_another_is_sent_reaches_everybody()
    {
        using var broker = new MqttBroker(new Recorder());
        // Whoever reads does so on the thread that sends
        var oneThread = new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false);
        var readers = new List<PipeReader>();
        for (var n = 0; n < 20; n++)
        {
            var (toBroker, toClient) = (new Pipe(oneThread), new Pipe(oneThread));
            _ = broker.ServeAsync(new Duplex(toBroker.Reader, toClient.Writer));
            await toBroker.Writer.WriteAsync(Packets.Connect(MqttVersion.V311, $"{n}"), Ct);
            await toBroker.Writer.WriteAsync(Packets.Subscribe(MqttVersion.V311, 1, ("a", new()), ("b", new())), Ct);
            Assert.Equal("20020000900400010000", Convert.ToHexString(await ReadAsync(toClient.Reader, 10)));
            readers.Add(toClient.Reader);
        }
        var relaying = readers.Select(reader => RelayAsync(reader, () => broker.Publish("b", "x"u8, MqttQos.AtMostOnce))).ToArray();
        Assert.Equal(20, broker.Publish("a", "x"u8, MqttQos.AtMostOnce));
        Assert.All(await Task.WhenAll(relaying), got => Assert.Equal(20, got));
    }

    [Fact]
    public void Reading_writing_and_routing_allocate_nothing_per_message()
    {
        using var broker = new MqttBroker(new Recorder());
        var pipe = new Pipe();
        var transport = new Duplex(new Pipe().Reader, pipe.Writer);
        var session = new MqttSession(broker, new Microsoft.AspNetCore.Connections.DefaultConnectionContext("test", transport, transport)) { Version = MqttVersion.V50 };
        Assert.True(session.Open(default));
        session.Flush();
        pipe.Reader.TryRead(out var connack);
        pipe.Reader.AdvanceTo(connack.Buffer.End);
        broker.Index.Subscribe("a/b"u8.ToArray(), new(session, new(MqttQos.AtLeastOnce)));
        broker.Index.Subscribe("a/+"u8.ToArray(), new(session, new(MqttQos.AtLeastOnce)));
        var output = new System.Buffers.ArrayBufferWriter<byte>(1024);
        var before = 0L;
        for (var n = 0; n < 2000; n++)
        {
            if (n == 1000) before = GC.GetAllocatedBytesForCurrentThread();
            output.ResetWrittenCount();
            new MqttPublish { Topic = "a/b"u8, Payload = "{}"u8, Qos = MqttQos.AtLeastOnce, PacketId = 7 }.Write(output, MqttVersion.V50);
            var frames = new MqttFrameReader(new(output.WrittenMemory));
            frames.TryRead(MqttVersion.V50, 1000, out var frame);
            if (MqttPublish.Read(frame, MqttVersion.V50, out var publish) != MqttReasonCode.Success) Assert.Fail("not read");
            if (broker.Router.Route(publish, MqttVersion.V50, null) != 1) Assert.Fail("not routed");
            MessageRouter.FlushTouched();
            frames.Dispose();
            pipe.Reader.TryRead(out var arrived);
            if (arrived.Buffer.Length != output.WrittenCount) Assert.Fail("not sent");
            pipe.Reader.AdvanceTo(arrived.Buffer.End);
            session.Finished((ushort)(n + 1), OutboundWindow.Step.PubAck);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Sends on when its first message has come, and counts those that others sent on.</summary>
    static async Task<int> RelayAsync(PipeReader input, Func<int> relay)
    {
        const int size = 6;
        var result = await input.ReadAtLeastAsync(size, Ct);
        Assert.Equal((byte)'a', result.Buffer.FirstSpan[4]);
        input.AdvanceTo(result.Buffer.GetPosition(size));
        Assert.Equal(20, relay());
        result = await input.ReadAtLeastAsync(20 * size, Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
        return (int)result.Buffer.Length / size;
    }

    static async Task<byte[]> ReadAsync(PipeReader input, int length)
    {
        var result = await input.ReadAtLeastAsync(length, Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
        var bytes = System.Buffers.BuffersExtensions.ToArray(result.Buffer);
        input.AdvanceTo(result.Buffer.End);
        return bytes;
    }

    sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
