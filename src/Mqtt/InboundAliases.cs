using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt;

/// <summary>Topic aliases the other side has set on its connection (3.3.2.3.4). Used by its read loop only.</summary>
sealed class InboundAliases(int maximum)
{
    readonly byte[]?[] _topics = new byte[maximum][];
    readonly PropertyScratch _scratch = new();

    /// <summary>Sets or resolves the alias; the message then has its topic and no alias. It is valid until the next one.</summary>
    public MqttReasonCode Resolve(ref MqttPublish publish, uint alias)
    {
        if (alias > maximum) return MqttReasonCode.TopicAliasInvalid;
        ref var topic = ref _topics[alias - 1];
        if (publish.Topic.IsEmpty)
        {
            if (topic is null) return MqttReasonCode.ProtocolError;
        }
        else if (!publish.Topic.SequenceEqual(topic))
        {
            topic = publish.Topic.ToArray();
        }
        publish = new()
        {
            Topic = topic,
            Payload = publish.Payload,
            Qos = publish.Qos,
            Retain = publish.Retain,
            Dup = publish.Dup,
            PacketId = publish.PacketId,
            Properties = _scratch.BeginWithout(publish.Properties, MqttPropertyId.TopicAlias).Properties,
        };
        return MqttReasonCode.Success;
    }
}
