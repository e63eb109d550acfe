namespace Waybill.Protocols;

/// <summary>Topics of the form <c>head/{product}/{device}</c>, as both Tencent dialects have them.</summary>
static class ServiceTopics
{
    /// <summary>Takes a topic apart; the parts are windows on <paramref name="topic"/>.</summary>
    /// <param name="topic">The whole topic.</param>
    /// <param name="head">Up to and with the slash before the product.</param>
    /// <param name="product">Not empty.</param>
    /// <param name="device">Not empty, without a slash.</param>
    public static bool TryParse(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> head, out ReadOnlySpan<byte> product, out ReadOnlySpan<byte> device)
    {
        product = device = default;
        if (!topic.StartsWith(head))
            return false;
        var rest = topic[head.Length..];
        var slash = rest.IndexOf((byte)'/');
        if (slash <= 0 || slash == rest.Length - 1 || rest[(slash + 1)..].Contains((byte)'/'))
            return false;
        product = rest[..slash];
        device = rest[(slash + 1)..];
        return true;
    }
}
