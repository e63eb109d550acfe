using System.Text;
using Waybill.Events;
using Waybill.Mqtt;

namespace Waybill.Gate;

/// <summary><c>waybill/events/{product}/{device}</c>: ours to publish, and nobody else's. Of an object that no device put,
/// <c>waybill/events/$buckets/{bucket}</c>: no product is called so.</summary>
static class EventTopics
{
    static readonly byte[] s_prefix = [.. "waybill/events/"u8];

    public static byte[] Of(EventDevice device, ObjectEvent? happened) => [.. s_prefix, .. Encoding.UTF8.GetBytes(
        device == EventDevice.Nobody && happened is not null ? $"$buckets/{happened.Bucket}" : $"{device.Product}/{device.Device}")];

    public static bool IsOne(ReadOnlySpan<byte> topic) => topic.StartsWith(s_prefix);

    /// <summary>Whether there may be a device whose topic the filter matches, shared with others or not.</summary>
    public static bool MayMatch(string filter)
    {
        string?[] levels = ["waybill", "events", null, null];
        MqttTopic.ShareOf(Encoding.UTF8.GetBytes(filter), out var own);
        var asked = Encoding.UTF8.GetString(own).Split('/');
        for (var i = 0; i < levels.Length; i++)
        {
            if (i == asked.Length)
                return false;
            if (asked[i] == "#")
                return true;
            if (levels[i] is { } level && asked[i] != "+" && asked[i] != level)
                return false;
        }
        return asked.Length == levels.Length || asked[levels.Length] == "#";
    }
}
