using System.Net;
using System.Security.Cryptography;
using Waybill.Mqtt;
using Waybill.Mqtt.Codec;

namespace Waybill.Tests.Stories;

/// <summary>A device of the hub dialect.</summary>
sealed class HubDevice(string product, string name) : SpeakingDevice(product, name, "$resource", "type")
{
    /// <summary>Connected and subscribed.</summary>
    public static async Task<HubDevice> ConnectAsync(int port, string name = "dev001", MqttVersion version = MqttVersion.V311, string product = "ABCDE12345")
    {
        var device = await DialAsync(port, TencentLogin.Of(product, name).Connect(version), product, name);
        await device.SubscribeAsync();
        return device;
    }

    /// <summary>Connected, and nothing else.</summary>
    public static async Task<HubDevice> DialAsync(int port, MqttConnect connect, string product = "ABCDE12345", string name = "dev001")
    {
        var device = new HubDevice(product, name);
        await device.OpenAsync(port, connect);
        return device;
    }

    public async Task<string> AskUploadAsync(string name, byte[] bytes)
    {
        await SayAsync($$"""{"type":"create_upload_task","size":{{bytes.Length}},"name":"{{name}}","md5sum":"{{Md5(bytes)}}"}""");
        return (await HearAsync("create_upload_task_rsp")).GetProperty("url").GetString()!;
    }

    /// <summary>Says how it ended and hears the answer.</summary>
    public async Task ReportAsync(string direction, string name, string state = "done", int code = 0, string text = "")
    {
        await SayAsync($$"""{"type":"report_{{direction}}_progress","name":"{{name}}","progress":{"state":"{{state}}","result_code":{{code}},"result_msg":"{{text}}"} }""");
        await HearAsync($"report_{direction}_progress_rsp");
    }

    public static async Task<HttpStatusCode> PutAsync(HttpClient http, string url, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentMD5 = MD5.HashData(bytes);
        using var answer = await http.PutAsync(new Uri(new Uri(url).AbsolutePath, UriKind.Relative), content, House.Soon);
        return answer.StatusCode;
    }
}
