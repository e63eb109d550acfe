using System.Diagnostics.CodeAnalysis;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Reads what the platform sends, on the device's side, with the same tolerance and bounds as <see cref="DjiUpReader"/>.</summary>
public static class DjiDownReader
{
    /// <summary>Longest URL, endpoint, key and secret read, in bytes.</summary>
    public const int MaxText = 8 * 1024;

    /// <summary>Reads one payload.</summary>
    /// <param name="kind">Of the topic it came on.</param>
    /// <param name="payload">Borrowed for the call.</param>
    /// <param name="envelope">What to answer with, or what it answers.</param>
    /// <param name="message">What is said.</param>
    /// <param name="fault">Why there is neither.</param>
    public static bool TryRead(
        DjiTopicKind kind,
        ReadOnlySpan<byte> payload,
        [NotNullWhen(true)] out DjiEnvelope? envelope,
        [NotNullWhen(true)] out DjiDown? message,
        out WireFault fault)
    {
        message = null;
        if (!DjiEnvelopes.TryRead(payload, out envelope, out var data, out fault))
            return false;
        message = kind switch
        {
            DjiTopicKind.Services => DjiCommandBodies.Read(envelope.Method, data),
            DjiTopicKind.RequestsReply => DjiAnswerBodies.Read(envelope, data),
            _ => DjiAnswerBodies.Result(data),
        };
        return true;
    }
}
