using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Codec;

public sealed class StrictnessTests
{
    const MqttReasonCode Malformed = MqttReasonCode.MalformedPacket, Protocol = MqttReasonCode.ProtocolError;

    [Theory]
    // Fixed header
    [InlineData("00 00", 4, Malformed)]                     // type 0
    [InlineData("F0 00", 4, Malformed)]                     // AUTH before 5.0
    [InlineData("C1 00", 4, Malformed)]                     // PINGREQ with flags
    [InlineData("80 06 0001 0001 61 00", 4, Malformed)]     // SUBSCRIBE without its flag
    [InlineData("8A 06 0001 0001 61 00", 4, Malformed)]     // SUBSCRIBE with DUP
    [InlineData("36 05 0001 61 0001", 4, Malformed)]        // QoS 3
    [InlineData("38 04 0001 61 00", 4, Malformed)]          // DUP at QoS 0
    [InlineData("C0 80 80 80 80 01", 4, Malformed)]         // five length bytes
    [InlineData("C0 80 00", 5, Malformed)]                  // length longer than needed
    [InlineData("C0 01 00", 4, Malformed)]                  // PINGREQ with a body
    // CONNECT
    [InlineData("10 0C 0004 4D515454 04 03 000A 0000", 4, Malformed)]          // reserved flag
    [InlineData("10 0C 0004 4D515454 04 0A 000A 0000", 4, Malformed)]          // will QoS without will
    [InlineData("10 0C 0004 4D515454 04 22 000A 0000", 4, Malformed)]          // will retain without will
    [InlineData("10 12 0004 4D515454 04 1E 000A 0000 0001 61 0001 62", 4, Malformed)] // will QoS 3
    [InlineData("10 0F 0004 4D515454 04 42 000A 0000 0001 61", 4, Malformed)]  // password without user name
    [InlineData("10 0C 0004 4D515454 06 02 000A 0000", 4, MqttReasonCode.UnsupportedProtocolVersion)]
    [InlineData("10 0C 0004 4D515454 03 02 000A 0000", 4, MqttReasonCode.UnsupportedProtocolVersion)]
    [InlineData("10 0C 0004 4D515458 04 02 000A 0000", 4, Protocol)]           // another protocol
    [InlineData("10 0D 0004 4D515454 04 02 000A 0000 00", 4, Malformed)]       // a byte too many
    [InlineData("10 0B 0004 4D515454 04 02 000A 00", 4, Malformed)]            // a byte too few
    [InlineData("10 12 0004 4D515454 04 06 000A 0000 0001 23 0001 62", 4, MqttReasonCode.TopicNameInvalid)] // will to "#"
    [InlineData("10 10 0004 4D515454 05 02 000A 03 210000 0000", 5, Protocol)] // receive maximum 0
    [InlineData("10 12 0004 4D515454 05 02 000A 05 2700000000 0000", 5, Protocol)] // maximum packet size 0
    [InlineData("10 11 0004 4D515454 05 02 000A 04 160001AA 0000", 5, Protocol)]  // authentication data without method
    // CONNACK
    [InlineData("20 02 02 00", 4, Malformed)]               // reserved flag
    [InlineData("20 02 00 06", 4, Malformed)]               // unknown return code
    [InlineData("20 02 01 05", 4, Protocol)]                // session present with a refusal
    [InlineData("20 03 00 42 00", 5, Malformed)]            // unknown reason
    // PUBLISH
    [InlineData("30 02 0000", 4, Malformed)]                // empty topic
    [InlineData("30 03 0000 00", 5, Protocol)]              // empty topic, no alias
    [InlineData("30 03 0001 23", 4, MqttReasonCode.TopicNameInvalid)]
    [InlineData("30 05 0003 612F2B", 4, MqttReasonCode.TopicNameInvalid)]
    [InlineData("30 03 0001 00", 4, Malformed)]             // U+0000
    [InlineData("30 05 0003 EDA080", 4, Malformed)]         // a surrogate
    [InlineData("30 04 0002 C0AF", 4, Malformed)]           // overlong
    [InlineData("30 03 0005 61", 4, Malformed)]             // topic longer than the packet
    [InlineData("32 05 0001 61 0000", 4, Malformed)]        // packet id 0
    [InlineData("32 03 0001 61", 4, Malformed)]             // no packet id
    [InlineData("30 05 0001 61 05 01", 5, Malformed)]       // properties past the end
    [InlineData("30 06 0001 61 02 01 02", 5, Protocol)]     // payload format 2
    [InlineData("30 08 0001 61 04 01 00 01 00", 5, Protocol)] // a property twice
    [InlineData("30 06 0001 61 02 7F 00", 5, Malformed)]    // unknown property
    [InlineData("30 07 0001 61 03 23 0000", 5, MqttReasonCode.TopicAliasInvalid)]
    [InlineData("30 06 0001 61 02 0B 00", 5, Protocol)]     // subscription identifier 0
    [InlineData("30 08 0001 61 04 080001 2B", 5, Protocol)] // response topic with a wildcard
    [InlineData("30 08 0001 61 04 080001 FF", 5, Malformed)] // response topic that is not UTF-8
    [InlineData("30 08 0001 61 04 030001 FF", 5, Malformed)] // content type that is not UTF-8
    [InlineData("30 0B 0001 61 07 260001 6B 0001 FF", 5, Malformed)] // user property that is not UTF-8
    [InlineData("30 07 0001 61 03 21 0001", 5, Malformed)]  // receive maximum in PUBLISH
    // Acknowledgements
    [InlineData("40 02 0000", 4, Malformed)]
    [InlineData("40 01 00", 4, Malformed)]
    [InlineData("40 03 0001 00", 4, Malformed)]
    [InlineData("40 03 0001 01", 5, Malformed)]             // not a reason of PUBACK
    [InlineData("62 03 0001 10", 5, Malformed)]             // not a reason of PUBREL
    [InlineData("60 02 0001", 4, Malformed)]                // PUBREL without its flag
    // SUBSCRIBE and UNSUBSCRIBE
    [InlineData("82 02 0001", 4, Protocol)]                 // no filter
    [InlineData("82 06 0000 0001 61 00", 4, Malformed)]     // packet id 0
    [InlineData("82 06 0001 0001 61 03", 4, Protocol)]      // QoS 3
    [InlineData("82 06 0001 0001 61 04", 4, Malformed)]     // options of 5.0
    [InlineData("82 07 0001 00 0001 61 40", 5, Malformed)]  // reserved options
    [InlineData("82 07 0001 00 0001 61 30", 5, Protocol)]   // retain handling 3
    [InlineData("82 07 0001 0002 6123 00", 4, Malformed)]   // "a#"
    [InlineData("82 05 0001 0001 61", 4, Malformed)]        // no options
    [InlineData("82 05 0001 0000 00", 4, Malformed)]        // empty filter
    [InlineData("82 10 0001 00 000A 2473686172652F672F61 04", 5, Protocol)] // no local on a shared subscription
    [InlineData("A2 02 0001", 4, Protocol)]
    [InlineData("A2 04 0001 0000", 4, Malformed)]
    // SUBACK and UNSUBACK
    [InlineData("90 02 0001", 4, Malformed)]
    [InlineData("90 03 0001 03", 4, Malformed)]
    [InlineData("90 03 0001 87", 4, Malformed)]             // a reason of 5.0
    [InlineData("B0 03 0001 00", 4, Malformed)]             // UNSUBACK had no codes
    [InlineData("B0 04 0001 00 01", 5, Malformed)]          // granted QoS in UNSUBACK
    // DISCONNECT and AUTH
    [Conforms("5.0", "1.5.5-1 3.3.2-13 3.3.2-19 1.5.4-1 1.5.4-2 1.5.7-1 2.1.3-1 3.1.2-3 3.1.2-11 3.1.2-12 3.1.2-13 3.1.4-1 3.3.1-4 3.3.2-1 3.3.2-2 3.3.2-8 3.3.2-14 3.6.1-1 3.8.1-1 3.8.3-2 3.8.3-4 3.8.3-5 3.10.1-1 3.10.3-2 3.14.1-1 3.15.1-1 3.4.2-1 3.6.2-1 4.7.1-1 4.7.3-1 4.7.3-2 4.7.0-1 3.1.3-1"),
        Conforms("3.1.1", "1.5.3-1 1.5.3-2 2.2.2-1 2.2.2-2 2.3.1-1 3.1.2-3 3.1.2-11 3.1.2-13 3.1.2-14 3.1.2-15 3.1.2-22 3.1.4-1 3.3.1-4 3.3.2-1 3.3.2-2 3.6.1-1 3.8.1-1 3.8.3-3 3.8.3-4 3.10.1-1 3.10.3-2 3.14.1-1 4.7.1-1 4.7.1-2 4.7.3-1 4.7.3-2 3.1.3-1")]
    [InlineData("E0 01 00", 4, Malformed)]
    [InlineData("E0 01 01", 5, Malformed)]                  // not a reason of DISCONNECT
    [InlineData("F0 01 04", 5, Malformed)]                  // not a reason of AUTH
    public void A_bad_packet_is_refused_with_its_reason(string hex, byte version, MqttReasonCode reason)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal((MqttReadStatus.Malformed, reason), Packets.Read(bytes, (MqttVersion)version));
    }

    [Theory]
    [InlineData("C0 80 00", 4)]                             // 3.x says nothing of the shortest length
    [InlineData("8A 06 0001 0001 61 00", 3)]                // 3.1: SUBSCRIBE with DUP
    [InlineData("6A 02 0001", 3)]                           // 3.1: PUBREL with DUP
    [InlineData("10 0E 0006 4D5149736470 03 82 000A 0000", 3)] // 3.1: user flag without a user name
    [InlineData("10 0F 0006 4D5149736470 03 02 000A 0001 61", 3)]
    [InlineData("10 11 0004 4D515454 05 42 000A 00 0000 0002 7077", 5)] // 5.0: password without user name
    [InlineData("30 06 0000 03 230001", 5)]                 // alias instead of a topic
    [InlineData("40 02 0001", 5)]
    [InlineData("40 03 0001 10", 5)]
    [InlineData("40 04 0001 00 00", 5)]
    [InlineData("E0 00", 5)]
    [InlineData("E0 01 8E", 5)]
    [InlineData("F0 00", 5)]
    [InlineData("30 09 0001 61 04 0B01 0B02 78", 5)]        // two subscription identifiers
    public void An_unusual_packet_is_read(string hex, byte version)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal((MqttReadStatus.Ok, MqttReasonCode.Success), Packets.Read(bytes, (MqttVersion)version));
    }

    [Fact]
    public void A_packet_that_is_too_large_is_refused_by_its_header_alone()
    {
        Assert.Equal((MqttReadStatus.Malformed, MqttReasonCode.PacketTooLarge), Packets.Read([0x30, 0xFF, 0xFF, 0xFF, 0x7F], MqttVersion.V311, 1024));
        Assert.Equal((MqttReadStatus.NeedMore, default), Packets.Read([0x30, 0xFE, 0x07], MqttVersion.V311, 1025));
        Assert.Equal((MqttReadStatus.Malformed, MqttReasonCode.PacketTooLarge), Packets.Read([0x30, 0xFF, 0x07], MqttVersion.V311, 1025));
    }
}
