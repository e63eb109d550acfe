using System.Text;
using System.Text.Json;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;

namespace Waybill.Tracing;

/// <summary>Packets as lines.</summary>
static class PacketLines
{
    const int LongestTopic = 512;

    public static TraceLine Of(in MqttTraced packet, DateTime at)
    {
        var line = new TraceLine(at, packet.IsWritten ? TraceSide.Out : TraceSide.In, packet.Type.ToString().ToUpperInvariant())
        {
            PacketId = packet.PacketId == 0 ? null : packet.PacketId,
        };
        return packet.Type switch
        {
            MqttPacketType.Publish => Publish(line, packet),
            MqttPacketType.Subscribe or MqttPacketType.Unsubscribe => line with { Filters = Filters(packet) },
            MqttPacketType.SubAck or MqttPacketType.UnsubAck => line with { Granted = Granted(packet) },
            MqttPacketType.ConnAck => line with { Reason = Word(packet.Reason), SessionPresent = packet.SessionPresent },
            MqttPacketType.PingReq or MqttPacketType.PingResp => line,
            _ => line with { Reason = packet.Reason == MqttReasonCode.Success ? null : Word(packet.Reason) },
        };
    }

    /// <summary>A reason code as a word: <c>not_authorized</c>.</summary>
    public static string Word(MqttReasonCode reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());

    public static string Cut(string text, int most) => text.Length <= most ? text : text[..most];

    static TraceLine Publish(TraceLine line, in MqttTraced packet)
    {
        var payload = PayloadText.Of(packet.Payload);
        return line with
        {
            Topic = Cut(Encoding.UTF8.GetString(packet.Topic), LongestTopic),
            Qos = (int)packet.Qos,
            Dup = packet.Dup ? true : null,
            Retain = packet.Retain ? true : null,
            Payload = payload.Text,
            PayloadHex = payload.Hex,
            PayloadBytes = payload.Bytes,
            IsCut = payload.IsCut ? true : null,
        };
    }

    static TracedFilter[] Filters(in MqttTraced packet)
    {
        var filters = new TracedFilter[packet.Filters.Length];
        for (var i = 0; i < filters.Length; i++)
            filters[i] = new(Cut(packet.Filters[i].Filter, LongestTopic), packet.Type == MqttPacketType.Subscribe ? (int)packet.Filters[i].Options.Qos : null);
        return filters;
    }

    static string[] Granted(in MqttTraced packet)
    {
        var granted = new string[packet.Reasons.Length];
        for (var i = 0; i < granted.Length; i++)
        {
            var reason = packet.Reasons[i];
            granted[i] = packet.Type == MqttPacketType.SubAck && (byte)reason <= (byte)MqttQos.ExactlyOnce ? $"{(byte)reason}" : Word(reason);
        }
        return granted;
    }
}
