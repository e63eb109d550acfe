using System.Text;
using System.Threading.Channels;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Peers;

/// <summary>Our client against mosquitto's broker.</summary>
public sealed class MosquittoServerTests
{
    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Versions))]
    public async Task It_talks_to_a_real_broker_and_comes_back_after_its_restart(MqttVersion version)
    {
        var (server, port) = await Mosquitto.ListenAsync();
        var received = Channel.CreateUnbounded<MqttMessage>();
        var connected = Channel.CreateUnbounded<int>();
        await using var client = await MqttClient.ConnectAsync(new()
        {
            Host = "127.0.0.1",
            Port = port,
            Connect = new() { Version = version, ClientId = "waybill-client", KeepAliveSeconds = 30 },
            Reconnect = true,
            OnMessage = (_, message, ct) => received.Writer.WriteAsync(message, ct),
            OnConnected = (_, ct) => connected.Writer.WriteAsync(0, ct),
        }, Ct);
        await connected.Reader.ReadAsync(Ct);
        Assert.Equal(MqttQos.AtLeastOnce, await client.SubscribeAsync("a/#", MqttQos.AtLeastOnce, Ct));
        await TalkAsync();

        await server.DisposeAsync();
        (server, _) = await Mosquitto.ListenAsync(port);
        await using var restarted = server;
        await connected.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
        await TalkAsync();

        async Task TalkAsync()
        {
            var large = new string('x', 100_000);
            await client.PublishAsync("a/b", Encoding.UTF8.GetBytes(large), MqttQos.AtLeastOnce, Ct);
            Assert.Equal(0, await Mosquitto.PublishAsync(port, "mqttv311", "a/c", "from outside", "-q", "1"));
            var first = await received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
            var second = await received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
            Assert.Equal(("a/b", large, MqttQos.AtLeastOnce), (first.Topic, Encoding.UTF8.GetString(first.Payload.Span), first.Qos));
            Assert.Equal(("a/c", "from outside", MqttQos.AtLeastOnce), (second.Topic, Encoding.UTF8.GetString(second.Payload.Span), second.Qos));
        }
    }

    [Fact]
    public async Task Properties_of_5_survive_the_way_through_it()
    {
        var (server, port) = await Mosquitto.ListenAsync();
        await using var running = server;
        var received = Channel.CreateUnbounded<MqttMessage>();
        await using var client = await MqttClient.ConnectAsync(new()
        {
            Host = "127.0.0.1",
            Port = port,
            Connect = new() { Version = MqttVersion.V50 },
            OnMessage = (_, message, ct) => received.Writer.WriteAsync(message, ct),
        }, Ct);
        Assert.StartsWith("auto-", client.ClientId, StringComparison.Ordinal);
        await client.SubscribeAsync("t", MqttQos.AtLeastOnce, Ct);
        var properties = new MqttPropertyBuffer().AddUser("k", "v").Add(MqttPropertyId.ResponseTopic, "r").Properties.Bytes.ToArray();
        await client.PublishAsync(new("t", "x"u8.ToArray()) { Qos = MqttQos.AtLeastOnce, PropertyBytes = properties }, Ct);
        var message = await received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
        Assert.True(message.Properties.TryGet(MqttPropertyId.UserProperty, out var user) && user.Value.SequenceEqual("v"u8));
        Assert.True(message.Properties.TryGet(MqttPropertyId.ResponseTopic, out var topic) && topic.Bytes.SequenceEqual("r"u8));
    }
}
