using System.Text;
using Waybill.Devices;
using Waybill.Mqtt;

namespace Waybill.Gate;

/// <summary>An application account on its session: where its rules let it publish and subscribe.</summary>
sealed class AccountTopics(MqttAccountRules rules)
{
    readonly byte[][] _publish = [.. rules.Publish.Select(Encoding.UTF8.GetBytes)];

    public string Account => rules.Name;

    public bool MayPublish(ReadOnlySpan<byte> topic)
    {
        foreach (var rule in _publish)
        {
            if (MqttTopic.Matches(rule, topic))
                return true;
        }
        return false;
    }

    public bool MaySubscribe(string filter) => rules.Subscribe.Any(rule => Covers(rule.Split('/'), filter.Split('/')));

    /// <summary>Whether every topic that the filter matches is matched by the rule. Wildcards at the start leave out <c>$</c> topics (MQTT 4.7.2).</summary>
    static bool Covers(ReadOnlySpan<string> rule, ReadOnlySpan<string> filter)
    {
        if (rule[0] is "#" or "+" && filter[0].StartsWith('$'))
            return false;
        for (var i = 0; i < rule.Length; i++)
        {
            if (rule[i] == "#")
                return true;
            if (i >= filter.Length || filter[i] == "#" || (rule[i] != "+" && rule[i] != filter[i]))
                return false;
        }
        return rule.Length == filter.Length;
    }
}
