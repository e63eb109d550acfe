namespace Waybill.Protocols.DjiCloud;

/// <summary>Topics <c>thing/product/{sn}/…</c> and <c>sys/product/{sn}/…</c>; the serial number is the device's own, or its gateway's.</summary>
public static class DjiTopics
{
    /// <summary>Longest serial number read, in bytes.</summary>
    public const int MaxSn = 64;

    static ReadOnlySpan<byte> Thing => "thing/product/"u8;

    static ReadOnlySpan<byte> Sys => "sys/product/"u8;

    /// <summary>What a platform may stay subscribed to for ever: every topic devices publish on.</summary>
    public static IReadOnlyList<string> Up { get; } =
        [.. Enum.GetValues<DjiTopicKind>().Where(IsUp).Select(kind => Of(kind, "+"))];

    /// <summary>Whether devices publish on it.</summary>
    public static bool IsUp(this DjiTopicKind kind) => kind
        is DjiTopicKind.Osd or DjiTopicKind.State or DjiTopicKind.ServicesReply or DjiTopicKind.Events or DjiTopicKind.Requests
        or DjiTopicKind.Status or DjiTopicKind.PropertySetReply or DjiTopicKind.DrcUp;

    /// <summary>Where the platform answers what came on such a topic; null where nothing is ever answered.</summary>
    public static DjiTopicKind? Reply(this DjiTopicKind kind) => kind switch
    {
        DjiTopicKind.State => DjiTopicKind.StateReply,
        DjiTopicKind.Events => DjiTopicKind.EventsReply,
        DjiTopicKind.Requests => DjiTopicKind.RequestsReply,
        DjiTopicKind.Status => DjiTopicKind.StatusReply,
        _ => null,
    };

    /// <summary>The topic of one device.</summary>
    public static string Of(DjiTopicKind kind, string sn) =>
        (kind is DjiTopicKind.Status or DjiTopicKind.StatusReply ? "sys/product/" : "thing/product/") + sn + "/" + Tail(kind);

    /// <summary>Takes any topic of the dialect apart; the serial number is a window on <paramref name="topic"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> topic, out DjiTopicKind kind, out ReadOnlySpan<byte> sn)
    {
        kind = default;
        if (!TryOwner(topic, out sn))
            return false;
        var isSys = topic.StartsWith(Sys);
        var tail = topic[((isSys ? Sys : Thing).Length + sn.Length + 1)..];
        if (Kind(tail, isSys) is not { } found)
        {
            sn = default;
            return false;
        }
        kind = found;
        return true;
    }

    /// <summary>Whose a topic or a filter of this dialect is, whatever stands behind the serial number; a window on <paramref name="topic"/>.</summary>
    public static bool TryOwner(ReadOnlySpan<byte> topic, out ReadOnlySpan<byte> sn)
    {
        sn = default;
        var isSys = topic.StartsWith(Sys);
        if (!isSys && !topic.StartsWith(Thing))
            return false;
        var rest = topic[(isSys ? Sys : Thing).Length..];
        var slash = rest.IndexOf((byte)'/');
        if (slash is <= 0 or > MaxSn)
            return false;
        sn = rest[..slash];
        return true;
    }

    static DjiTopicKind? Kind(ReadOnlySpan<byte> tail, bool isSys)
    {
        if (isSys)
            return tail.SequenceEqual("status"u8) ? DjiTopicKind.Status : tail.SequenceEqual("status_reply"u8) ? DjiTopicKind.StatusReply : null;
        return tail.SequenceEqual("osd"u8) ? DjiTopicKind.Osd
            : tail.SequenceEqual("state"u8) ? DjiTopicKind.State
            : tail.SequenceEqual("events"u8) ? DjiTopicKind.Events
            : tail.SequenceEqual("requests"u8) ? DjiTopicKind.Requests
            : tail.SequenceEqual("services_reply"u8) ? DjiTopicKind.ServicesReply
            : tail.SequenceEqual("property/set_reply"u8) ? DjiTopicKind.PropertySetReply
            : tail.SequenceEqual("drc/up"u8) ? DjiTopicKind.DrcUp
            : tail.SequenceEqual("state_reply"u8) ? DjiTopicKind.StateReply
            : tail.SequenceEqual("services"u8) ? DjiTopicKind.Services
            : tail.SequenceEqual("events_reply"u8) ? DjiTopicKind.EventsReply
            : tail.SequenceEqual("requests_reply"u8) ? DjiTopicKind.RequestsReply
            : tail.SequenceEqual("property/set"u8) ? DjiTopicKind.PropertySet
            : tail.SequenceEqual("drc/down"u8) ? DjiTopicKind.DrcDown
            : null;
    }

    static string Tail(DjiTopicKind kind) => kind switch
    {
        DjiTopicKind.Osd => "osd",
        DjiTopicKind.State => "state",
        DjiTopicKind.StateReply => "state_reply",
        DjiTopicKind.Services => "services",
        DjiTopicKind.ServicesReply => "services_reply",
        DjiTopicKind.Events => "events",
        DjiTopicKind.EventsReply => "events_reply",
        DjiTopicKind.Requests => "requests",
        DjiTopicKind.RequestsReply => "requests_reply",
        DjiTopicKind.Status => "status",
        DjiTopicKind.StatusReply => "status_reply",
        DjiTopicKind.PropertySet => "property/set",
        DjiTopicKind.PropertySetReply => "property/set_reply",
        DjiTopicKind.DrcUp => "drc/up",
        _ => "drc/down",
    };
}
