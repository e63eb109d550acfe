using Waybill.Protocols.Json;

namespace Waybill.Protocols.TencentHub;

/// <summary>The fields of every message of the dialect, found in one pass; of duplicates the last one counts.</summary>
ref struct HubFields
{
    public JsonValue Type, Name, Size, Md5Sum, Url, Progress, State, Percent, ResultCode, ResultMsg;

    /// <summary>Null when the payload is one JSON object within the bound.</summary>
    public string? Collect(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > HubUpReader.MaxPayload)
            return "payload is too long";
        var json = new LenientJson(payload);
        while (json.Next(out var name, out var value))
            Field(name, value);
        return json.Fault is null ? null : "payload " + json.Fault;
    }

    /// <summary>What to say of a <c>type</c> that is none of ours.</summary>
    public readonly WireFault TypeFault() => Type.UnknownType("type");

    public readonly bool TryName(out string name, out WireFault fault) => Name.TryName("name", ResourceNames.MaxUp, out name, out fault);

    public readonly bool TryResource(out HubResource resource, out WireFault fault)
    {
        resource = default;
        if (!TryName(out var name, out fault))
            return false;
        if (!Size.TryInteger(out var size))
            fault = WireFault.Nonsense(Size.IsMissing ? "size is missing" : "size is not an integer");
        else if (size < 0)
            fault = WireFault.Refused("size is negative");
        else if (Md5Sum.Kind != JsonKind.Text)
            fault = WireFault.Nonsense(Md5Sum.IsMissing ? "md5sum is missing" : "md5sum is not text");
        else if (!Md5Sum.TryText(stackalloc byte[Md5Text.Length], out var digits) || !Md5Text.TryParse(digits, out var md5))
            fault = WireFault.Refused("md5sum is not 32 hexadecimal digits");
        else
            resource = new(name, size, md5);
        return fault.Reason is null;
    }

    public readonly bool TryResult(out int code, out string msg, out WireFault fault)
    {
        msg = "";
        return ResultCode.TryCode("result_code", out code, out fault)
            && ResultMsg.TryRemark("result_msg", HubUpReader.MaxResultMsg, out msg, out fault);
    }

    void Field(JsonValue name, JsonValue value)
    {
        if (name.Is("type"u8))
            Type = value;
        else if (name.Is("name"u8))
            Name = value;
        else if (name.Is("size"u8))
            Size = value;
        else if (name.Is("md5sum"u8))
            Md5Sum = value;
        else if (name.Is("url"u8))
            Url = value;
        else if (name.Is("progress"u8))
            Progress = value;
        else if (name.Is("state"u8))
            State = value;
        else if (name.Is("percent"u8))
            Percent = value;
        else if (name.Is("result_code"u8))
            ResultCode = value;
        else if (name.Is("result_msg"u8))
            ResultMsg = value;
    }
}
