using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Broker;

/// <summary>QoS 2 in both directions (4.3.3).</summary>
public sealed class ExactlyOnceTests
{
    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    // [MQTT-4.3.3-8] PUBREC, [MQTT-4.3.3-10] repetitions, [MQTT-4.3.3-11] PUBCOMP, [MQTT-4.3.3-12] the id is free afterwards
    [Conforms("5.0", "4.3.3-8 4.3.3-10 4.3.3-11 4.3.3-12 2.2.1-5"), Conforms("3.1.1", "4.3.3-2 2.3.1-6")]
    [Theory, MemberData(nameof(Versions))]
    public async Task A_message_repeated_before_PUBREL_is_routed_once(MqttVersion version)
    {
        var app = new Recorder();
        await using var house = await RunningBroker.StartAsync(app);
        await using var client = await house.ConnectAsync(version);
        await client.SubscribeAsync("t");
        for (var round = 0; round < 2; round++)
        {
            await client.PublishAsync("t", $"{round}", MqttQos.ExactlyOnce, 7);
            await client.PublishAsync("t", $"{round}", MqttQos.ExactlyOnce, 7);
            Assert.Equal(("t", $"{round}", 0, 0), (await client.ReadAsync()).Publish(version));
            await ExpectAsync(client, MqttPacketType.PubRec, 7);
            await ExpectAsync(client, MqttPacketType.PubRec, 7);
            await client.SendAsync(0x62, 2, 0, 7);
            await ExpectAsync(client, MqttPacketType.PubComp, 7);
        }
        await client.AssertQuietAsync();
    }

    // [MQTT-4.3.3-8], [MQTT-4.3.3-10]: PUBREC stands for the application's commit; a repetition before it is neither handled nor answered
    [Conforms("5.0", "4.3.3-8 4.3.3-10"), Conforms("3.1.1", "4.3.3-2")]
    [Fact]
    public async Task PUBREC_of_a_held_message_waits_for_the_application()
    {
        var app = new Recorder { OnPublish = (_, _, _) => new(MqttPublishVerdict.Held) };
        await using var house = await RunningBroker.StartAsync(app);
        await using var client = await house.ConnectAsync();
        await client.PublishAsync("up", "1", MqttQos.ExactlyOnce, 9);
        await client.PublishAsync("up", "1", MqttQos.ExactlyOnce, 9);
        await client.AssertQuietAsync();
        Assert.True(house.Broker.TryGetSession("c", out var session));
        session.Acknowledge(9);
        session.Flush();
        await ExpectAsync(client, MqttPacketType.PubRec, 9);
        await client.SendAsync(0x62, 2, 0, 9);
        await ExpectAsync(client, MqttPacketType.PubComp, 9);
        Assert.Equal("connected c", await app.NextAsync());
        Assert.Equal("published up 1", await app.NextAsync());
        Assert.True(app.IsQuiet);
    }

    // [MQTT-4.3.3-9]: after a PUBREC with an error the same id is a new message
    [Conforms("5.0", "4.3.3-9 3.5.2-1 3.7.2-1")]
    [Fact]
    public async Task A_refused_message_of_5_ends_with_PUBREC()
    {
        var app = new Recorder { OnPublish = (_, _, _) => new(MqttPublishVerdict.Refused) };
        await using var house = await RunningBroker.StartAsync(app);
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        for (var round = 0; round < 2; round++)
        {
            await client.PublishAsync("up", "1", MqttQos.ExactlyOnce, 9);
            await ExpectAsync(client, MqttPacketType.PubRec, 9, MqttReasonCode.NotAuthorized);
        }
        await client.SendAsync(0x62, 2, 0, 9);
        await ExpectAsync(client, MqttPacketType.PubComp, 9, MqttReasonCode.PacketIdentifierNotFound);
    }

    // [MQTT-3.3.4-9]: messages between PUBLISH and PUBCOMP count against the Receive Maximum of the server
    [Fact]
    public async Task More_than_the_Receive_Maximum_ends_the_session()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { HeldWindow = 2 });
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        for (ushort id = 1; id <= 2; id++)
        {
            await client.PublishAsync("up", "1", MqttQos.ExactlyOnce, id);
            await ExpectAsync(client, MqttPacketType.PubRec, id, MqttReasonCode.NoMatchingSubscribers);
        }
        await client.PublishAsync("up", "1", MqttQos.ExactlyOnce, 3);
        Assert.Equal(MqttReasonCode.ReceiveMaximumExceeded, await client.ReadEndAsync());
    }

    // [MQTT-4.3.3-1..6] as sender; [MQTT-3.3.1-12 of 3.1.1, 3.3.5]: PUBREL waits for PUBREC, the place is free after PUBCOMP only
    [Conforms("5.0", "4.3.3-1 4.3.3-2 4.3.3-3 4.3.3-4 4.3.3-5 2.2.1-4"), Conforms("3.1.1", "4.3.3-1 2.3.1-4")]
    [Fact]
    public async Task A_subscriber_of_QoS_2_is_served_step_by_step()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumInFlight = 1 });
        await using var client = await house.ConnectAsync();
        Assert.Equal(2, await client.SubscribeAsync("t", MqttQos.ExactlyOnce));
        house.Broker.Publish("t", "1"u8, MqttQos.ExactlyOnce);
        house.Broker.Publish("t", "2"u8, MqttQos.ExactlyOnce);
        Assert.Equal(("t", "1", 2, 1), (await client.ReadAsync()).Publish(client.Version));
        // PUBACK and PUBCOMP do not belong here and change nothing
        await client.SendAsync(0x40, 2, 0, 1);
        await client.SendAsync(0x70, 2, 0, 1);
        await client.AssertQuietAsync();
        await client.SendAsync(0x50, 2, 0, 1);
        await ExpectAsync(client, MqttPacketType.PubRel, 1);
        await client.SendAsync(0x50, 2, 0, 1);
        await ExpectAsync(client, MqttPacketType.PubRel, 1);
        await client.SendAsync(0x70, 2, 0, 1);
        Assert.Equal(("t", "2", 2, 2), (await client.ReadAsync()).Publish(client.Version));
    }

    // [MQTT-4.3.3-4]: a PUBREC with an error code ends the message without PUBREL; 3.6.2.1: an unknown id is answered with 0x92
    [Conforms("5.0", "4.3.3-4 4.4.0-2 3.6.2-1")]
    [Fact]
    public async Task A_PUBREC_with_an_error_frees_the_place()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumInFlight = 1 });
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        await client.SubscribeAsync("t", MqttQos.ExactlyOnce);
        house.Broker.Publish("t", "1"u8, MqttQos.ExactlyOnce);
        house.Broker.Publish("t", "2"u8, MqttQos.ExactlyOnce);
        await client.ReadAsync();
        await client.SendAsync(0x50, 3, 0, 1, (byte)MqttReasonCode.QuotaExceeded);
        Assert.Equal(("t", "2", 2, 2), (await client.ReadAsync()).Publish(client.Version));
        await client.SendAsync(0x50, 2, 0, 99);
        await ExpectAsync(client, MqttPacketType.PubRel, 99, MqttReasonCode.PacketIdentifierNotFound);
    }

    static async Task ExpectAsync(RawClient client, MqttPacketType type, ushort id, MqttReasonCode reason = MqttReasonCode.Success)
    {
        var packet = await client.ReadAsync();
        Assert.Equal(type, packet.Type);
        Assert.Equal(MqttReasonCode.Success, MqttAck.Read(new(packet.Type, packet.Flags, packet.Body), client.Version, out var ack));
        Assert.Equal((id, reason), (ack.PacketId, ack.Reason));
    }
}
