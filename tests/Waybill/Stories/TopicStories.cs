using System.Net;
using System.Text;
using System.Threading.Channels;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>Ordinary MQTT between a device and an application, and where it ends.</summary>
public sealed class TopicStories
{
    const string Own = "ABCDE12345/dev001";
    static readonly string[] s_downward =
    [
        "$thing/down/property/" + Own, "$ota/update/" + Own, "$shadow/operation/result/" + Own, "$sys/operation/result/" + Own,
        "$broadcast/rxd/" + Own, "$log/operation/result/" + Own, "$gateway/operation/result/" + Own, $"$rrpc/rxd/{Own}/+", Own + "/#",
    ];

    static readonly string[] s_upward =
    [
        "$thing/up/property/" + Own, "$ota/report/" + Own, "$shadow/operation/" + Own, "$sys/operation/" + Own,
        "$log/operation/" + Own, "$gateway/operation/" + Own, $"$rrpc/txd/{Own}/77", $"{Own}/event",
    ];

    static readonly string[] s_foreign =
    [
        "#", "+/dev001/x", "ABCDE12345/#", "ABCDE12345/dev002/x", "$resource/down/service/ABCDE12345/dev002",
        "$thing/down/property/ABCDE12345/+", "$thing/down/property/OTHER12345/dev001", "$SYS/#",
    ];

    /// <summary>What the application hears.</summary>
    static readonly string[] s_heard =
    [
        "$thing/up/#", "$ota/+/" + Own, "$shadow/+/" + Own, "$sys/+/" + Own, "$log/+/" + Own, "$gateway/+/" + Own, "$rrpc/txd/#", "ABCDE12345/+/event",
    ];

    static readonly string[] s_families = ["$thing", "$ota", "$shadow", "$sys", "$broadcast", "$log", "$gateway", "$rrpc"];

    [Fact]
    public async Task A_device_has_every_topic_of_its_own_and_an_application_hears_and_speaks_there()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var heard = Channel.CreateUnbounded<string>();
        await using var app = await AppAsync(house, heard);
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        foreach (var filter in s_downward)
            Assert.Equal(MqttQos.AtLeastOnce, await device.Mqtt.SubscribeAsync(filter, MqttQos.AtLeastOnce, House.Soon));
        foreach (var topic in s_upward)
        {
            await device.Mqtt.PublishAsync(topic, "{\"n\":1}"u8.ToArray(), MqttQos.AtLeastOnce, House.Soon);
            Assert.Equal(topic, await heard.Reader.ReadAsync(House.Soon));
        }
        foreach (var topic in (string[])["$thing/down/property/" + Own, $"$rrpc/rxd/{Own}/77", $"{Own}/control/a/b"])
        {
            await app.PublishAsync(topic, "{\"n\":2}"u8.ToArray(), MqttQos.AtLeastOnce, House.Soon);
            Assert.Equal(2, (await device.HearAsync(topic)).GetProperty("n").GetInt32());
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V50)]
    public async Task Another_device_s_topics_are_refused(MqttVersion version)
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await house.DeviceAsync(device: "dev002");
        var heard = Channel.CreateUnbounded<string>();
        await using var app = await AppAsync(house, heard);
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort, version: version);
        foreach (var filter in s_foreign)
        {
            var refused = await Assert.ThrowsAsync<MqttException>(() => device.Mqtt.SubscribeAsync(filter, MqttQos.AtLeastOnce, House.Soon));
            Assert.Equal(version == MqttVersion.V50 ? 0x87 : 0x80, (int)refused.Reason);
        }
        foreach (var topic in (string[])["ABCDE12345/dev002/event", "$resource/up/service/ABCDE12345/dev002", "$thing/up/property/ABCDE12345/dev002"])
        {
            var refused = await Record.ExceptionAsync(() => device.Mqtt.PublishAsync(topic, "{}"u8.ToArray(), MqttQos.AtLeastOnce, House.Soon));
            // before 5.0 there is no way to say no
            Assert.Equal(version == MqttVersion.V50, refused is MqttException { Reason: MqttReasonCode.NotAuthorized });
        }
        await device.Mqtt.PublishAsync($"{Own}/event", "{}"u8.ToArray(), MqttQos.AtLeastOnce, House.Soon);
        Assert.Equal($"{Own}/event", await heard.Reader.ReadAsync(House.Soon));
        Assert.Equal(0, heard.Reader.Count);
    }

    /// <summary>An application that may hear and say everything of the product.</summary>
    static async Task<MqttClient> AppAsync(House house, Channel<string> heard)
    {
        var rules = string.Join(',', s_families.Append("ABCDE12345").Select(f => $"\"{f}/#\""));
        var made = (await house.SendAsync("PUT", "/api/v1/mqtt-accounts/app", $$"""{"publish":[{{rules}}],"subscribe":[{{rules}}]}""")).Is(HttpStatusCode.Created);
        var app = await MqttClient.ConnectAsync(
            new()
            {
                Host = "127.0.0.1",
                Port = house.Server.MqttPort,
                Connect = new() { ClientId = "app-1", UserName = "app", Password = Encoding.UTF8.GetBytes(made["password"]!) },
                OnMessage = (_, message, ct) => heard.Writer.WriteAsync(message.Topic, ct),
            },
            House.Soon);
        foreach (var filter in s_heard)
            await app.SubscribeAsync(filter, MqttQos.AtLeastOnce, House.Soon);
        return app;
    }
}
