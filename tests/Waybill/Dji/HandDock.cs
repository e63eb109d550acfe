using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Dji;

/// <summary>A dock that says what a test has it say, and hears what is published for it.</summary>
sealed class HandDock : IAsyncDisposable
{
    public const string Secret = "typed into Pilot 2";

    static readonly DjiTopicKind[] s_down =
        [DjiTopicKind.Services, DjiTopicKind.EventsReply, DjiTopicKind.RequestsReply, DjiTopicKind.StateReply, DjiTopicKind.StatusReply];

    readonly Channel<(string Topic, JsonElement Said)> _heard = Channel.CreateUnbounded<(string, JsonElement)>();
    readonly string _sn;

    HandDock(string sn) => _sn = sn;

    public MqttClient Mqtt { get; private set; } = null!;

    /// <summary>Connects and subscribes its down topics; the user is its serial number where no other is given.</summary>
    public static async Task<HandDock> ConnectAsync(House house, string sn, string? user = null, string password = Secret, MqttVersion version = MqttVersion.V50)
    {
        var dock = new HandDock(sn);
        dock.Mqtt = await MqttClient.ConnectAsync(
            new()
            {
                Host = "127.0.0.1",
                Port = house.Server.MqttPort,
                Connect = new() { Version = version, ClientId = sn, UserName = user ?? sn, Password = Encoding.UTF8.GetBytes(password), KeepAliveSeconds = 60 },
                OnMessage = (_, message, _) =>
                {
                    dock._heard.Writer.TryWrite((message.Topic.ToString(), JsonElement.Parse(message.Payload.Span)));
                    return default;
                },
            },
            House.Soon);
        foreach (var kind in s_down)
            await dock.Mqtt.SubscribeAsync(DjiTopics.Of(kind, sn), MqttQos.AtLeastOnce, House.Soon);
        return dock;
    }

    /// <summary>QoS 1: ends when it is acknowledged.</summary>
    public Task SayAsync(DjiTopicKind kind, string json, string? sn = null) => SayAsync(DjiTopics.Of(kind, sn ?? _sn), json);

    public Task SayAsync(string topic, string json) => Mqtt.PublishAsync(topic, Encoding.UTF8.GetBytes(json), MqttQos.AtLeastOnce, House.Soon);

    public Task TellTopologyAsync(params string[] aircraft) => SayAsync(
        DjiTopicKind.Status,
        $$"""{"tid":"t","bid":"b","method":"update_topo","data":{"domain":"3","type":1,"sub_type":0,"sub_devices":[{{string.Join(',', aircraft.Select(a => $$"""{"sn":"{{a}}","domain":"0","type":67,"sub_type":0,"index":"A"}"""))}}]} }""");

    /// <summary>The next message, which must be on this topic.</summary>
    public async Task<JsonElement> HearAsync(DjiTopicKind kind, string? sn = null)
    {
        var (topic, said) = await _heard.Reader.ReadAsync(House.Soon);
        Assert.Equal(DjiTopics.Of(kind, sn ?? _sn), topic);
        return said;
    }

    /// <summary>Whether the last question is answered first: nothing came before.</summary>
    public async Task NothingWasSaidAsync()
    {
        await SayAsync(DjiTopicKind.Requests, """{"tid":"end","bid":"end","method":"offline_map_get","data":{}}""");
        Assert.Equal("end", (await HearAsync(DjiTopicKind.RequestsReply)).GetProperty("tid").GetString());
    }

    /// <summary>The last question is answered, whatever was said before.</summary>
    public async Task AnswersToTheEndAsync()
    {
        await SayAsync(DjiTopicKind.Requests, """{"tid":"end","bid":"end","method":"offline_map_get","data":{}}""");
        while ((await _heard.Reader.ReadAsync(House.Soon)).Said is var said && !(said.TryGetProperty("tid", out var tid) && tid.ToString() == "end"))
        {
        }
    }

    public bool HasHeard => _heard.Reader.Count > 0;

    public ValueTask DisposeAsync() => Mqtt.DisposeAsync();
}
