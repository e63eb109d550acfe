using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Conformance;

/// <summary>Shared subscriptions (4.8.2), where no other test looks.</summary>
public sealed class SharedStatements
{
    // Before PUBREC and behind it; the other one is there all the time
    [Conforms("5.0", "4.8.2-5")]
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_QoS_2_message_ends_with_the_session_that_was_chosen(bool received)
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        await using var other = await house.ConnectAsync(MqttVersion.V50, "other");
        await using (var chosen = await house.DialAsync())
        {
            await chosen.ConnectAsync(MqttVersion.V50, "c", 0, PersistentSessionTests.Stay);
            await chosen.SubscribeAsync("$share/g/t", MqttQos.ExactlyOnce);
            house.Broker.Publish("t", "1"u8, MqttQos.ExactlyOnce);
            Assert.Equal(("t", "1", 2, 1), (await chosen.ReadAsync()).Publish(MqttVersion.V50));
            await other.SubscribeAsync("$share/g/t", MqttQos.ExactlyOnce);
            if (received)
            {
                await chosen.SendAsync(0x50, 2, 0, 1);
                Assert.Equal(MqttPacketType.PubRel, (await chosen.ReadAsync()).Type);
            }
            await PersistentSessionTests.LeaveAsync(chosen);
        }
        clock.Advance(TimeSpan.FromSeconds(200));
        Assert.False(house.Broker.HasSession("c"));
        await other.AssertQuietAsync();
        // It is in the group all the same
        Assert.Equal(1, house.Broker.Publish("t", "2"u8, MqttQos.ExactlyOnce));
        Assert.Equal(("t", "2", 2, 1), (await other.ReadAsync()).Publish(MqttVersion.V50));
    }

    // Overlapping subscriptions get one copy, but a share is served beside them: each copy has the identifier of its own
    [Conforms("5.0", "3.3.4-5")]
    [Fact]
    public async Task Each_copy_has_the_identifier_of_its_subscription()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        foreach (var (filter, identifier) in new[] { ("t", 1), ("$share/g/t", 2), ("$share/h/+", 3), ("$share/i/t", 0) })
        {
            await client.SendAsync(Packets.Bytes(o => MqttSubscribe.Write(o, MqttVersion.V50, 1, [(filter, new(MqttQos.AtMostOnce))],
                identifier == 0 ? default : new MqttPropertyBuffer().Add(MqttPropertyId.SubscriptionIdentifier, (uint)identifier).Properties)));
            Assert.Equal(MqttPacketType.SubAck, (await client.ReadAsync()).Type);
        }
        Assert.Equal(4, house.Broker.Publish("t", "x"u8, MqttQos.AtMostOnce));
        var identifiers = new List<uint>();
        for (var n = 0; n < 4; n++) identifiers.Add(IdentifierOf(await client.ReadAsync()));
        identifiers.Sort();
        Assert.Equal([0, 1, 2, 3], identifiers);
        await client.AssertQuietAsync();
    }

    static uint IdentifierOf(RawPacket packet)
    {
        Assert.Equal(MqttReasonCode.Success, MqttPublish.Read(new(packet.Type, packet.Flags, packet.Body), MqttVersion.V50, out var message));
        var all = new List<uint>();
        foreach (var property in message.Properties)
            if (property.Id == MqttPropertyId.SubscriptionIdentifier) all.Add((uint)property.Number);
        return all.Count == 0 ? 0 : Assert.Single(all);
    }
}
