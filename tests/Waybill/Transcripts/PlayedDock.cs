using System.Text;
using System.Threading.Channels;
using Amazon.Runtime;
using Amazon.S3.Model;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Protocols.DjiCloud;
using Waybill.Tests.Protocols;
using Waybill.Tests.S3;
using Xunit;

namespace Waybill.Tests.Transcripts;

/// <summary>The dock of a transcript: says what is written and checks what it hears.</summary>
sealed class PlayedDock : IAsyncDisposable
{
    public const string Sn = "4TADOCK0000001";
    public const string AircraftSn = "4TADRONE000001";

    static readonly DjiTopicKind[] s_down =
        [DjiTopicKind.Services, DjiTopicKind.EventsReply, DjiTopicKind.RequestsReply, DjiTopicKind.StateReply, DjiTopicKind.StatusReply, DjiTopicKind.PropertySet];

    readonly Func<int> _mqttPort;
    readonly TranscriptWords _words = new();
    readonly Channel<string> _heard = Channel.CreateUnbounded<string>();
    readonly PlayedDockApi _api;
    MqttClient? _client;
    bool _hasAircraft;

    PlayedDock(Func<int> mqttPort, Func<HttpClient> api) => (_mqttPort, _api) = (mqttPort, new(api));

    public static Task<PlayedDock> StartAsync(House house) => StartAsync(() => house.Server.MqttPort, () => house.Api);

    public static async Task<PlayedDock> StartAsync(Func<int> mqttPort, Func<HttpClient> api)
    {
        var dock = new PlayedDock(mqttPort, api);
        await dock._api.RegisterAsync();
        return dock;
    }

    public Task PlayAsync(TranscriptStep step) => step.Mark switch
    {
        ">" or ">?" => SayAsync(_words.Fill(step.Text), Encoding.UTF8.GetBytes),
        ">!" => SayAsync(step.Text, Encoding.UTF8.GetBytes),
        ">x" => SayAsync(step.Text, Convert.FromHexString),
        "<" => HearAsync(step.Text),
        "!" when step.Text.StartsWith("S3 ", StringComparison.Ordinal) => StoreAsync(_words.Fill(step.Text).Split(' ')),
        "!" => new PlayedRequest(HttpStep.Parse(_words.Fill(step.Text)), "dock", _words).SendAsync(),
        _ => OutsideAsync(step.Text.Split(' ')),
    };

    /// <summary>What the platform said that has this name, as it was captured.</summary>
    public string Word(string name) => _words.Fill($"{{{name}}}");

    /// <summary>What was asked last is answered last: nothing came between.</summary>
    public async Task NothingIsLeftAsync()
    {
        await PlayAsync(new(0, ">", $$"""thing/product/{{Sn}}/requests {"tid":"last","bid":"last","method":"offline_map_get","data":{} }"""));
        var heard = await _heard.Reader.ReadAsync(House.Soon);
        Assert.Contains("\"tid\":\"last\"", heard, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync();
    }

    /// <summary>QoS 1: ends when it is acknowledged.</summary>
    Task SayAsync(string line, Func<string, byte[]> payload)
    {
        _hasAircraft |= line.Contains($"\"sub_devices\":[{{\"sn\":\"{AircraftSn}\"", StringComparison.Ordinal);
        var (topic, rest) = line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank ? (line[..blank], line[(blank + 1)..]) : (line, "");
        return _client!.PublishAsync(topic, payload(rest), MqttQos.AtLeastOnce, House.Soon);
    }

    async Task HearAsync(string line)
    {
        var heard = await _heard.Reader.ReadAsync(House.Soon);
        Assert.True(_words.Matches(line, heard), $"heard {heard}");
        // the aircraft's topics are the dock's from here on
        if (_hasAircraft && line.Contains("update_topo", StringComparison.Ordinal))
            await SubscribeAsync(AircraftSn, [DjiTopicKind.EventsReply, DjiTopicKind.StateReply]);
    }

    /// <summary><c>S3 PUT key body=content -> 200</c>, with the key that the dock was told.</summary>
    async Task StoreAsync(string[] step)
    {
        var key = new SessionAWSCredentials(_words.Fill("{key}"), _words.Fill("{secret}"), _words.Fill("{token}"));
        using var client = StoragePlay.S3(_words.Fill("{endpoint}"), key, _words.Fill("{region}"));
        using var body = new MemoryStream(_words.Content(step[3]["body=".Length..]).ToArray());
        var put = await client.PutObjectAsync(new PutObjectRequest { BucketName = _words.Fill("{bucket}"), Key = step[2], InputStream = body }, House.Soon);
        Assert.Equal(int.Parse(step[^1]), (int)put.HttpStatusCode);
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
            case ["library", var name, var version, var content]:
                return _api.StoreAsync(name, version, _words.Content(content).ToArray());
            default:
                return _api.PlayAsync(words);
        }
    }

    async Task ConnectAsync()
    {
        _client = await MqttClient.ConnectAsync(
            new()
            {
                Host = "127.0.0.1",
                Port = _mqttPort(),
                Connect = new() { ClientId = Sn, UserName = Sn, Password = Encoding.UTF8.GetBytes(PlayedDockApi.Secret), KeepAliveSeconds = 60 },
                OnMessage = (_, message, _) =>
                {
                    _heard.Writer.TryWrite($"{message.Topic} {Encoding.UTF8.GetString(message.Payload.Span)}");
                    return default;
                },
            },
            House.Soon);
        await SubscribeAsync(Sn, s_down);
    }

    async Task SubscribeAsync(string sn, IEnumerable<DjiTopicKind> kinds)
    {
        foreach (var kind in kinds)
            await _client!.SubscribeAsync(DjiTopics.Of(kind, sn), MqttQos.AtLeastOnce, House.Soon);
    }
}
