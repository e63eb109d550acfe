using System.Buffers;

namespace Waybill.Mqtt.Codec;

/// <summary>PINGREQ and PINGRESP (3.12, 3.13): nothing but a fixed header.</summary>
public static class MqttPing
{
    /// <summary>Checks that the body is empty.</summary>
    public static MqttReasonCode Read(scoped in MqttFrame frame) =>
        frame.Body.IsEmpty ? MqttReasonCode.Success : MqttReasonCode.MalformedPacket;

    /// <summary>Writes one of the two.</summary>
    public static void Write(IBufferWriter<byte> output, MqttPacketType type)
    {
        var span = output.GetSpan(2);
        span[0] = (byte)((int)type << 4);
        span[1] = 0;
        output.Advance(2);
    }
}
