using System.Buffers;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.TencentExplorer;

/// <summary>Writes what devices send, to the byte as the vendor's SDKs do.</summary>
public static class ExplorerUpWriter
{
    /// <summary>Longest payload written.</summary>
    public const int MaxPayload = 16 * 1024;

    /// <summary>Writes one message; false, and nothing written, when it exceeds <see cref="MaxPayload"/> or is not Unicode.</summary>
    public static bool TryWrite(IBufferWriter<byte> output, ExplorerUp message, ExplorerVariant variant)
    {
        var json = new CompactJson(output.GetSpan(MaxPayload)[..MaxPayload]);
        switch (message)
        {
            case ReportVersion(var resources, _):
                List(ref json, resources);
                break;
            case ReportUpdate(var name, var version, var progress):
                Update(ref json, name, version, progress, variant);
                break;
            case RequestUrl request:
                Request(ref json, request);
                break;
            case ReportPostResult(var token, var progress):
                json.Raw("{\"method\":\"report_post_result\",\"report\":{\"progress\":{\"resource_token\":\""u8);
                json.Text(token);
                // The C SDKs have a blank here, and in deletions
                Result(ref json, progress, blankBeforeCode: false, blankBeforeMsg: variant != ExplorerVariant.Java);
                json.Raw("}}"u8);
                break;
            case DeleteResult(var name, var version, var progress):
                Deletion(ref json, name, version, progress, variant);
                break;
        }
        return json.TryCommit(output);
    }

    static void List(ref CompactJson json, IReadOnlyList<ExplorerResource> resources)
    {
        json.Raw("{\"method\":\"report_version\",\"report\":{\"resource_list\":["u8);
        for (var i = 0; i < resources.Count; i++)
        {
            json.Raw(i == 0 ? "{\"resource_name\":\""u8 : ",{\"resource_name\":\""u8);
            Rest(ref json, resources[i].Name, resources[i].Version, resources[i].Type);
        }
        json.Raw("]}}"u8);
    }

    static void Request(ref CompactJson json, RequestUrl request)
    {
        json.Raw(request.Id.IsNumber ? "{\"method\":\"request_url\",\"request_id\":"u8 : "{\"method\":\"request_url\",\"request_id\":\""u8);
        json.Text(request.Id.Text);
        json.Raw(request.Id.IsNumber ? ",\"report\":{\"resource_name\":\""u8 : "\",\"report\":{\"resource_name\":\""u8);
        Rest(ref json, request.Name, request.Version, request.Type);
        json.Raw("}"u8);
    }

    static void Rest(ref CompactJson json, string name, string? version, string type)
    {
        json.Text(name);
        json.Raw("\",\"version\":\""u8);
        json.Text(version);
        json.Raw("\",\"resource_type\":\""u8);
        json.Text(type);
        json.Raw("\"}"u8);
    }

    static void Update(ref CompactJson json, string name, string? version, in ExplorerProgress progress, ExplorerVariant variant)
    {
        if (variant == ExplorerVariant.C3)
        {
            C3Update(ref json, name, version, progress);
            return;
        }
        // v4 reports burning as a result, Java a result as progress
        var isResult = variant == ExplorerVariant.V4 && progress.State != ExplorerState.Running;
        json.Raw(isResult ? "{\"method\":\"report_result\""u8 : "{\"method\":\"report_progress\""u8);
        json.Raw(",\"report\":{\"progress\":{\"resource_name\":\""u8);
        json.Text(name);
        Result(ref json, progress, blankBeforeCode: false, blankBeforeMsg: false);
        End(ref json, ",\"version\":\""u8, version);
    }

    /// <summary>Where the C SDK 3.x has its blanks depends on how it ends.</summary>
    static void C3Update(ref CompactJson json, string name, string? version, in ExplorerProgress progress)
    {
        var isSuccess = progress.IsSuccess;
        json.Raw((progress.IsFinal, isSuccess) switch
        {
            (true, true) => "{\"method\":\"report_result\", \"report\":{\"progress\":{\"resource_name\":\""u8,
            (true, false) => "{\"method\": \"report_result\", \"report\": {\"progress\": {\"resource_name\":\""u8,
            _ when progress.State == ExplorerState.Burning => "{\"method\": \"report_progress\", \"report\":{\"progress\":{\"resource_name\":\""u8,
            _ => "{\"method\": \"report_progress\", \"report\": {\"progress\": {\"resource_name\":\""u8,
        });
        json.Text(name);
        Result(ref json, progress, blankBeforeCode: true, blankBeforeMsg: !isSuccess);
        End(ref json, isSuccess || progress.State == ExplorerState.Burning ? ", \"version\":\""u8 : ", \"version\": \""u8, version);
    }

    static void Deletion(ref CompactJson json, string name, string? version, in ExplorerProgress progress, ExplorerVariant variant)
    {
        var isC3 = variant == ExplorerVariant.C3;
        json.Raw(isC3 ? "{\"method\": \"del_result\", "u8 : "{\"method\":\"del_result\","u8);
        json.Raw("\"report\":{\"progress\":{\"resource_name\":\""u8);
        json.Text(name);
        Result(ref json, progress, blankBeforeCode: isC3, blankBeforeMsg: variant != ExplorerVariant.Java);
        End(ref json, variant == ExplorerVariant.Java ? ",\"version\":\""u8 : ", \"version\":\""u8, version);
    }

    /// <summary>From the quote that ends the name to the end of the progress. Numbers are text.</summary>
    static void Result(ref CompactJson json, in ExplorerProgress progress, bool blankBeforeCode, bool blankBeforeMsg)
    {
        json.Raw(progress.State switch
        {
            ExplorerState.Done => "\",\"state\":\"done\","u8,
            ExplorerState.Fail => "\",\"state\":\"fail\","u8,
            ExplorerState.Burning => "\",\"state\":\"burning\","u8,
            _ => "\",\"state\":\"downloading\","u8,
        });
        if (progress is { State: ExplorerState.Running, Percent: { } percent })
        {
            json.Raw(blankBeforeCode ? " \"percent\":\""u8 : "\"percent\":\""u8);
            json.Number(percent);
            json.Raw("\","u8);
        }
        json.Raw(blankBeforeCode ? " \"result_code\":\""u8 : "\"result_code\":\""u8);
        json.Number(progress.ResultCode);
        json.Raw(blankBeforeMsg ? "\", \"result_msg\":\""u8 : "\",\"result_msg\":\""u8);
        json.Text(progress.ResultMsg);
        json.Raw("\"}"u8);
    }

    static void End(ref CompactJson json, ReadOnlySpan<byte> head, string? version)
    {
        json.Raw(head);
        json.Text(version);
        json.Raw("\"}}"u8);
    }
}
