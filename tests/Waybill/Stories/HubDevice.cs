using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;

namespace Waybill.Tests.Stories;

/// <summary>A device of the hub dialect, word for word: it says what the test says, and what it hears waits by its type.</summary>
sealed class HubDevice : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, Channel<JsonElement>> _heard = [];

    HubDevice(string product, string name) => (Product, Name) = (product, name);

    public string Product { get; }

    public string Name { get; }

    public MqttClient Mqtt { get; private set; } = null!;

    public string Up => $"$resource/up/service/{Product}/{Name}";

    public string Down => $"$resource/down/service/{Product}/{Name}";

    /// <summary>Connected and subscribed.</summary>
    public static async Task<HubDevice> ConnectAsync(int port, string name = "dev001", MqttVersion version = MqttVersion.V311, string product = "ABCDE12345")
    {
        var device = await DialAsync(port, TencentLogin.Of(product, name).Connect(version), product, name);
        await device.Mqtt.SubscribeAsync(device.Down, MqttQos.AtLeastOnce, House.Soon);
        return device;
    }

    /// <summary>Connected, and nothing else.</summary>
    public static async Task<HubDevice> DialAsync(int port, MqttConnect connect, string product = "ABCDE12345", string name = "dev001")
    {
        var device = new HubDevice(product, name);
        device.Mqtt = await MqttClient.ConnectAsync(new() { Host = "127.0.0.1", Port = port, Connect = connect, OnMessage = device.TakeAsync }, House.Soon);
        return device;
    }

    public Task SayAsync(string json, MqttQos qos = MqttQos.AtLeastOnce) => SayAsync(Encoding.UTF8.GetBytes(json), qos);

    public Task SayAsync(byte[] payload, MqttQos qos = MqttQos.AtLeastOnce) => Mqtt.PublishAsync(Up, payload, qos, House.Soon);

    /// <summary>The next message of this type, or of this topic where it is not the dialect's.</summary>
    public async Task<JsonElement> HearAsync(string type)
    {
        var heard = Heard(type).Reader.ReadAsync(House.Soon).AsTask();
        if (await Task.WhenAny(heard, Mqtt.Closed) != heard && !heard.IsCompleted)
            throw new IOException($"The connection ended before {type} came.");
        return await heard;
    }

    public bool HasHeard(string type) => Heard(type).Reader.TryPeek(out _);

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

    public static Task<byte[]> GetAsync(HttpClient http, string url) =>
        http.GetByteArrayAsync(new Uri(new Uri(url).AbsolutePath, UriKind.Relative), House.Soon);

    public static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));

    public ValueTask DisposeAsync()
    {
        Mqtt.Abort();
        return Mqtt.DisposeAsync();
    }

    Channel<JsonElement> Heard(string type) => _heard.GetOrAdd(type, _ => Channel.CreateUnbounded<JsonElement>());

    ValueTask TakeAsync(MqttClient client, MqttMessage message, CancellationToken ct)
    {
        var json = JsonElement.Parse(message.Payload.Span);
        Heard(message.Topic == Down ? json.GetProperty("type").GetString()! : message.Topic).Writer.TryWrite(json);
        return default;
    }
}
