using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Client;

/// <summary>Messages that come faster than the handler takes them.</summary>
public sealed class WaitingMessagesTests
{
    readonly Channel<string> _received = Channel.CreateUnbounded<string>();
    readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Versions))]
    public async Task A_handler_may_await_its_own_publishes_while_messages_wait(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await MqttClient.ConnectAsync(Options(house, version) with
        {
            MaximumWaitingMessages = 1,
            OnMessage = async (client, message, ct) =>
            {
                await client.PublishAsync("answer", message.Payload, MqttQos.AtLeastOnce, ct);
                _received.Writer.TryWrite(Encoding.UTF8.GetString(message.Payload.Span));
            },
        }, Ct);
        await client.SubscribeAsync("ask", MqttQos.AtLeastOnce, Ct);
        Publish(house, "ask", 100, MqttQos.AtLeastOnce);
        await AssertReceivedAsync(Enumerable.Range(0, 100));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_slow_handler_holds_up_no_acknowledgement_and_loses_QoS_0_alone(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumQueuedBytes = 64 << 20 });
        await using var client = await MqttClient.ConnectAsync(Options(house, version), Ct);
        await client.SubscribeAsync("#", MqttQos.ExactlyOnce, Ct);
        Publish(house, "at most once", 10, MqttQos.AtMostOnce);
        await client.PublishAsync("other", "own"u8.ToArray(), MqttQos.AtLeastOnce, Ct).WaitAsync(RawClient.Patience, Ct);
        Publish(house, "at least once", 100, MqttQos.AtLeastOnce);
        Publish(house, "exactly once", 100, MqttQos.ExactlyOnce);
        _go.SetResult();
        await AssertReceivedAsync(Enumerable.Range(0, 4));
        Assert.Equal("own", await NextAsync());
        await AssertReceivedAsync(Enumerable.Range(0, 100).Concat(Enumerable.Range(0, 100)));
        // One is being handled, three wait
        Assert.Equal(6, client.DroppedMessages);
    }

    [Theory]
    [InlineData(MqttVersion.V50, null, 3)]
    [InlineData(MqttVersion.V50, 7, 7)]
    [InlineData(MqttVersion.V311, null, ushort.MaxValue)]
    public async Task The_server_is_told_how_many_may_wait(MqttVersion version, int? own, int announced)
    {
        var told = 0u;
        await using var house = await RunningBroker.StartAsync(new Recorder
        {
            OnConnect = connect =>
            {
                told = connect.Properties.Number(MqttPropertyId.ReceiveMaximum, ushort.MaxValue);
                return MqttReasonCode.Success;
            },
        });
        var properties = new MqttPropertyBuffer();
        if (own is not null) properties.Add(MqttPropertyId.ReceiveMaximum, (uint)own);
        var connect = new MqttConnect { Version = version, ClientId = "c", PropertyBytes = properties.Properties.Bytes.ToArray() };
        await using var client = await MqttClient.ConnectAsync(Options(house, version) with { Connect = connect }, Ct);
        Assert.Equal(announced, (int)told);
    }

    // What waits of a connection that is gone comes again, so a stuck handler does not gather more with each connection
    [Theory, InlineData(MqttVersion.V311), InlineData(MqttVersion.V50)]
    public async Task Messages_that_come_again_do_not_wait_twice(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync();
        var connected = Channel.CreateUnbounded<int>();
        await using var client = await MqttClient.ConnectAsync(Options(house, version) with
        {
            Connect = PersistentSessionTests.Stay(new() { Version = version, ClientId = "c" }),
            Reconnect = true,
            ReconnectDelay = TimeSpan.FromMilliseconds(1),
            OnConnected = async (client, ct) =>
            {
                // Behind it every message of this connection is here
                await client.PublishAsync("other", default, MqttQos.AtLeastOnce, ct);
                connected.Writer.TryWrite(0);
            },
        }, Ct);
        await connected.Reader.ReadAsync(Ct);
        await client.SubscribeAsync("t", MqttQos.AtLeastOnce, Ct);
        Publish(house, "t", 3, MqttQos.AtLeastOnce);
        await client.PublishAsync("other", default, MqttQos.AtLeastOnce, Ct);
        for (var n = 0; n < 3; n++)
        {
            Assert.True(house.Broker.TryGetSession("c", out var session));
            session.Connection.Abort();
            await connected.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
        }
        _go.SetResult();
        // The first was in the handler's hands when its connection was lost
        await AssertReceivedAsync([0, 0, 1, 2]);
        house.Broker.Publish("t", "last"u8, MqttQos.AtLeastOnce);
        Assert.Equal("last", await NextAsync());
    }

    MqttClientOptions Options(RunningBroker house, MqttVersion version) => new()
    {
        Host = "127.0.0.1",
        Port = house.Port,
        Connect = new() { Version = version, ClientId = "c" },
        MaximumWaitingMessages = 3,
        OnMessage = async (_, message, ct) =>
        {
            await _go.Task.WaitAsync(ct);
            _received.Writer.TryWrite(Encoding.UTF8.GetString(message.Payload.Span));
        },
    };

    static void Publish(RunningBroker house, string topic, int count, MqttQos qos)
    {
        for (var n = 0; n < count; n++) house.Broker.Publish(topic, Encoding.UTF8.GetBytes($"{n}"), qos);
    }

    async Task AssertReceivedAsync(IEnumerable<int> numbers)
    {
        foreach (var number in numbers) Assert.Equal(number.ToString(CultureInfo.InvariantCulture), await NextAsync());
    }

    async Task<string> NextAsync() => await _received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
}
