using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>What every message of the platform is written with.</summary>
static class DjiJson
{
    /// <summary>Up to and with <c>"data":</c>; the caller writes the value and the last brace.</summary>
    public static void Head(this ref CompactJson json, DjiHead head)
    {
        json.Raw("{"u8);
        if (head.Tid is { } tid)
            json.Member("\"tid\":"u8, tid);
        if (head.Bid is { } bid)
            json.Member("\"bid\":"u8, bid);
        json.Raw("\"timestamp\":"u8);
        json.Number(head.Timestamp);
        json.Raw(","u8);
        json.Member("\"gateway\":"u8, head.Gateway);
        if (head.Method is { } method)
            json.Member("\"method\":"u8, method);
        json.Raw("\"data\":"u8);
    }

    /// <summary>A text with its name and a comma behind.</summary>
    public static void Member(this ref CompactJson json, scoped ReadOnlySpan<byte> name, string text)
    {
        json.Raw(name);
        json.Quoted(text);
        json.Raw(","u8);
    }

    public static void Quoted(this ref CompactJson json, string text)
    {
        json.Raw("\""u8);
        json.Text(text);
        json.Raw("\""u8);
    }
}
