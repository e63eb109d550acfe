using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;

namespace Waybill.Tests.Stories;

/// <summary>A device that says word for word what the test says; what it hears waits by its type.</summary>
/// <param name="product">Its product.</param>
/// <param name="name">Its name.</param>
/// <param name="service">Where it speaks: <c>$resource</c>.</param>
/// <param name="type">The field that says what a message is.</param>
abstract class SpeakingDevice(string product, string name, string service, string type) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, Channel<JsonElement>> _heard = [];

    public string Product => product;

    public string Name => name;

    public MqttClient Mqtt { get; private set; } = null!;

    public string Up => $"{service}/up/service/{Product}/{Name}";

    public string Down => $"{service}/down/service/{Product}/{Name}";

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

    public static Task<byte[]> GetAsync(HttpClient http, string url) =>
        http.GetByteArrayAsync(new Uri(new Uri(url).AbsolutePath, UriKind.Relative), House.Soon);

    public static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));

    public ValueTask DisposeAsync()
    {
        Mqtt.Abort();
        return Mqtt.DisposeAsync();
    }

    /// <summary>Connected, and nothing else.</summary>
    protected async Task OpenAsync(int port, MqttConnect connect, TimeProvider? clock = null) => Mqtt = await MqttClient.ConnectAsync(
        new() { Host = "127.0.0.1", Port = port, Connect = connect, OnMessage = TakeAsync, Clock = clock ?? TimeProvider.System }, House.Soon);

    protected Task SubscribeAsync() => Mqtt.SubscribeAsync(Down, MqttQos.AtLeastOnce, House.Soon);

    Channel<JsonElement> Heard(string type) => _heard.GetOrAdd(type, _ => Channel.CreateUnbounded<JsonElement>());

    ValueTask TakeAsync(MqttClient client, MqttMessage message, CancellationToken ct)
    {
        var json = JsonElement.Parse(message.Payload.Span);
        Heard(message.Topic == Down ? json.GetProperty(type).GetString()! : message.Topic).Writer.TryWrite(json);
        return default;
    }
}
