using System.Diagnostics.CodeAnalysis;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.TencentHub;

/// <summary>
/// Reads what devices send. Tolerant of what real firmware does, bounded, and without exceptions whatever the bytes are; allocates the
/// message and its strings only.
/// </summary>
public static class HubUpReader
{
    /// <summary>Longest payload read, in bytes: the vendor's own bound.</summary>
    public const int MaxPayload = 16 * 1024;

    /// <summary>Longest <c>result_msg</c> kept, in bytes of UTF-8.</summary>
    public const int MaxResultMsg = 255;

    /// <summary>Reads one payload.</summary>
    /// <param name="payload">Borrowed for the call.</param>
    /// <param name="message">The message.</param>
    /// <param name="fault">Why there is none.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out HubUp? message, out WireFault fault)
    {
        var fields = default(HubFields);
        message = null;
        if (fields.Collect(payload) is { } reason)
            fault = WireFault.Nonsense(reason);
        else if (fields.Type.Is("create_upload_task"u8))
            message = fields.TryResource(out var resource, out fault) ? new CreateUploadTask(resource) : null;
        else if (fields.Type.Is("report_upload_progress"u8))
            message = TryReport(fields, out var name, out var progress, out fault) ? new ReportUploadProgress(name, progress) : null;
        else if (fields.Type.Is("get_download_task"u8))
            (message, fault) = (new GetDownloadTask(), default);
        else if (fields.Type.Is("report_download_progress"u8))
            message = TryReport(fields, out var name, out var progress, out fault) ? new ReportDownloadProgress(name, progress) : null;
        else
            fault = fields.TypeFault();
        return message is not null;
    }

    static bool TryReport(in HubFields fields, out string name, out HubProgress progress, out WireFault fault)
    {
        progress = default;
        if (!fields.TryName(out name, out fault))
            return false;
        if (fields.Progress.Kind != JsonKind.Object)
        {
            fault = WireFault.Nonsense(fields.Progress.IsMissing ? "progress is missing" : "progress is not an object");
            return false;
        }
        var inner = default(HubFields);
        inner.Collect(fields.Progress.Raw);
        if (TryProgress(inner, out progress, out fault))
            return true;
        fault = WireFault.Nonsense("progress." + fault.Reason);
        return false;
    }

    static bool TryProgress(in HubFields fields, out HubProgress progress, out WireFault fault)
    {
        progress = default;
        if (!fields.TryResult(out var code, out var msg, out fault))
            return false;
        if (!TryState(fields.State, out var state))
            fault = WireFault.Nonsense(fields.State.IsMissing ? "state is missing" : "state is not known");
        else if (fields.Percent.TryPercent("percent", out var percent, out fault))
            progress = new(state, percent, code, msg);
        return fault.Reason is null;
    }

    static bool TryState(JsonValue value, out HubState state)
    {
        state = value.Is("done"u8) ? HubState.Done : value.Is("fail"u8) ? HubState.Fail : HubState.Running;
        return state != HubState.Running || value.Is("uploading"u8) || value.Is("downloading"u8);
    }
}
