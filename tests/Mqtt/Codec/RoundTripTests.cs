using System.Buffers;
using System.Text;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Codec;

public sealed class RoundTripTests
{
    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    [Conforms("5.0", "2.1.3-1 3.5.2-1 3.7.2-1"), Conforms("3.1.1", "2.2.2-1")]
    [Theory, MemberData(nameof(Versions))]
    public void Every_packet_that_is_written_is_read(MqttVersion version)
    {
        var types = new HashSet<int>();
        foreach (var bytes in Packets.All(version))
        {
            types.Add(bytes[0] >> 4);
            Assert.Equal((MqttReadStatus.Ok, MqttReasonCode.Success), Packets.Read(bytes, version));
        }
        Assert.Equal(version == MqttVersion.V50 ? 15 : 14, types.Count);
    }

    [Conforms("5.0", "3.1.2-16 3.1.2-17 3.1.2-18 3.1.2-19 3.1.3-1"), Conforms("3.1.1", "3.1.2-18 3.1.2-19 3.1.2-20 3.1.2-21 3.1.3-1")]
    [Theory, MemberData(nameof(Versions))]
    public void Connect_keeps_every_field(MqttVersion version)
    {
        var v5 = version == MqttVersion.V50;
        var sent = new MqttConnect
        {
            Version = version,
            ClientId = "ABCDE12345dev001-longer-than-23-characters",
            UserName = "ünï;1",
            Password = new byte[] { 0, 255 },
            KeepAliveSeconds = 65535,
            CleanStart = false,
            PropertyBytes = v5 ? new MqttPropertyBuffer().Add(MqttPropertyId.ReceiveMaximum, 5).AddUser("a", "b").Properties.Bytes.ToArray() : default,
            Will = new("will/topic", "bye"u8.ToArray())
            {
                Qos = MqttQos.ExactlyOnce,
                Retain = true,
                DelaySeconds = v5 ? 30u : 0,
                PropertyBytes = v5 ? new MqttPropertyBuffer().Add(MqttPropertyId.ContentType, "x").Properties.Bytes.ToArray() : default,
            },
        };

        Assert.Equal(MqttReasonCode.Success, MqttConnect.Read(Frame(Packets.Bytes(sent.Write)), out var read));

        Assert.NotNull(read);
        Assert.Equal(sent with { Password = null, PropertyBytes = default, Will = null }, read with { Password = null, PropertyBytes = default, Will = null });
        Assert.Equal(sent.Password.Value.ToArray(), read.Password!.Value.ToArray());
        Assert.Equal(sent.PropertyBytes.ToArray(), read.PropertyBytes.ToArray());
        Assert.Equal(sent.Will with { Payload = default, PropertyBytes = default }, read.Will! with { Payload = default, PropertyBytes = default });
        Assert.Equal(sent.Will.Payload.ToArray(), read.Will!.Payload.ToArray());
        Assert.Equal(sent.Will.PropertyBytes.ToArray(), read.Will.PropertyBytes.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(120)]
    [InlineData(127)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(2_097_151)]
    [InlineData(2_097_200)]
    public void Publish_of_any_length_comes_back(int length)
    {
        var payload = new byte[length];
        Random.Shared.NextBytes(payload);
        foreach (var version in Packets.Versions)
        {
            var properties = new MqttPropertyBuffer();
            if (version == MqttVersion.V50) properties.Add(MqttPropertyId.CorrelationData, [1, 2]).Add(MqttPropertyId.MessageExpiryInterval, 3);
            var output = new ArrayBufferWriter<byte>();
            var sent = new MqttPublish
            {
                Topic = "t/ü"u8,
                Payload = payload,
                Qos = MqttQos.AtLeastOnce,
                Dup = true,
                Retain = true,
                PacketId = 65535,
                Properties = properties.Properties,
            };
            sent.Write(output, version);
            Assert.Equal(sent.Size(version), output.WrittenCount);

            Assert.Equal(MqttReasonCode.Success, MqttPublish.Read(Frame(output.WrittenSpan.ToArray()), version, out var read));
            Assert.Equal("t/ü", Encoding.UTF8.GetString(read.Topic));
            Assert.True(read.Payload.SequenceEqual(payload));
            Assert.True(read is { Qos: MqttQos.AtLeastOnce, Dup: true, Retain: true, PacketId: 65535 });
            Assert.Equal(version == MqttVersion.V50 ? 3u : 0, read.Properties.Number(MqttPropertyId.MessageExpiryInterval, 0));
        }
    }

    [Fact]
    public void Every_property_comes_back_with_its_value()
    {
        foreach (var id in Enum.GetValues<MqttPropertyId>())
        {
            var buffer = new MqttPropertyBuffer();
            var (kind, places) = MqttPropertyTable.Look(id);
            if (kind == MqttPropertyKind.Pair) buffer.AddUser("name", "value");
            else if (kind is MqttPropertyKind.Text or MqttPropertyKind.Bytes) buffer.Add(id, "text"u8);
            else buffer.Add(id, 1);

            Assert.True(buffer.Properties.TryGet(id, out var property));
            Assert.True(kind == MqttPropertyKind.Pair ? property.Value.SequenceEqual("value"u8) : property.Number == 1 || property.Bytes.SequenceEqual("text"u8));
            foreach (var place in Enum.GetValues<MqttPropertyPlace>().Where(p => ushort.IsPow2((ushort)p)))
            {
                var error = MqttProperties.Check(buffer.Properties.Bytes, place);
                // Authentication data alone is another mistake than a property out of place
                var expected = (places & place) == MqttPropertyPlace.None ? MqttReasonCode.MalformedPacket
                    : id == MqttPropertyId.AuthenticationData ? MqttReasonCode.ProtocolError : MqttReasonCode.Success;
                Assert.Equal(expected, error);
            }
        }
    }

    [Theory]
    [InlineData(MqttReasonCode.BadUserNameOrPassword, 4)]
    [InlineData(MqttReasonCode.NotAuthorized, 5)]
    [InlineData(MqttReasonCode.ClientIdentifierNotValid, 2)]
    [InlineData(MqttReasonCode.UnsupportedProtocolVersion, 1)]
    [InlineData(MqttReasonCode.ServerUnavailable, 3)]
    [InlineData(MqttReasonCode.QuotaExceeded, 3)]
    public void A_refusal_has_a_return_code_before_5(MqttReasonCode reason, byte code)
    {
        Assert.Equal([0x20, 2, 0, code], Packets.Bytes(o => new MqttConnAck { Reason = reason }.Write(o, MqttVersion.V311)));
        Assert.Equal([0x20, 3, 0, (byte)reason, 0], Packets.Bytes(o => new MqttConnAck { Reason = reason }.Write(o, MqttVersion.V50)));
    }

    static MqttFrame Frame(byte[] packet)
    {
        Assert.Equal(MqttReadStatus.Ok, MqttFixedHeader.TryRead(packet, MqttVersion.Unknown, int.MaxValue, out var header));
        Assert.Equal(packet.Length, header.PacketLength);
        return new(header.Type, header.Flags, packet.AsSpan(header.HeaderLength));
    }

    [Fact]
    public void What_is_written_into_a_log_has_no_secrets()
    {
        var connect = new MqttConnect { ClientId = "c", UserName = "someone", Password = "secret"u8.ToArray(), Will = new("w", "gone"u8.ToArray()) };
        Assert.Equal("MqttConnect V311 c", connect.ToString());
        Assert.Equal("MqttWill w (4 bytes)", connect.Will!.ToString());
        Assert.Equal("MqttMessage t (1 bytes)", new Waybill.Mqtt.Client.MqttMessage("t", new byte[1]).ToString());
    }
}
