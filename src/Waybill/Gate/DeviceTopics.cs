using Waybill.Link;

namespace Waybill.Gate;

/// <summary>
/// Which topics are a device's own: those that carry its product and name, side by side and without wildcards, at the place
/// where the family has them. <c>{product}/{device}/…</c> for custom topics, <c>$family/verb/{product}/{device}/…</c>,
/// and one level later under <c>$family/up|down/…</c> and <c>$family/operation/result/…</c>. One place each, so no topic has two owners.
/// </summary>
static class DeviceTopics
{
    /// <summary>By the names that every product has, or by the rules of a dialect.</summary>
    public static bool IsOwn(ReadOnlySpan<byte> topic, DeviceConnection connection) => IsOwn(topic, connection.Device) || connection.Owns(topic);

    public static bool IsOwn(ReadOnlySpan<byte> topic, DeviceIdentity device)
    {
        // a product may be called as we are
        if (EventTopics.IsOne(topic))
            return false;
        var rest = topic;
        if (rest.StartsWith("$"u8))
        {
            Level(ref rest);
            var verb = Level(ref rest);
            var after = rest;
            var third = Level(ref after);
            if (verb.SequenceEqual("up"u8) || verb.SequenceEqual("down"u8) || third.SequenceEqual("result"u8))
                rest = after;
        }
        var product = Level(ref rest);
        return device.IsNamed(product, Level(ref rest));
    }

    static ReadOnlySpan<byte> Level(ref ReadOnlySpan<byte> rest)
    {
        var slash = rest.IndexOf((byte)'/');
        var level = slash < 0 ? rest : rest[..slash];
        rest = slash < 0 ? default : rest[(slash + 1)..];
        return level;
    }
}
