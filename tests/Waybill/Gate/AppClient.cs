using System.Net;
using System.Text;
using System.Threading.Channels;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;

namespace Waybill.Tests.Gate;

/// <summary>A program on the MQTT side; what it hears waits in its order.</summary>
sealed class AppClient : IAsyncDisposable
{
    readonly Channel<MqttMessage> _heard = Channel.CreateUnbounded<MqttMessage>();

    public MqttClient Mqtt { get; private set; } = null!;

    public static async Task<AppClient> DialAsync(int port, MqttConnect connect, string? path = null)
    {
        var app = new AppClient();
        app.Mqtt = await MqttClient.ConnectAsync(
            new() { Host = "127.0.0.1", Port = port, Connect = connect, WebSocketPath = path, OnMessage = app.TakeAsync }, House.Soon);
        return app;
    }

    public Task SubscribeAsync(string filter, MqttQos qos = MqttQos.AtLeastOnce) => Mqtt.SubscribeAsync(filter, qos, House.Soon);

    public Task SayAsync(string topic, string text, MqttQos qos = MqttQos.AtLeastOnce) => Mqtt.PublishAsync(topic, Encoding.UTF8.GetBytes(text), qos, House.Soon);

    public async Task<MqttMessage> HearAsync() => await _heard.Reader.ReadAsync(House.Soon);

    public async Task<string> TextAsync() => Encoding.UTF8.GetString((await HearAsync()).Payload.Span);

    /// <summary>All that it hears before a message of this text.</summary>
    public async Task<List<string>> UntilAsync(string text)
    {
        List<string> before = [];
        while (await TextAsync() is var next && next != text)
            before.Add(next);
        return before;
    }

    /// <summary>Breaks the connection: its will is published.</summary>
    public void Break() => Mqtt.Abort();

    public ValueTask DisposeAsync() => Mqtt.DisposeAsync();

    ValueTask TakeAsync(MqttClient client, MqttMessage message, CancellationToken ct)
    {
        _heard.Writer.TryWrite(message);
        return default;
    }
}

/// <summary>An account and how it signs in.</summary>
sealed record AppLogin(string Name, string Password)
{
    public static async Task<AppLogin> MakeAsync(HttpClient api, string name = "app", string rules = """{"publish":["#"],"subscribe":["#"]}""")
    {
        using var body = new StringContent(rules, Encoding.UTF8, "application/json");
        var made = (await Reply.OfAsync(await api.PutAsync(new Uri($"/api/v1/mqtt-accounts/{name}", UriKind.Relative), body, House.Soon))).Is(HttpStatusCode.Created);
        return new(name, made["password"]!);
    }

    public MqttConnect Connect(string clientId, MqttVersion version = MqttVersion.V50) => new()
    {
        Version = version,
        ClientId = clientId,
        UserName = Name,
        Password = Encoding.UTF8.GetBytes(Password),
        KeepAliveSeconds = 60,
    };

    /// <summary>The session stays for an hour.</summary>
    public MqttConnect Staying(string clientId, MqttVersion version = MqttVersion.V50) => Staying(Connect(clientId, version));

    public static MqttConnect Staying(MqttConnect connect) => connect with
    {
        CleanStart = false,
        PropertyBytes = connect.Version == MqttVersion.V50 ? new byte[] { (byte)MqttPropertyId.SessionExpiryInterval, 0, 0, 14, 16 } : default,
    };
}
