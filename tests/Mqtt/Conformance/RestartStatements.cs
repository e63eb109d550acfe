using System.Text;
using Waybill.Mqtt.Broker.Store;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Conformance;

/// <summary>What a broker sends that has read its sessions from a store.</summary>
public sealed class RestartStatements
{
    readonly HandClock _clock = new();
    readonly MemorySessionStore _store = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Two wait for a client that is away; the broker is down while the first expires
    [Conforms("5.0", "3.3.2-5 3.3.2-6 3.3.1-3")]
    [Fact]
    public async Task What_expired_is_not_sent_after_a_restart_and_what_never_was_sent_is_no_repetition()
    {
        await using (var house = await StartAsync())
        {
            await using (var client = await ConnectAsync(house)) await PersistentSessionTests.LeaveAsync(client);
            foreach (var seconds in new uint[] { 10, 60, 0 }) await PublishAsync(house, seconds);
            await house.Broker.CommittedAsync(Ct);
        }
        _clock.Advance(TimeSpan.FromSeconds(20));
        await using var later = await StartAsync();
        await using var again = await ConnectAsync(later);
        foreach (var seconds in new uint[] { 60, 0 })
        {
            var packet = await again.ReadAsync();
            Assert.Equal(($"{seconds}", seconds == 0 ? 0 : 40), Read(packet));
            Assert.Equal(0, packet.Flags & 8);
        }
        await again.AssertQuietAsync();
    }

    // It expires after the restart, before its client comes
    [Conforms("5.0", "3.3.2-5")]
    [Fact]
    public async Task What_expires_while_it_waits_after_a_restart_is_not_sent()
    {
        await using (var house = await StartAsync())
        {
            await using (var client = await ConnectAsync(house)) await PersistentSessionTests.LeaveAsync(client);
            await PublishAsync(house, 30);
            await house.Broker.CommittedAsync(Ct);
        }
        _clock.Advance(TimeSpan.FromSeconds(20));
        await using var later = await StartAsync();
        _clock.Advance(TimeSpan.FromSeconds(20));
        await using var again = await ConnectAsync(later);
        await again.AssertQuietAsync();
    }

    // At QoS 2 though its time is over [MQTT-4.3.3-7]
    [Conforms("5.0", "3.3.1-1 4.4.0-1 4.3.3-7"), Conforms("3.1.1", "3.3.1-1 4.4.0-1")]
    [Theory, InlineData(MqttQos.AtLeastOnce), InlineData(MqttQos.ExactlyOnce)]
    public async Task What_was_sent_is_a_repetition_after_a_restart(MqttQos qos)
    {
        await using (var house = await StartAsync())
        {
            await using (var client = await ConnectAsync(house))
            {
                await PublishAsync(house, 10, qos);
                Assert.Equal(("10", 10), Read(await client.ReadAsync()));
                await PersistentSessionTests.LeaveAsync(client);
            }
            await house.Broker.CommittedAsync(Ct);
        }
        if (qos == MqttQos.ExactlyOnce) _clock.Advance(TimeSpan.FromSeconds(20));
        await using var later = await StartAsync();
        await using var again = await ConnectAsync(later);
        var packet = await again.ReadAsync();
        Assert.Equal("10", packet.Publish(again.Version).Payload);
        Assert.Equal(8, packet.Flags & 8);
        await again.AssertQuietAsync();
    }

    Task<RunningBroker> StartAsync() => RunningBroker.StartAsync(options: new() { SessionStore = _store }, clock: _clock);

    static async Task<RawClient> ConnectAsync(RunningBroker house)
    {
        var client = await house.DialAsync();
        if ((await client.ConnectAsync(MqttVersion.V50, "c", 0, PersistentSessionTests.Stay)).Body[0] == 0) await client.SubscribeAsync("t", MqttQos.ExactlyOnce);
        return client;
    }

    static async Task PublishAsync(RunningBroker house, uint seconds, MqttQos qos = MqttQos.AtLeastOnce)
    {
        await using var sender = await house.ConnectAsync(MqttVersion.V50, "sender");
        await sender.SendAsync(Packets.Bytes(o => new MqttPublish
        {
            Topic = "t"u8,
            Payload = Encoding.UTF8.GetBytes($"{seconds}"),
            Qos = qos,
            PacketId = 1,
            Properties = seconds == 0 ? default : new MqttPropertyBuffer().Add(MqttPropertyId.MessageExpiryInterval, seconds).Properties,
        }.Write(o, MqttVersion.V50)));
        Assert.Equal(qos == MqttQos.AtLeastOnce ? MqttPacketType.PubAck : MqttPacketType.PubRec, (await sender.ReadAsync()).Type);
    }

    static (string Payload, int Seconds) Read(RawPacket packet)
    {
        Assert.Equal(MqttReasonCode.Success, MqttPublish.Read(new(packet.Type, packet.Flags, packet.Body), MqttVersion.V50, out var message));
        return (Encoding.UTF8.GetString(message.Payload), (int)message.Properties.Number(MqttPropertyId.MessageExpiryInterval, 0));
    }
}
