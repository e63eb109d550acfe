using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Waybill.Gate;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Xunit;

namespace Waybill.Tests.Events;

public sealed class EventTopicStories
{
    [Fact]
    public async Task An_application_hears_the_events_it_subscribed()
    {
        await using var house = await House.StartAsync();
        for (var round = 0; round < 2; round++)
        {
            await using var app = await AppAsync(house, """{"subscribe":["waybill/events/ABCDE12345/+"]}""");
            await app.Client.SubscribeAsync("waybill/events/ABCDE12345/dev002", MqttQos.AtLeastOnce, House.Soon);
            await house.UploadAsync($"a{round}", [1]);
            await house.UploadAsync($"b{round}", [1], "dev002");
            foreach (var type in (string[])["transfer.sent", "transfer.in_progress", "transfer.ok"])
            {
                var (message, json) = await app.HearAsync();
                Assert.Equal(("waybill/events/ABCDE12345/dev002", MqttQos.AtLeastOnce), (message.Topic, message.Qos));
                Assert.Equal((type, $"b{round}"), (json.GetProperty("type").GetString(), json.GetProperty("transfer").GetProperty("name").GetString()));
            }
        }
    }

    [Fact]
    public async Task What_an_account_may_not_subscribe_it_does_not_hear()
    {
        await using var house = await House.StartAsync();
        await using var app = await AppAsync(house, """{"subscribe":["other/#"]}""");
        await Assert.ThrowsAnyAsync<Exception>(() => app.Client.SubscribeAsync("waybill/events/+/+", MqttQos.AtLeastOnce, House.Soon));
    }

    [Fact]
    public async Task Nobody_publishes_events_but_the_server()
    {
        await using var house = await House.StartAsync();
        await using var app = await AppAsync(house, """{"publish":["#"],"subscribe":["#"]}""");
        await app.Client.SubscribeAsync("#", MqttQos.AtLeastOnce, House.Soon);
        await Assert.ThrowsAnyAsync<Exception>(() => app.Client.PublishAsync("waybill/events/ABCDE12345/dev001", "{}"u8.ToArray(), MqttQos.AtLeastOnce, House.Soon));
        await app.Client.PublishAsync("other", "{}"u8.ToArray(), MqttQos.AtLeastOnce, House.Soon);
        Assert.Equal("other", (await app.HearAsync()).Message.Topic);
    }

    [Theory]
    [InlineData("#", true)]
    [InlineData("+/#", true)]
    [InlineData("waybill/events/+/+", true)]
    [InlineData("waybill/events/P/d", true)]
    [InlineData("waybill/events/P/d/#", true)]
    [InlineData("waybill/+/P/#", true)]
    [InlineData("waybill/events/P", false)]
    [InlineData("waybill/events/P/d/x", false)]
    [InlineData("$thing/#", false)]
    [InlineData("other/#", false)]
    public void A_filter_may_match_events_or_not(string filter, bool may) => Assert.Equal(may, EventTopics.MayMatch(filter));

    static async Task<App> AppAsync(House house, string rules)
    {
        var made = (await house.SendAsync("PUT", $"/api/v1/mqtt-accounts/app{Guid.NewGuid():N}", rules)).Is(HttpStatusCode.Created);
        var heard = Channel.CreateUnbounded<(MqttMessage, JsonElement)>();
        var client = await MqttClient.ConnectAsync(
            new()
            {
                Host = "127.0.0.1",
                Port = house.Server.MqttPort,
                Connect = new MqttConnect { Version = MqttVersion.V50, ClientId = $"app-{Guid.NewGuid():N}", UserName = made["name"], Password = Encoding.UTF8.GetBytes(made["password"]!) },
                OnMessage = (_, message, _) =>
                {
                    heard.Writer.TryWrite((message, JsonElement.Parse(message.Payload.Span)));
                    return default;
                },
            },
            House.Soon);
        return new(client, heard.Reader);
    }

    sealed record App(MqttClient Client, ChannelReader<(MqttMessage Message, JsonElement Json)> Heard) : IAsyncDisposable
    {
        public async Task<(MqttMessage Message, JsonElement Json)> HearAsync() => await Heard.ReadAsync(House.Soon);

        public ValueTask DisposeAsync() => Client.DisposeAsync();
    }
}
