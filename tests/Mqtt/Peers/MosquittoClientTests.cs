using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;

namespace Waybill.Mqtt.Tests.Peers;

/// <summary>mosquitto's own clients against our broker.</summary>
public sealed class MosquittoClientTests
{
    public static TheoryData<string, string, int> Pairs
    {
        get
        {
            string[] versions = ["mqttv31", "mqttv311", "mqttv5"];
            var pairs = new TheoryData<string, string, int>();
            foreach (var from in versions)
                foreach (var to in versions)
                    for (var qos = 0; qos <= 2; qos++) pairs.Add(from, to, qos);
            return pairs;
        }
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task Messages_pass_between_all_versions(string from, string to, int qos)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var receiver = await Mosquitto.SubscribeAsync(house.Port, to, "a/+", "-q", $"{qos}", "-i", "receiver-with-a-client-id-over-23-bytes");
        Assert.Equal(0, await Mosquitto.PublishAsync(house.Port, from, "a/b", "hello", "-q", $"{qos}"));
        Assert.Equal($"a/b {qos} hello", await receiver.UntilAsync("a/b "));
    }

    [Fact]
    public async Task A_QoS_2_subscription_works()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var receiver = await Mosquitto.SubscribeAsync(house.Port, "mqttv5", "t", "-q", "2");
        house.Broker.Publish("t", "x"u8, MqttQos.ExactlyOnce);
        Assert.Equal("t 2 x", await receiver.UntilAsync("t 2"));
    }

    [Fact]
    public async Task A_wrong_password_is_told()
    {
        await using var house = await RunningBroker.StartAsync(new Recorder { OnConnect = _ => MqttReasonCode.BadUserNameOrPassword });
        Assert.Equal(4, await Mosquitto.PublishAsync(house.Port, "mqttv311", "t", "x", "-u", "u", "-P", "p"));
        Assert.Equal(134, await Mosquitto.PublishAsync(house.Port, "mqttv5", "t", "x", "-u", "u", "-P", "p"));
    }

    [Fact]
    public async Task A_killed_client_leaves_its_will()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var watcher = await Mosquitto.SubscribeAsync(house.Port, "mqttv311", "will", "-q", "1");
        var doomed = await Mosquitto.SubscribeAsync(house.Port, "mqttv5", "t", "--will-topic", "will", "--will-payload", "gone", "--will-qos", "1");
        await doomed.DisposeAsync();
        Assert.Equal("will 1 gone", await watcher.UntilAsync("will 1"));
    }

    [Theory, InlineData("mqttv31"), InlineData("mqttv311"), InlineData("mqttv5")]
    public async Task A_session_waits_for_its_client(string version)
    {
        await using var house = await RunningBroker.StartAsync();
        string[] stay = version == "mqttv5" ? ["-c", "-i", "stays", "-q", "2", "-x", "100"] : ["-c", "-i", "stays", "-q", "2"];
        await (await Mosquitto.SubscribeAsync(house.Port, version, "t", stay)).DisposeAsync();
        for (var qos = 1; qos <= 2; qos++) Assert.Equal(0, await Mosquitto.PublishAsync(house.Port, version, "t", $"waits {qos}", "-q", $"{qos}"));
        await using var again = await Mosquitto.SubscribeAsync(house.Port, version, "t", stay);
        house.Broker.Publish("t", "now"u8, MqttQos.ExactlyOnce);
        Assert.Equal("t 2 now", await again.UntilAsync("now"));
    }

    [Theory, InlineData("mqttv311"), InlineData("mqttv5")]
    public async Task A_shared_subscription_and_a_retained_message(string version)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var one = await Mosquitto.SubscribeAsync(house.Port, version, "$share/g/t", "-q", "1");
        await using var two = await Mosquitto.SubscribeAsync(house.Port, version, "$share/g/t", "-q", "1");
        for (var n = 0; n < 2; n++) Assert.Equal(0, await Mosquitto.PublishAsync(house.Port, version, "t", $"shared {n}", "-q", "1", "-r"));
        var got = await Task.WhenAll(one.UntilAsync("shared"), two.UntilAsync("shared"));
        Assert.Equal(["t 1 shared 0", "t 1 shared 1"], got.Order());
        await using var late = await Mosquitto.SubscribeAsync(house.Port, version, "t", "-F", "%r %p");
        Assert.Equal("1 shared 1", await late.UntilAsync("shared"));
    }

    [Fact]
    public async Task It_reads_the_system_topics()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        clock.Advance(TimeSpan.FromSeconds(30));
        await using var reader = await Mosquitto.SubscribeAsync(house.Port, "mqttv311", "$SYS/broker/#");
        Assert.Equal("$SYS/broker/uptime 0 30 seconds", await reader.UntilAsync("/uptime 0"));
    }

    [Fact]
    public async Task A_request_of_mosquitto_rr_is_answered_by_our_client()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var server = await MqttClient.ConnectAsync(new()
        {
            Host = "127.0.0.1",
            Port = house.Port,
            Connect = new() { Version = MqttVersion.V50, ClientId = "server" },
            OnMessage = async (client, message, ct) => await client.RespondAsync(message, "pong"u8.ToArray(), MqttQos.AtLeastOnce, ct),
        }, TestContext.Current.CancellationToken);
        await server.SubscribeAsync("ask", MqttQos.AtLeastOnce, TestContext.Current.CancellationToken);
        await using var asking = await Mosquitto.RequestAsync(house.Port, "ask", "ping", "answers");
        await asking.UntilAsync("pong");
    }

    [Fact]
    public async Task Properties_reach_a_client_of_5()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var receiver = await house.ConnectAsync(MqttVersion.V50);
        await receiver.SubscribeAsync("t");
        Assert.Equal(0, await Mosquitto.PublishAsync(house.Port, "mqttv5", "t", "x", "-D", "publish", "user-property", "k", "v"));
        var packet = await receiver.ReadAsync();
        Assert.Equal(MqttReasonCode.Success, MqttPublish.Read(new(packet.Type, packet.Flags, packet.Body), MqttVersion.V50, out var message));
        Assert.True(message.Properties.TryGet(MqttPropertyId.UserProperty, out var user));
        Assert.True(user.Bytes.SequenceEqual("k"u8) && user.Value.SequenceEqual("v"u8));
    }
}
