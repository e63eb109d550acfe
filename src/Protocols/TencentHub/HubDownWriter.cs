using System.Buffers;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.TencentHub;

/// <summary>
/// Writes what the platform sends: compact, fields in the vendor's order, nothing escaped that RFC 8259 lets stand, no empty field. A
/// message that breaks a bound of the devices is not written at all and leaves the output as it was.
/// </summary>
/// <remarks>Hot: the answers of every batch. Writes straight into the output and allocates nothing.</remarks>
public static class HubDownWriter
{
    /// <summary>Longest payload, in bytes: the whole packet must fit 2048 or devices drop it in silence.</summary>
    public const int MaxPayload = 1900;

    /// <summary>Longest name in bytes of UTF-8: devices have 64 with the terminator.</summary>
    public const int MaxName = 63;

    /// <summary>Why a device can never be told of a file, as the end of a sentence; null when it can.</summary>
    public static string? Refusal(ReadOnlySpan<char> name, long size)
    {
        if (ResourceNames.Refusal(name, MaxName) is { } refusal)
            return "has a name that " + refusal;
        return size > int.MaxValue ? "is larger than a device can count" : null;
    }

    /// <summary><c>report_upload_progress_rsp</c> with 0 and <c>ok</c>.</summary>
    public static ReadOnlySpan<byte> UploadProgressOk => """{"type":"report_upload_progress_rsp","result_code":0,"result_msg":"ok"}"""u8;

    /// <summary><c>report_download_progress_rsp</c> with 0 and <c>ok</c>.</summary>
    public static ReadOnlySpan<byte> DownloadProgressOk => """{"type":"report_download_progress_rsp","result_code":0,"result_msg":"ok"}"""u8;

    /// <summary>Answers a <see cref="CreateUploadTask"/>, whose resource is echoed to the letter.</summary>
    public static bool TryCreateUploadTaskResponse(IBufferWriter<byte> output, in HubResource resource, ReadOnlySpan<char> url) =>
        TryOffer(output, "{\"type\":\"create_upload_task_rsp\",\"size\":"u8, resource, url);

    /// <summary>Answers a <see cref="GetDownloadTask"/>.</summary>
    public static bool TryGetDownloadTaskResponse(IBufferWriter<byte> output, in HubResource resource, ReadOnlySpan<char> url) =>
        resource.Size <= int.MaxValue && TryOffer(output, "{\"type\":\"get_download_task_rsp\",\"size\":"u8, resource, url);

    /// <summary>Pushes a <see cref="Download"/>.</summary>
    public static bool TryDownload(IBufferWriter<byte> output, in HubResource resource, ReadOnlySpan<char> url) =>
        resource.Size <= int.MaxValue && TryOffer(output, "{\"type\":\"download\",\"size\":"u8, resource, url);

    /// <summary>Answers a <see cref="ReportUploadProgress"/>; any code but 0 stops the transfer on the device.</summary>
    public static bool TryReportUploadProgressResponse(IBufferWriter<byte> output, int code, ReadOnlySpan<char> msg) =>
        TryAnswer(output, "{\"type\":\"report_upload_progress_rsp\",\"result_code\":"u8, code, msg);

    /// <summary>Answers a <see cref="ReportDownloadProgress"/>; any code but 0 stops the transfer on the device.</summary>
    public static bool TryReportDownloadProgressResponse(IBufferWriter<byte> output, int code, ReadOnlySpan<char> msg) =>
        TryAnswer(output, "{\"type\":\"report_download_progress_rsp\",\"result_code\":"u8, code, msg);

    static bool TryOffer(IBufferWriter<byte> output, ReadOnlySpan<byte> head, in HubResource resource, ReadOnlySpan<char> url)
    {
        if (resource.Size < 0 || resource.Name is null or "" || !CompactJson.IsPlain(url, HubDownReader.MaxUrl))
            return false;
        var json = new CompactJson(output.GetSpan(MaxPayload)[..MaxPayload]);
        json.Raw(head);
        json.Number(resource.Size);
        json.Raw(",\"name\":\""u8);
        json.Text(resource.Name);
        json.Raw("\",\"md5sum\":\""u8);
        json.Digits(resource.Md5);
        json.Raw("\",\"url\":\""u8);
        json.Text(url);
        json.Raw("\"}"u8);
        return json.TryCommit(output);
    }

    static bool TryAnswer(IBufferWriter<byte> output, ReadOnlySpan<byte> head, int code, ReadOnlySpan<char> msg)
    {
        if (msg.IsEmpty)
            return false;
        var json = new CompactJson(output.GetSpan(MaxPayload)[..MaxPayload]);
        json.Raw(head);
        json.Number(code);
        json.Raw(",\"result_msg\":\""u8);
        json.Text(msg);
        json.Raw("\"}"u8);
        return json.TryCommit(output);
    }
}
