using System.Diagnostics.CodeAnalysis;

namespace Waybill.Protocols.DjiCloud;

/// <summary>
/// Reads what docks and aircraft send, of every generation. Tolerant, bounded, and without exceptions whatever the bytes are: a payload
/// that is one JSON object always has an envelope, so that it can be answered, whatever its data is.
/// </summary>
public static class DjiUpReader
{
    /// <summary>Longest payload read, in bytes.</summary>
    public const int MaxPayload = 256 * 1024;

    /// <summary>Longest <c>tid</c>, <c>bid</c> and <c>method</c>, in bytes of UTF-8.</summary>
    public const int MaxId = 128;

    /// <summary>Reads one payload.</summary>
    /// <param name="kind">Of the topic it came on.</param>
    /// <param name="payload">Borrowed for the call.</param>
    /// <param name="envelope">What to answer with.</param>
    /// <param name="message">What is said.</param>
    /// <param name="fault">Why there is neither.</param>
    public static bool TryRead(
        DjiTopicKind kind,
        ReadOnlySpan<byte> payload,
        [NotNullWhen(true)] out DjiEnvelope? envelope,
        [NotNullWhen(true)] out DjiUp? message,
        out WireFault fault)
    {
        message = null;
        if (DjiEnvelopes.TryRead(payload, out envelope, out var data, out fault))
            message = DjiBodies.Read(kind, envelope.Method, data);
        return message is not null;
    }
}
