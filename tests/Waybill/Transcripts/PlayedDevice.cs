using System.Text;
using System.Threading.Channels;
using Waybill.Device;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Tests.Protocols;
using Xunit;

namespace Waybill.Tests.Transcripts;

/// <summary>The device of a transcript: says what is written and checks what it hears.</summary>
sealed class PlayedDevice(House house, string kind, PlayedSpeech speech) : IAsyncDisposable
{
    public const string Product = "ABCDE12345";
    public const string Device = "dev001";

    readonly TranscriptWords _words = new();
    readonly Channel<string> _heard = Channel.CreateUnbounded<string>();
    readonly PlayedApi _api = new(house);
    MqttClient? _client;

    public Task PlayAsync(TranscriptStep step) => step.Mark switch
    {
        ">" or ">?" => SayAsync(Encoding.UTF8.GetBytes(_words.Fill(step.Text))),
        ">!" => SayAsync(Encoding.UTF8.GetBytes(step.Text)),
        ">x" => SayAsync(Convert.FromHexString(step.Text)),
        "<" => HearAsync(step.Text),
        "!" => new PlayedRequest(HttpStep.Parse(_words.Fill(step.Text)), kind, _words).SendAsync(),
        _ => OutsideAsync(step.Text.Split(' ')),
    };

    /// <summary>What was said last is answered last: nothing came between.</summary>
    public async Task NothingIsLeftAsync()
    {
        if (_client is null)
            return;
        await PlayAsync(new(0, ">", speech.LastReport));
        await PlayAsync(new(0, "<", speech.LastAnswer));
        Assert.False(_heard.Reader.TryRead(out var left), left);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync();
    }

    /// <summary>QoS 1: ends when it is acknowledged.</summary>
    Task SayAsync(byte[] payload) => _client!.PublishAsync(speech.Up, payload, MqttQos.AtLeastOnce, House.Soon);

    async Task HearAsync(string line)
    {
        var heard = await _heard.Reader.ReadAsync(House.Soon);
        Assert.True(_words.Matches(line, heard), $"heard {heard}");
    }

    Task OutsideAsync(string[] words)
    {
        switch (words)
        {
            case ["content", ..]:
                _words.Define(string.Join(' ', words));
                return Task.CompletedTask;
            case ["connect"]:
                return ConnectAsync();
            case ["disconnect"]:
                _client!.Abort();
                return Task.CompletedTask;
            case ["library", var name, var content]:
                return _api.StoreAsync(name, "1", _words.Content(content));
            case ["library", var name, var version, var content]:
                return _api.StoreAsync(name, version, _words.Content(content));
            case ["deliver", var name]:
                return _api.OrderAsync("download", name, "1");
            case ["deliver", var name, var version]:
                return _api.OrderAsync("download", name, version);
            case ["remove", var name, var version]:
                return _api.OrderAsync("removal", name, version);
            case ["cancel", var direction, var name]:
                return _api.CancelAsync(direction, name);
            case ["state", var direction, var name, var state]:
                return _api.ShowsAsync(direction, name, "state", state);
            case ["code", var direction, var name, var code]:
                return _api.ShowsAsync(direction, name, "code", code);
            default:
                // What the application does is in the lines that follow; the grace time passes by itself
                return Task.CompletedTask;
        }
    }

    async Task ConnectAsync()
    {
        var identity = new TencentIdentity(Product, Device, "MDEyMzQ1Njc4OWFiY2RlZg==")
        {
            Hash = kind is "other" or "java" ? TencentHash.Sha256 : TencentHash.Sha1,
        };
        _client = await MqttClient.ConnectAsync(
            new()
            {
                Host = "127.0.0.1",
                Port = house.Server.MqttPort,
                Connect = identity.NewConnect(kind == "python" ? MqttVersion.V31 : MqttVersion.V311, 60),
                OnMessage = (_, message, _) =>
                {
                    _heard.Writer.TryWrite(Encoding.UTF8.GetString(message.Payload.Span));
                    return default;
                },
            },
            House.Soon);
        await _client.SubscribeAsync(speech.Down, MqttQos.AtLeastOnce, House.Soon);
    }
}
