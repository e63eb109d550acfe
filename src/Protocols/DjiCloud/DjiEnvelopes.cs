using System.Diagnostics.CodeAnalysis;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Reads what surrounds <c>data</c>, which is the same both ways.</summary>
static class DjiEnvelopes
{
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out DjiEnvelope? envelope, out JsonValue data, out WireFault fault)
    {
        var fields = default(EnvelopeFields);
        envelope = null;
        data = default;
        fault = fields.Collect(payload) is { } reason ? WireFault.Nonsense(reason) : default;
        if (fault.Reason is not null)
            return false;
        var (tid, bid, method) = (fields.Tid.Word(DjiUpReader.MaxId), fields.Bid.Word(DjiUpReader.MaxId), fields.Method.Word(DjiUpReader.MaxId));
        if (IsLost(fields.Tid, tid) || IsLost(fields.Bid, bid) || IsLost(fields.Method, method))
        {
            fault = WireFault.Refused("tid, bid or method is too long to be repeated");
            return false;
        }
        data = fields.Data;
        envelope = new(tid, bid, method, fields.NeedReply.Flag() ?? false, fields.Timestamp.Moment(), fields.Gateway.Word(DjiTopics.MaxSn));
        return true;
    }

    static bool IsLost(JsonValue sent, string? read) => read is null && sent.Raw.Length > DjiUpReader.MaxId;

    ref struct EnvelopeFields
    {
        public JsonValue Tid, Bid, Method, NeedReply, Timestamp, Gateway, Data;

        public string? Collect(ReadOnlySpan<byte> payload)
        {
            if (payload.Length > DjiUpReader.MaxPayload)
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
