using System.Text;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.TencentExplorer;

/// <summary>The fields of one object of a message, found in one pass; of duplicates the last one counts.</summary>
ref struct ExplorerFields
{
    public JsonValue Method, RequestId, Report, Progress, ResourceList;
    public JsonValue Name, Version, ResourceType, Url, Md5Sum, Size;
    public JsonValue PutUrl, Token, State, Percent, ResultCode, ResultMsg;

    /// <summary>Null when the payload is one JSON object within the bound.</summary>
    public string? Collect(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > ExplorerUpReader.MaxPayload)
            return "payload is too long";
        var json = new LenientJson(payload);
        while (json.Next(out var name, out var value))
            Field(name, value);
        return json.Fault is null ? null : "payload " + json.Fault;
    }

    /// <summary>Collects an object inside the payload; false, with a fault, when it is none.</summary>
    public bool CollectInner(JsonValue inner, string field, out WireFault fault)
    {
        fault = inner.Kind == JsonKind.Object ? default : WireFault.Nonsense(field + (inner.IsMissing ? " is missing" : " is not an object"));
        if (inner.Kind == JsonKind.Object)
            Collect(inner.Raw);
        return fault.Reason is null;
    }

    /// <summary>The entries of a list. One that is nonsense does not cost the others: commands wait for this message.</summary>
    public static IReadOnlyList<ExplorerResource> Resources(JsonValue array, out int unread)
    {
        var resources = new List<ExplorerResource>();
        unread = 0;
        var elements = LenientJson.Elements(array);
        while (elements.NextElement(out var element))
        {
            var entry = default(ExplorerFields);
            if (resources.Count < ExplorerUpReader.MaxResources && entry.CollectInner(element, "entry", out _) && entry.TryResource(out var resource, out _))
                resources.Add(resource);
            else
                unread++;
        }
        return resources;
    }

    public readonly bool TryName(out string name, out WireFault fault) =>
        Name.TryName("resource_name", ExplorerLimits.MaxNameUp, out name, out fault);

    /// <summary>Null when not sent, or empty.</summary>
    public readonly bool TryVersion(out string? version, out WireFault fault)
    {
        version = null;
        fault = default;
        return IsLeftOut(Version) || Version.TryName("version", ExplorerLimits.MaxVersionUp, out version, out fault);
    }

    /// <summary><c>FILE</c> when not sent, or empty.</summary>
    public readonly bool TryType(out string type, out WireFault fault)
    {
        type = ExplorerResource.File;
        fault = default;
        return IsLeftOut(ResourceType) || ResourceType.TryName("resource_type", ExplorerLimits.MaxTypeUp, out type, out fault);
    }

    public readonly bool TryResource(out ExplorerResource resource, out WireFault fault)
    {
        resource = default;
        if (!TryName(out var name, out fault) || !TryVersion(out var version, out fault) || !TryType(out var type, out fault))
            return false;
        if (version is null)
            fault = WireFault.Nonsense("version is missing");
        else
            resource = new(name, version, type);
        return fault.Reason is null;
    }

    /// <summary>A number that is one in strict JSON too, or text that needs no escape: it is repeated as it stands.</summary>
    public readonly bool TryRequestId(out ExplorerRequestId id, out WireFault fault)
    {
        var text = "";
        fault = default;
        if (RequestId.Kind == JsonKind.Number)
            text = RequestId.Raw.Length <= ExplorerLimits.MaxRequestId ? Encoding.ASCII.GetString(RequestId.Raw) : "";
        else
            RequestId.TryText("request_id", ExplorerLimits.MaxRequestId, out text, out fault);
        id = new(text, RequestId.Kind == JsonKind.Number);
        if (fault.Reason is null && !ExplorerLimits.CanRepeat(id))
            fault = WireFault.Refused("request_id cannot be repeated as it stands");
        return fault.Reason is null;
    }

    public readonly bool TryToken(out string token, out WireFault fault)
    {
        if (Token.TryText("resource_token", ExplorerLimits.MaxToken, out token, out fault) && !ExplorerLimits.IsToken(token))
            fault = WireFault.Refused("resource_token holds what no token does");
        return fault.Reason is null;
    }

    public readonly bool TryProgress(out ExplorerProgress progress, out WireFault fault)
    {
        progress = default;
        if (!ResultCode.TryCode("result_code", out var code, out fault)
            || !ResultMsg.TryRemark("result_msg", ExplorerUpReader.MaxResultMsg, out var msg, out fault)
            || !Percent.TryPercent("percent", out var percent, out fault))
            return false;
        if (TryState(out var state))
            progress = new(state, percent, code, msg);
        else
            fault = WireFault.Nonsense(State.IsMissing ? "state is missing" : "state is not known");
        return fault.Reason is null;
    }

    readonly bool TryState(out ExplorerState state)
    {
        state = State.Is("done"u8) ? ExplorerState.Done
            : State.Is("fail"u8) ? ExplorerState.Fail
            : State.Is("burning"u8) ? ExplorerState.Burning
            : ExplorerState.Running;
        return state != ExplorerState.Running || State.Is("downloading"u8) || State.Is("uploading"u8);
    }

    /// <summary>C devices print an empty text for what they do not have.</summary>
    static bool IsLeftOut(JsonValue value) => value.IsMissing || value.Is(""u8);

    void Field(JsonValue name, JsonValue value)
    {
        if (name.Is("method"u8))
            Method = value;
        else if (name.Is("request_id"u8))
            RequestId = value;
        else if (name.Is("report"u8))
            Report = value;
        else if (name.Is("progress"u8))
            Progress = value;
        else if (name.Is("resource_list"u8))
            ResourceList = value;
        else if (name.Is("resource_name"u8))
            Name = value;
        else if (name.Is("version"u8))
            Version = value;
        else if (name.Is("resource_type"u8))
            ResourceType = value;
        else if (name.Is("url"u8))
            Url = value;
        else if (name.Is("md5sum"u8))
            Md5Sum = value;
        else if (name.Is("file_size"u8))
            Size = value;
        else
            RestField(name, value);
    }

    void RestField(JsonValue name, JsonValue value)
    {
        if (name.Is("resource_url"u8))
            PutUrl = value;
        else if (name.Is("resource_token"u8))
            Token = value;
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
