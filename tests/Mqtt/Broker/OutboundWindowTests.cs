using System.Buffers;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Broker;

public sealed class OutboundWindowTests
{
    [Fact]
    public void Packet_ids_count_up_wrap_and_skip_those_in_flight()
    {
        var window = new OutboundWindow(() => 0, 1000, new(1000)) { Limit = 10, Version = MqttVersion.V311 };
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(1, window.Take(MqttQos.AtLeastOnce));
        Assert.Equal(2, window.Take(MqttQos.AtLeastOnce));
        window.Finished(1, OutboundWindow.Step.PubAck, output);
        for (var expected = 3; expected <= 65535; expected++)
        {
            Assert.Equal(expected, window.Take(MqttQos.AtLeastOnce));
            window.Finished((ushort)expected, OutboundWindow.Step.PubAck, output);
        }
        Assert.Equal(1, window.Take(MqttQos.AtLeastOnce));
        Assert.Equal(3, window.Take(MqttQos.AtLeastOnce));
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void Messages_beyond_the_limit_wait_for_an_acknowledgement_and_keep_their_order()
    {
        foreach (var version in Packets.Versions)
        {
            var window = new OutboundWindow(() => 0, 1000, new(1000)) { Limit = 1, Version = version };
            var output = new ArrayBufferWriter<byte>();
            var properties = new MqttPropertyBuffer();
            if (version == MqttVersion.V50) properties.AddUser("a", "b");
            Assert.False(window.IsFull);
            window.Take(MqttQos.AtLeastOnce);
            for (byte n = 0; n < 3; n++)
            {
                Assert.True(window.IsFull);
                window.Wait(new() { Topic = "t"u8, Payload = [n], Qos = MqttQos.AtLeastOnce, Properties = properties.Properties }, keep: true);
            }
            window.Finished(77, OutboundWindow.Step.PubAck, output);
            Assert.Equal(0, output.WrittenCount);

            for (byte n = 0; n < 3; n++)
            {
                output.ResetWrittenCount();
                window.Finished((ushort)(n + 1), OutboundWindow.Step.PubAck, output);
                var frames = new MqttFrameReader(new(output.WrittenMemory));
                Assert.Equal(MqttReadStatus.Ok, frames.TryRead(version, 1000, out var frame));
                Assert.Equal(MqttReasonCode.Success, MqttPublish.Read(frame, version, out var packet));
                Assert.Equal(n + 2, packet.PacketId);
                Assert.Equal([n], packet.Payload.ToArray());
                frames.Dispose();
            }
            Assert.Equal(0, window.WaitingBytes);
        }
    }
}
