using System.Text;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>What a subscription is granted.</summary>
static class SubscriptionPolicy
{
    /// <summary>Levels of a filter; the topic index walks them on the stack.</summary>
    const int MaximumLevels = 128;

    public static MqttReasonCode Judge(MqttApplication application, MqttSession session, ReadOnlySpan<byte> filter, MqttSubscriptionOptions options)
    {
        MqttTopic.ShareOf(filter, out var rest);
        if (rest.IsEmpty || filter.Count((byte)'/') >= MaximumLevels) return MqttReasonCode.TopicFilterInvalid;
        if (!application.MaySubscribe(session, Encoding.UTF8.GetString(rest))) return MqttReasonCode.NotAuthorized;
        return (MqttReasonCode)options.Qos;
    }
}
