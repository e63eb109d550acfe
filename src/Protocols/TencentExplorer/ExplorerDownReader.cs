using System.Diagnostics.CodeAnalysis;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.TencentExplorer;

/// <summary>Reads what the platform sends, on the device's side, with the same tolerance and bounds as <see cref="ExplorerUpReader"/>.</summary>
public static class ExplorerDownReader
{
    /// <summary>Longest URL read, in bytes: what a device's buffer holds.</summary>
    public const int MaxUrl = 1023;

    /// <summary>Reads one payload.</summary>
    /// <param name="payload">Borrowed for the call.</param>
    /// <param name="message">The message.</param>
    /// <param name="fault">Why there is none.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out ExplorerDown? message, out WireFault fault)
    {
        var fields = default(ExplorerFields);
        message = null;
        if (fields.Collect(payload) is { } reason)
            fault = WireFault.Nonsense(reason);
        else if (fields.Method.Is("report_version_rsp"u8))
            message = TryList(fields, out var list, out fault) ? list : null;
        else if (fields.Method.Is("update_resource"u8))
            message = TryUpdate(fields, out var update, out fault) ? update : null;
        else if (fields.Method.Is("request_url_resp"u8))
            message = TryUrl(fields, out var url, out fault) ? url : null;
        else if (fields.Method.Is("del_resource"u8))
            message = fields.TryResource(out var resource, out fault) ? new DeleteResource(resource) : null;
        else
            fault = fields.Method.UnknownType("method");
        return message is not null;
    }

    static bool TryList(in ExplorerFields fields, [NotNullWhen(true)] out ReportVersionResponse? list, out WireFault fault)
    {
        list = null;
        if (!fields.ResultCode.TryCode("result_code", out var code, out fault))
            return false;
        if (fields.ResultCode.IsMissing)
            fault = WireFault.Nonsense("result_code is missing");
        else if (fields.ResourceList.IsMissing)
            list = new(code, []);
        else if (fields.ResourceList.Kind == JsonKind.Array)
            list = new(code, ExplorerFields.Resources(fields.ResourceList, out _));
        else
            fault = WireFault.Nonsense("resource_list is not an array");
        return list is not null;
    }

    static bool TryUpdate(in ExplorerFields fields, [NotNullWhen(true)] out UpdateResource? update, out WireFault fault)
    {
        update = null;
        if (!fields.TryResource(out var resource, out fault) || !fields.Url.TryText("url", MaxUrl, out var url, out fault))
            return false;
        if (!fields.Md5Sum.TryText("md5sum", Md5Text.Length, out _, out fault))
            return false;
        if (!Md5Text.TryParse(fields.Md5Sum.Raw, out var md5))
            fault = WireFault.Refused("md5sum is not 32 hexadecimal digits");
        else if (!fields.Size.TryInteger(out var size) || size < 0)
            fault = WireFault.Nonsense(fields.Size.IsMissing ? "file_size is missing" : "file_size is not a size");
        else
            update = new(resource, url, md5, size);
        return update is not null;
    }

    static bool TryUrl(in ExplorerFields fields, [NotNullWhen(true)] out RequestUrlResponse? answer, out WireFault fault)
    {
        answer = null;
        if (fields.TryRequestId(out var id, out fault)
            && fields.PutUrl.TryText("resource_url", MaxUrl, out var url, out fault)
            && fields.TryToken(out var token, out fault))
            answer = new(id, url, token);
        return answer is not null;
    }
}
