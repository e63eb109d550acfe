using System.Text.Unicode;

namespace Waybill.Mqtt;

/// <summary>Topic names and topic filters as UTF-8 (4.7).</summary>
public static class MqttTopic
{
    /// <summary>Whether the bytes are a topic name: 1 to 65535 bytes of UTF-8 without U+0000 and wildcards [MQTT-3.3.2-2, MQTT-4.7.3-1].</summary>
    public static bool IsName(ReadOnlySpan<byte> topic) =>
        topic.Length is > 0 and <= ushort.MaxValue && !topic.ContainsAny((byte)0, (byte)'#', (byte)'+') && Utf8.IsValid(topic);

    /// <summary>Whether the bytes are a topic filter: <c>#</c> only as the last level, <c>+</c> only as a whole level [MQTT-4.7.1-1, MQTT-4.7.1-2].</summary>
    public static bool IsFilter(ReadOnlySpan<byte> filter)
    {
        if (filter.Length is 0 or > ushort.MaxValue || filter.Contains((byte)0) || !Utf8.IsValid(filter)) return false;
        while (true)
        {
            var level = TakeLevel(ref filter, out var last);
            if (level.Length > 1 && level.ContainsAny((byte)'#', (byte)'+')) return false;
            if (last) return true;
            if (level is [(byte)'#']) return false;
        }
    }

    /// <summary>Whether a filter has wildcards.</summary>
    public static bool HasWildcard(ReadOnlySpan<byte> filter) => filter.ContainsAny((byte)'#', (byte)'+');

    /// <summary>Whether a filter asks for a shared subscription, <c>$share/{name}/{filter}</c> (4.8.2).</summary>
    public static bool IsShared(ReadOnlySpan<byte> filter) => filter.StartsWith("$share/"u8);

    /// <summary>
    /// The name of a shared subscription and its own filter; nothing and the whole filter for any other. A name has one character at least and
    /// neither <c>/</c> nor wildcards [MQTT-4.8.2-1, MQTT-4.8.2-2]; where that is not so the filter is empty.
    /// </summary>
    public static ReadOnlySpan<byte> ShareOf(ReadOnlySpan<byte> filter, out ReadOnlySpan<byte> rest)
    {
        rest = filter;
        if (!IsShared(filter)) return default;
        var named = filter["$share/".Length..];
        var slash = named.IndexOf((byte)'/');
        rest = slash > 0 && !HasWildcard(named[..slash]) ? named[(slash + 1)..] : default;
        return slash > 0 ? named[..slash] : default;
    }

    /// <summary>Whether a valid filter matches a valid topic name. Leading wildcards do not match topics that begin with <c>$</c> [MQTT-4.7.2-1].</summary>
    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        if (filter.IsEmpty || topic.IsEmpty || (topic[0] == (byte)'$' && filter[0] is (byte)'#' or (byte)'+')) return false;
        while (true)
        {
            if (filter is [(byte)'#']) return true;
            int f = filter.IndexOf((byte)'/'), t = topic.IndexOf((byte)'/');
            var want = f < 0 ? filter : filter[..f];
            var have = t < 0 ? topic : topic[..t];
            if (want is not [(byte)'+'] && !want.SequenceEqual(have)) return false;
            if (f < 0) return t < 0;
            filter = filter[(f + 1)..];
            if (t < 0) return filter is [(byte)'#'];
            topic = topic[(t + 1)..];
        }
    }

    /// <summary>Takes the first level off what is left of a name or a filter.</summary>
    internal static ReadOnlySpan<byte> TakeLevel(ref ReadOnlySpan<byte> rest, out bool last)
    {
        var slash = rest.IndexOf((byte)'/');
        last = slash < 0;
        var level = last ? rest : rest[..slash];
        rest = last ? default : rest[(slash + 1)..];
        return level;
    }
}
