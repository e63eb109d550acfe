using System.Diagnostics.CodeAnalysis;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.TencentExplorer;

/// <summary>
/// Reads what devices send. Tolerant of what real firmware does, bounded, and without exceptions whatever the bytes are; allocates the
/// message, its list and its strings only.
/// </summary>
public static class ExplorerUpReader
{
    /// <summary>Longest payload read, in bytes: the vendor's own bound.</summary>
    public const int MaxPayload = 64 * 1024;

    /// <summary>Longest <c>result_msg</c> kept, in bytes of UTF-8.</summary>
    public const int MaxResultMsg = 255;

    /// <summary>Most entries kept of a <c>report_version</c>.</summary>
    public const int MaxResources = 1000;

    /// <summary>Reads one payload.</summary>
    /// <param name="payload">Borrowed for the call.</param>
    /// <param name="message">The message.</param>
    /// <param name="fault">Why there is none. Methods of other services on the same topic are <see cref="WireFaultKind.UnknownType"/>.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out ExplorerUp? message, out WireFault fault)
    {
        var fields = default(ExplorerFields);
        message = null;
        if (fields.Collect(payload) is { } reason)
            fault = WireFault.Nonsense(reason);
        else if (fields.Method.Is("report_progress"u8) || fields.Method.Is("report_result"u8))
            message = TryReport(fields, out var name, out var version, out var progress, out fault) ? new ReportUpdate(name, version, progress) : null;
        else if (fields.Method.Is("report_version"u8))
            message = TryList(fields, out var list, out fault) ? list : null;
        else if (fields.Method.Is("request_url"u8))
            message = TryRequest(fields, out var request, out fault) ? request : null;
        else if (fields.Method.Is("report_post_result"u8))
            message = TryPost(fields, out var post, out fault) ? post : null;
        else if (fields.Method.Is("del_result"u8))
            message = TryReport(fields, out var name, out var version, out var progress, out fault) ? new DeleteResult(name, version, progress) : null;
        else
            fault = fields.Method.UnknownType("method");
        return message is not null;
    }

    static bool TryReport(in ExplorerFields fields, out string name, out string? version, out ExplorerProgress progress, out WireFault fault)
    {
        var report = default(ExplorerFields);
        var inner = default(ExplorerFields);
        (name, version, progress) = ("", null, default);
        return report.CollectInner(fields.Report, "report", out fault)
            && inner.CollectInner(report.Progress, "progress", out fault)
            && inner.TryName(out name, out fault)
            && report.TryVersion(out version, out fault)
            && inner.TryProgress(out progress, out fault);
    }

    static bool TryList(in ExplorerFields fields, [NotNullWhen(true)] out ReportVersion? list, out WireFault fault)
    {
        list = null;
        fault = default;
        var report = default(ExplorerFields);
        if (!fields.Report.IsMissing && !report.CollectInner(fields.Report, "report", out fault))
            return false;
        if (report.ResourceList.IsMissing)
            list = new([], 0);
        else if (report.ResourceList.Kind == JsonKind.Array)
            list = new(ExplorerFields.Resources(report.ResourceList, out var unread), unread);
        else
            fault = WireFault.Nonsense("resource_list is not an array");
        return list is not null;
    }

    static bool TryRequest(in ExplorerFields fields, [NotNullWhen(true)] out RequestUrl? request, out WireFault fault)
    {
        request = null;
        var report = default(ExplorerFields);
        if (fields.TryRequestId(out var id, out fault)
            && report.CollectInner(fields.Report, "report", out fault)
            && report.TryName(out var name, out fault)
            && report.TryVersion(out var version, out fault)
            && report.TryType(out var type, out fault))
            request = new(id, name, version, type);
        return request is not null;
    }

    static bool TryPost(in ExplorerFields fields, [NotNullWhen(true)] out ReportPostResult? post, out WireFault fault)
    {
        post = null;
        var report = default(ExplorerFields);
        var inner = default(ExplorerFields);
        if (report.CollectInner(fields.Report, "report", out fault)
            && inner.CollectInner(report.Progress, "progress", out fault)
            && inner.TryToken(out var token, out fault)
            && inner.TryProgress(out var progress, out fault))
            post = new(token, progress);
        return post is not null;
    }
}
