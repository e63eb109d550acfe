using System.Buffers;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.TencentHub;

/// <summary>Writes what devices send, to the byte as the vendor's SDKs do.</summary>
public static class HubUpWriter
{
    /// <summary>Writes one message; false, and nothing written, when it exceeds <see cref="HubUpReader.MaxPayload"/> or is not Unicode.</summary>
    public static bool TryWrite(IBufferWriter<byte> output, HubUp message, HubVariant variant)
    {
        var buffer = output.GetSpan(HubUpReader.MaxPayload)[..HubUpReader.MaxPayload];
        var json = new CompactJson(buffer, asciiOnly: variant == HubVariant.Python);
        switch (message)
        {
            case CreateUploadTask(var resource): Create(ref json, resource, variant); break;
            case ReportUploadProgress(var name, var progress): Report(ref json, "upload"u8, name, progress, variant); break;
            case GetDownloadTask: json.Raw("{\"type\": \"get_download_task\"}"u8); break;
            case ReportDownloadProgress(var name, var progress): Report(ref json, "download"u8, name, progress, variant); break;
        }
        return json.TryCommit(output);
    }

    static void Create(ref CompactJson json, in HubResource resource, HubVariant variant)
    {
        // The C SDK too writes a space after the colons here, and nowhere else.
        var python = variant == HubVariant.Python;
        json.Raw(python ? "{\"type\": \"create_upload_task\", \"size\": "u8 : "{\"type\": \"create_upload_task\",\"size\": "u8);
        json.Number(resource.Size);
        json.Raw(python ? ", \"name\": \""u8 : ",\"name\": \""u8);
        json.Text(resource.Name);
        json.Raw(python ? "\", \"md5sum\": \""u8 : "\",\"md5sum\": \""u8);
        json.Digits(resource.Md5);
        json.Raw("\"}"u8);
    }

    static void Report(ref CompactJson json, ReadOnlySpan<byte> direction, string name, in HubProgress progress, HubVariant variant)
    {
        var python = variant == HubVariant.Python;
        json.Raw(python ? "{\"type\": \"report_"u8 : "{\"type\":\"report_"u8);
        json.Raw(direction);
        json.Raw(python ? "_progress\", \"name\": \""u8 : "_progress\",\"name\":\""u8);
        json.Text(name);
        if (python)
            PythonProgress(ref json, direction, progress);
        else
            CProgress(ref json, direction, progress);
        json.Text(progress.ResultMsg);
        json.Raw("\"}}"u8);
    }

    /// <summary>Percent comes first, and is left out of the final report.</summary>
    static void CProgress(ref CompactJson json, ReadOnlySpan<byte> direction, in HubProgress progress)
    {
        json.Raw("\",\"progress\":{"u8);
        if (progress is { State: HubState.Running, Percent: { } percent })
        {
            json.Raw("\"percent\":"u8);
            json.Number(percent);
            json.Raw(","u8);
        }
        json.Raw("\"state\":\""u8);
        State(ref json, direction, progress.State);
        json.Raw("\",\"result_code\":"u8);
        json.Number(progress.ResultCode);
        json.Raw(",\"result_msg\":\""u8);
    }

    static void PythonProgress(ref CompactJson json, ReadOnlySpan<byte> direction, in HubProgress progress)
    {
        json.Raw("\", \"progress\": {\"state\": \""u8);
        State(ref json, direction, progress.State);
        if (progress.Percent is { } percent)
        {
            json.Raw("\", \"percent\": "u8);
            json.Number(percent);
            json.Raw(", \"result_code\": "u8);
        }
        else
        {
            json.Raw("\", \"result_code\": "u8);
        }
        json.Number(progress.ResultCode);
        json.Raw(", \"result_msg\": \""u8);
    }

    static void State(ref CompactJson json, ReadOnlySpan<byte> direction, HubState state)
    {
        if (state == HubState.Running)
            json.Raw(direction);
        json.Raw(state switch { HubState.Done => "done"u8, HubState.Fail => "fail"u8, _ => "ing"u8 });
    }
}
