using System.Text;

namespace Waybill.Protocols.Json;

/// <summary>Reads one field of a message within bounds. A fault names the field and quotes nothing that was sent.</summary>
static class WireFields
{
    public static bool TryText(this JsonValue value, string field, int maxBytes, out string text, out WireFault fault)
    {
        text = "";
        fault = default;
        if (value.Kind != JsonKind.Text)
            fault = WireFault.Nonsense(field + (value.IsMissing ? " is missing" : " is not text"));
        else if (!value.TryText(stackalloc byte[maxBytes], out var utf8))
            fault = WireFault.Refused(field + " is too long");
        else if (utf8.IsEmpty)
            fault = WireFault.Refused(field + " is empty");
        else
            text = Encoding.UTF8.GetString(utf8);
        return fault.Reason is null;
    }

    /// <summary>A text that obeys <see cref="ResourceNames"/>.</summary>
    public static bool TryName(this JsonValue value, string field, int maxBytes, out string name, out WireFault fault)
    {
        if (value.TryText(field, maxBytes, out name, out fault) && ResourceNames.Refusal(name, maxBytes) is { } refusal)
            fault = WireFault.Refused($"{field} {refusal}");
        return fault.Reason is null;
    }

    /// <summary>0 when not sent.</summary>
    public static bool TryCode(this JsonValue value, string field, out int code, out WireFault fault)
    {
        var sound = value.TryInteger(out var number) && number == (int)number;
        code = sound ? (int)number : 0;
        fault = sound || value.IsMissing ? default : WireFault.Nonsense(field + " is not an integer");
        return fault.Reason is null;
    }

    /// <summary>A text for people: empty when not sent, cut when too long.</summary>
    public static bool TryRemark(this JsonValue value, string field, int maxBytes, out string remark, out WireFault fault)
    {
        remark = "";
        fault = value.IsMissing || value.Kind == JsonKind.Text ? default : WireFault.Nonsense(field + " is not text");
        if (value.Kind == JsonKind.Text)
        {
            value.TryText(stackalloc byte[maxBytes], out var utf8);
            remark = Encoding.UTF8.GetString(utf8);
        }
        return fault.Reason is null;
    }

    /// <summary>Null when not sent or outside 0 to 100.</summary>
    public static bool TryPercent(this JsonValue value, string field, out int? percent, out WireFault fault)
    {
        var sound = value.TryInteger(out var number);
        percent = sound && number is >= 0 and <= 100 ? (int)number : null;
        fault = sound || value.IsMissing ? default : WireFault.Nonsense(field + " is not an integer");
        return fault.Reason is null;
    }

    /// <summary>What to say of the field that tells messages apart, when it is none of ours.</summary>
    public static WireFault UnknownType(this JsonValue value, string field) =>
        value.Kind == JsonKind.Text
            ? new(WireFaultKind.UnknownType, field + " is not known")
            : WireFault.Nonsense(field + (value.IsMissing ? " is missing" : " is not text"));
}
