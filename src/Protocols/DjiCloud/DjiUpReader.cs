using System.Diagnostics.CodeAnalysis;
using Waybill.Protocols.Json;

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
        if (TryEnvelope(payload, out envelope, out var data, out fault))
            message = DjiBodies.Read(kind, envelope.Method, data);
        return message is not null;
    }

    static bool TryEnvelope(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out DjiEnvelope? envelope, out JsonValue data, out WireFault fault)
    {
        var fields = default(EnvelopeFields);
        envelope = null;
        data = default;
        fault = fields.Collect(payload) is { } reason ? WireFault.Nonsense(reason) : default;
        if (fault.Reason is not null)
            return false;
        var (tid, bid, method) = (fields.Tid.Word(MaxId), fields.Bid.Word(MaxId), fields.Method.Word(MaxId));
        if (IsLost(fields.Tid, tid) || IsLost(fields.Bid, bid) || IsLost(fields.Method, method))
        {
            fault = WireFault.Refused("tid, bid or method is too long to be repeated");
            return false;
        }
        data = fields.Data;
        envelope = new(tid, bid, method, fields.NeedReply.Flag() ?? false, fields.Timestamp.Moment(), fields.Gateway.Word(DjiTopics.MaxSn));
        return true;
    }

    static bool IsLost(JsonValue sent, string? read) => read is null && sent.Raw.Length > MaxId;

    ref struct EnvelopeFields
    {
        public JsonValue Tid, Bid, Method, NeedReply, Timestamp, Gateway, Data;

        public string? Collect(ReadOnlySpan<byte> payload)
        {
            if (payload.Length > MaxPayload)
                return "payload is too long";
            var json = new LenientJson(payload);
            while (json.Next(out var name, out var value))
                Field(name, value);
            return json.Fault is null ? null : "payload " + json.Fault;
        }

        void Field(JsonValue name, JsonValue value)
        {
            if (name.Is("tid"u8))
                Tid = value;
            else if (name.Is("bid"u8))
                Bid = value;
            else if (name.Is("method"u8))
                Method = value;
            else if (name.Is("data"u8))
                Data = value;
            else if (name.Is("timestamp"u8) || name.Is("timestamp:"u8))
                Timestamp = value;
            else if (name.Is("gateway"u8))
                Gateway = value;
            else if (name.Is("need_reply"u8))
                NeedReply = value;
        }
    }
}
