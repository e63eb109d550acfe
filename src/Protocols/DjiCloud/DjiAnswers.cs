using System.Buffers;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>
/// Writes what the platform answers: tid, bid and method as asked, then timestamp, gateway and <c>data</c>. False, and the output as it
/// was, for what does not fit or is not Unicode.
/// </summary>
public static class DjiAnswers
{
    /// <summary>Longest answer, in bytes.</summary>
    public const int MaxPayload = 16 * 1024;

    /// <summary>A plain result: to events, states and topology, and to requests with nothing more to say.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="head">From <see cref="DjiEnvelope.Answer"/>.</param>
    /// <param name="result">0, or an error code.</param>
    public static bool TryResult(IBufferWriter<byte> output, DjiHead head, int result)
    {
        var json = new CompactJson(output.GetSpan(MaxPayload)[..MaxPayload]);
        json.Head(head);
        json.Raw("{\"result\":"u8);
        json.Number(result);
        json.Raw("}}"u8);
        return json.TryCommit(output);
    }
}
