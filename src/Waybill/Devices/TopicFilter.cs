using System.Text;

namespace Waybill.Devices;

/// <summary>Rules for topic filters (MQTT 3.1.1, 4.7).</summary>
static class TopicFilter
{
    public const string Allowed = "MQTT topic filters of 1 to 1024 bytes: + alone in its level, # alone in the last";

    public static bool IsValid(string? filter)
    {
        if (filter is null || filter.Length == 0 || Encoding.UTF8.GetByteCount(filter) > 1024 || filter.Any(char.IsControl) || filter.Any(char.IsSurrogate))
            return false;
        var levels = filter.Split('/');
        return levels.Index().All(l => l.Item is "+" || (l.Item is "#" && l.Index == levels.Length - 1) || !l.Item.AsSpan().ContainsAny('+', '#'));
    }
}
