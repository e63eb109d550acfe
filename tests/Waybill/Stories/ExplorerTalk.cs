using System.Net;
using System.Text.Json;
using Waybill.Mqtt;

namespace Waybill.Tests.Stories;

/// <summary>A device of the explorer dialect, as the C SDK 3.x speaks.</summary>
sealed class ExplorerTalk(string product, string name) : SpeakingDevice(product, name, "$thing", "method")
{
    int _requests;

    /// <summary>Connected and subscribed.</summary>
    public static async Task<ExplorerTalk> ConnectAsync(int port, string name = "dev001", string product = "ABCDE12345")
    {
        var device = new ExplorerTalk(product, name);
        await device.OpenAsync(port, TencentLogin.Of(product, name).Connect(MqttVersion.V311));
        await device.SubscribeAsync();
        return device;
    }

    /// <summary>Says what it holds and hears it told back.</summary>
    public async Task<IReadOnlyList<string>> ReportVersionAsync(params (string Name, string Version)[] files)
    {
        var list = files.Select(f => $$"""{"resource_name":"{{f.Name}}","version":"{{f.Version}}","resource_type":"FILE"}""");
        await SayAsync($$"""{"method":"report_version","report":{"resource_list":[{{string.Join(',', list)}}]} }""");
        var told = (await HearAsync("report_version_rsp")).GetProperty("resource_list");
        return [.. told.EnumerateArray().Select(f => $"{f.GetProperty("resource_name").GetString()} {f.GetProperty("version").GetString()}")];
    }

    public Task ProgressAsync(string name, string version, int percent) => SayAsync(
        $$$"""{"method": "report_progress", "report": {"progress": {"resource_name":"{{{name}}}","state":"downloading", "percent":"{{{percent}}}", "result_code":"0", "result_msg":""}, "version": "{{{version}}}"}}""",
        MqttQos.AtMostOnce);

    public Task ResultAsync(string name, string version, int code = 0, string text = "success", string method = "report_result") => SayAsync(
        $$$"""{"method":"{{{method}}}", "report":{"progress":{"resource_name":"{{{name}}}","state":"done", "result_code":"{{{code}}}","result_msg":"{{{text}}}"}, "version":"{{{version}}}"}}""");

    public async Task<(string Url, string Token)> RequestUrlAsync(string name, string type = "FILE")
    {
        var id = $"{++_requests}";
        await SayAsync($$$"""{"method":"request_url","request_id":"{{{id}}}","report":{"resource_name":"{{{name}}}","version":"1.0.0","resource_type":"{{{type}}}"}}""");
        var answer = await HearAsync("request_url_resp");
        if (answer.GetProperty("request_id").GetString() != id)
            throw new InvalidOperationException($"The answer is to another request: {answer}");
        return (Text(answer, "resource_url"), Text(answer, "resource_token"));
    }

    public Task PostResultAsync(string token, int code = 0, string text = "success") => SayAsync(
        $$$"""{"method":"report_post_result","report":{"progress":{"resource_token":"{{{token}}}","state":"done","result_code":"{{{code}}}", "result_msg":"{{{text}}}"} } }""");

    /// <summary>As this SDK does: without Content-MD5.</summary>
    public static async Task<HttpStatusCode> PutAsync(HttpClient http, string url, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        using var answer = await http.PutAsync(new Uri(new Uri(url).AbsolutePath, UriKind.Relative), content, House.Soon);
        return answer.StatusCode;
    }

    public static string Text(JsonElement message, string field) => message.GetProperty(field).GetString()!;
}
