using System.Diagnostics.CodeAnalysis;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.TencentHub;

/// <summary>Reads what the platform sends, on the device's side, with the same tolerance and bounds as <see cref="HubUpReader"/>.</summary>
public static class HubDownReader
{
    /// <summary>Longest URL read, in bytes: what a device's buffer holds.</summary>
    public const int MaxUrl = 1023;

    /// <summary>Reads one payload.</summary>
    /// <param name="payload">Borrowed for the call.</param>
    /// <param name="message">The message.</param>
    /// <param name="fault">Why there is none.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out HubDown? message, out WireFault fault)
    {
        var fields = default(HubFields);
        message = null;
        if (fields.Collect(payload) is { } reason)
            fault = WireFault.Nonsense(reason);
        else if (fields.Type.Is("create_upload_task_rsp"u8))
            message = TryOffer(fields, out var resource, out var url, out fault) ? new CreateUploadTaskResponse(resource, url) : null;
        else if (fields.Type.Is("report_upload_progress_rsp"u8))
            message = TryAnswer(fields, out var code, out var msg, out fault) ? new ReportUploadProgressResponse(code, msg) : null;
        else if (fields.Type.Is("get_download_task_rsp"u8))
            message = TryOffer(fields, out var resource, out var url, out fault) ? new GetDownloadTaskResponse(resource, url) : null;
        else if (fields.Type.Is("download"u8))
            message = TryOffer(fields, out var resource, out var url, out fault) ? new Download(resource, url) : null;
        else if (fields.Type.Is("report_download_progress_rsp"u8))
            message = TryAnswer(fields, out var code, out var msg, out fault) ? new ReportDownloadProgressResponse(code, msg) : null;
        else
            fault = fields.TypeFault();
        return message is not null;
    }

    static bool TryOffer(in HubFields fields, out HubResource resource, out string url, out WireFault fault)
    {
        url = "";
        return fields.TryResource(out resource, out fault) && fields.Url.TryText("url", MaxUrl, out url, out fault);
    }

    static bool TryAnswer(in HubFields fields, out int code, out string msg, out WireFault fault)
    {
        if (!fields.TryResult(out code, out msg, out fault))
            return false;
        if (fields.ResultCode.IsMissing)
            fault = WireFault.Nonsense("result_code is missing");
        return fault.Reason is null;
    }
}
