using System.Text;
using System.Threading.Channels;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Broker;

/// <summary>A session's packets as a trace is told them.</summary>
public sealed class TraceTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_is_followed_from_its_CONNACK_to_its_end()
    {
        var watcher = new Watcher();
        await using var house = await RunningBroker.StartAsync(watcher);
        await using var client = await house.ConnectAsync(MqttVersion.V50, "me");
        await client.SendAsync(Packets.Subscribe(MqttVersion.V50, 1, ("a/+", new(MqttQos.AtLeastOnce)), ("no", new(MqttQos.AtMostOnce))));
        await client.PublishAsync("a/b", "hello", MqttQos.AtLeastOnce, 7);
        await client.SendAsync(0x40, 2, 0, 1);
        await client.SendAsync(0xC0, 0);
        await client.SendAsync(Packets.Bytes(output => MqttUnsubscribe.Write(output, MqttVersion.V50, 2, ["a/+"])));
        await client.SendAsync(0xE0, 0);
        Assert.Equal("< ConnAck Success", await watcher.NextAsync());
        Assert.Equal("> Subscribe #1 a/+:1 no:0", await watcher.NextAsync());
        Assert.Equal("< SubAck #1 GrantedQos1,NotAuthorized", await watcher.NextAsync());
        Assert.Equal("> Publish #7 a/b 'hello' 1", await watcher.NextAsync());
        Assert.Equal("< Publish #1 a/b 'hello' 1", await watcher.NextAsync());
        Assert.Equal("< PubAck #7 Success", await watcher.NextAsync());
        Assert.Equal("> PubAck #1 Success", await watcher.NextAsync());
        Assert.Equal("> PingReq Success", await watcher.NextAsync());
        Assert.Equal("< PingResp Success", await watcher.NextAsync());
        Assert.Equal("> Unsubscribe #2 a/+:0", await watcher.NextAsync());
        Assert.Equal("< UnsubAck #2 Success", await watcher.NextAsync());
        Assert.Equal("> Disconnect Success", await watcher.NextAsync());
    }

    [Fact]
    public async Task QoS_2_and_a_topic_that_is_an_alias_are_told_as_what_they_are()
    {
        var watcher = new Watcher();
        await using var house = await RunningBroker.StartAsync(watcher);
        await using var client = await house.ConnectAsync(MqttVersion.V50, "me");
        byte[] alias = [(byte)MqttPropertyId.TopicAlias, 0, 1];
        await client.SendAsync(Packets.Bytes(output => new MqttPublish { Topic = "a"u8, Payload = "1"u8, Properties = new(alias) }.Write(output, MqttVersion.V50)));
        await client.SendAsync(Packets.Bytes(output =>
            new MqttPublish { Payload = "2"u8, Qos = MqttQos.ExactlyOnce, PacketId = 3, Properties = new(alias) }.Write(output, MqttVersion.V50)));
        await client.SendAsync(0x62, 2, 0, 3);
        Assert.Equal("> Publish a '1' 0", await watcher.NextAsync(skip: 1));
        Assert.Equal("> Publish #3 a '2' 2", await watcher.NextAsync());
        Assert.Equal("< PubRec #3 NoMatchingSubscribers", await watcher.NextAsync());
        Assert.Equal("> PubRel #3 Success", await watcher.NextAsync());
        Assert.Equal("< PubComp #3 Success", await watcher.NextAsync());
    }

    [Fact]
    public async Task What_waits_for_a_place_in_the_window_is_told_when_it_goes()
    {
        var watcher = new Watcher();
        await using var house = await RunningBroker.StartAsync(watcher, new() { MaximumInFlight = 1 });
        await using var client = await house.ConnectAsync(MqttVersion.V311, "me");
        await client.SubscribeAsync("t", MqttQos.AtLeastOnce);
        house.Broker.Publish("t", "first"u8, MqttQos.AtLeastOnce);
        house.Broker.Publish("t", "second"u8, MqttQos.AtLeastOnce);
        Assert.Equal("< Publish #1 t 'first' 1", await watcher.NextAsync(skip: 3));
        await client.ReadAsync();
        await client.SendAsync(0x40, 2, 0, 1);
        Assert.Equal("> PubAck #1 Success", await watcher.NextAsync());
        Assert.Equal("< Publish #2 t 'second' 1", await watcher.NextAsync());
    }

    [Fact]
    public async Task A_session_that_is_open_already_can_be_followed_for_a_while()
    {
        var watcher = new Watcher { Watches = false };
        await using var house = await RunningBroker.StartAsync(watcher);
        await using var client = await house.ConnectAsync(MqttVersion.V311, "me");
        await client.AssertQuietAsync();
        Assert.True(house.Broker.TryGetSession("me", out var session));
        session.Trace = watcher.Write;
        await client.AssertQuietAsync();
        Assert.Equal("> PingReq Success", await watcher.NextAsync());
        Assert.Equal("< PingResp Success", await watcher.NextAsync());
        session.Trace = null;
        await client.AssertQuietAsync();
        Assert.True(watcher.IsQuiet);
    }

    [Fact]
    public async Task The_CONNACK_of_a_refused_client_and_why_the_broker_ends_a_session_are_told()
    {
        var watcher = new Watcher();
        await using var house = await RunningBroker.StartAsync(watcher);
        await using (var refused = await house.DialAsync())
            await refused.ConnectAsync(MqttVersion.V311, "nobody");
        Assert.Equal("< ConnAck BadUserNameOrPassword", await watcher.NextAsync());
        await using var client = await house.ConnectAsync(MqttVersion.V50, "me");
        Assert.True(house.Broker.TryGetSession("me", out var session));
        session.Disconnect(MqttReasonCode.AdministrativeAction);
        Assert.Equal("< Disconnect AdministrativeAction", await watcher.NextAsync(skip: 1));
    }

    [Fact]
    public async Task Who_looks_on_cannot_disturb()
    {
        var watcher = new Watcher { Watches = false };
        await using var house = await RunningBroker.StartAsync(watcher);
        await using var client = await house.ConnectAsync(MqttVersion.V311, "me");
        Assert.True(house.Broker.TryGetSession("me", out var session));
        session.Trace = (MqttSession _, in MqttTraced _) => throw new InvalidOperationException();
        await client.AssertQuietAsync();
        Assert.Null(session.Trace);
    }

    sealed class Watcher : MqttApplication
    {
        readonly Channel<string> _told = Channel.CreateUnbounded<string>();

        public bool Watches { get; init; } = true;

        public bool IsQuiet => !_told.Reader.TryPeek(out _);

        public async Task<string> NextAsync(int skip = 0)
        {
            while (skip-- > 0) await NextAsync();
            return await _told.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct);
        }

        public override ValueTask<MqttReasonCode> ConnectAsync(MqttSession session, MqttConnect connect, CancellationToken ct)
        {
            if (Watches) session.Trace = Write;
            return new(connect.ClientId == "nobody" ? MqttReasonCode.BadUserNameOrPassword : MqttReasonCode.Success);
        }

        public override bool MaySubscribe(MqttSession session, string filter) => filter != "no";

        public void Write(MqttSession session, in MqttTraced packet)
        {
            var line = new StringBuilder(packet.IsWritten ? "< " : "> ").Append(packet.Type);
            if (packet.PacketId > 0) line.Append(" #").Append(packet.PacketId);
            foreach (var (filter, options) in packet.Filters) line.Append($" {filter}:{(int)options.Qos}");
            if (packet.Type == MqttPacketType.Publish) line.Append($" {Encoding.UTF8.GetString(packet.Topic)} '{Encoding.UTF8.GetString(packet.Payload)}' {(int)packet.Qos}");
            else if (packet.Reasons.Length > 0) line.Append(' ').AppendJoin(',', packet.Reasons.ToArray());
            else if (packet.Filters.IsEmpty) line.Append(' ').Append(packet.Reason);
            _told.Writer.TryWrite(line.ToString());
        }
    }
}
