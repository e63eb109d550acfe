using System.Net;
using System.Security.Cryptography;
using Waybill.Device;
using Waybill.Mqtt.Codec;
using Waybill.Protocols.TencentExplorer;
using Waybill.Tests.Transcripts;

namespace Waybill.Tests.Device;

/// <summary>A device of the Explorer dialect, a platform that says what it is told, and a file server that answers what it is told.</summary>
sealed class ExplorerStage : DelegatingHandler, IAsyncDisposable
{
    public static readonly byte[] Film = [.. Enumerable.Range(0, 1000).Select(i => (byte)(31 * i))];

    static readonly string Update =
        $$"""{"method":"update_resource","resource_name":"dl.bin","resource_type":"FILE","version":"1.0.0","url":"http://files.example/o/1","md5sum":"{{Convert.ToHexStringLower(MD5.HashData(Film))}}","file_size":{{Film.Length}}}""";

    readonly TranscriptServer _platform;
    readonly Queue<Func<HttpRequestMessage, Task<HttpResponseMessage>>> _answers = [];

    ExplorerStage(TranscriptServer platform) => _platform = platform;

    public MqttConnect Came => _platform.Came!;

    public DeviceFiles Files { get; } = new();

    public static async Task<ExplorerStage> StartAsync() => new(await TranscriptServer.StartAsync());

    /// <summary>The next HTTP request is answered so.</summary>
    public void Answer(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) => _answers.Enqueue(answer);

    public void Answer(HttpStatusCode status, byte[]? content = null) =>
        Answer(_ => Task.FromResult(new HttpResponseMessage(status) { Content = new ByteArrayContent(content ?? []) }));

    /// <summary>The device, which has said what it holds.</summary>
    public async Task<ExplorerDevice> DeviceAsync(ExplorerVariant variant, ExplorerStorage? storage = null)
    {
        var device = await ExplorerDevice.ConnectAsync(
            new()
            {
                Host = "127.0.0.1",
                Port = _platform.MqttPort,
                Identity = new(PlayedDevice.Product, PlayedDevice.Device, "MDEyMzQ1Njc4OWFiY2RlZg=="),
                Variant = variant,
                Storage = storage ?? Files.Storage(),
                Http = this,
                Reconnect = false,
                RetryDelay = TimeSpan.FromMilliseconds(50),
                UrlTimeout = TimeSpan.FromMilliseconds(500),
                ReportInterval = TimeSpan.FromDays(1),
            },
            House.Soon);
        await HearAsync("report_version");
        return device;
    }

    public void Say(string json) => _platform.Say(json);

    public void SayUpdate() => Say(Update);

    public void SayDelete(string name) =>
        Say($$"""{"method":"del_resource","resource_name":"{{name}}","resource_type":"FILE","version":"1.0.0"}""");

    public void SayUrl(string id) => Say(
        $$"""{"method":"request_url_resp","result_code":0,"result_msg":"success","resource_url":"http://files.example/o/2","resource_token":"t0ken","request_id":"{{id}}"}""");

    /// <summary>The next message with this word in it.</summary>
    public async Task<string> HearAsync(string word)
    {
        while (true)
        {
            var heard = await _platform.Heard.ReadAsync(House.Soon);
            if (heard.Contains(word, StringComparison.Ordinal))
                return heard;
        }
    }

    /// <summary>Ends when the device has read all that was said before: its QoS 1 message is acknowledged after that.</summary>
    public static Task ReadAsync(ExplorerDevice device) =>
        device.PublishAsync(new ReportPostResult("none", new(ExplorerState.Done, null, ExplorerResults.Ok, "")), House.Soon);

    public async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync();
        Files.Dispose();
        Dispose();
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _answers.Dequeue()(request);
}
