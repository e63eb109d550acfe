using System.Buffers;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt;

/// <summary>Topic aliases of one connection to its other side: the first topics get one [MQTT-3.1.2-26, MQTT-3.1.2-27]. Used under the output's lock.</summary>
sealed class OutboundAliases(int maximum)
{
    /// <summary>Alias and id cost three bytes; shorter topics gain nothing.</summary>
    const int Shortest = 4;

    readonly Dictionary<byte[], ushort> _aliases = new(Utf8Key.Comparer);
    readonly PropertyScratch _scratch = new();

    /// <summary>Writes a 5.0 message, with its alias in the place of the topic where there is one.</summary>
    public void Write(in MqttPublish publish, IBufferWriter<byte> output, int maximumPacketSize)
    {
        var known = _aliases.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(publish.Topic, out var alias);
        var isNew = !known && _aliases.Count < maximum && publish.Topic.Length >= Shortest
            && (maximumPacketSize == int.MaxValue || publish.Size(MqttVersion.V50) + 8 <= maximumPacketSize);
        if (isNew) _aliases.Add(publish.Topic.ToArray(), alias = (ushort)(_aliases.Count + 1));
        if (alias == 0)
        {
            publish.Write(output, MqttVersion.V50);
            return;
        }
        new MqttPublish
        {
            Topic = known ? default : publish.Topic,
            Payload = publish.Payload,
            Qos = publish.Qos,
            Retain = publish.Retain,
            Dup = publish.Dup,
            PacketId = publish.PacketId,
            Properties = _scratch.Begin(publish.Properties).Add(MqttPropertyId.TopicAlias, alias).Properties,
        }.Write(output, MqttVersion.V50);
    }
}
