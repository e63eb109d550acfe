using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;

namespace Waybill.Mqtt.Tests.Conformance;

/// <summary>What DISCONNECT of 5.0 says when the server sends it (table 3-13), whatever the reason.</summary>
public sealed class DisconnectStatements
{
    static readonly HashSet<byte> s_codes =
    [
        0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
    ];

    [Conforms("5.0", "3.14.2-1 3.14.2-2")]
    [Theory]
    [InlineData("C1 00", MqttReasonCode.MalformedPacket)]
    [InlineData("20 03 00 00 00", MqttReasonCode.ProtocolError)]                            // CONNACK
    [InlineData("F0 02 18 00", MqttReasonCode.ProtocolError)]                               // AUTH
    [InlineData("30 04 0001 23 00", MqttReasonCode.TopicNameInvalid)]
    [InlineData("30 07 0001 61 03 230000", MqttReasonCode.TopicAliasInvalid)]
    [InlineData("30 07 0001 61 03 230063", MqttReasonCode.TopicAliasInvalid)]
    [InlineData("31 05 0001 61 00 78", MqttReasonCode.RetainNotSupported)]
    [InlineData("30 FF FF FF 7F", MqttReasonCode.PacketTooLarge)]
    [InlineData("34 06 0001 61 0001 00 34 06 0001 61 0002 00", MqttReasonCode.ReceiveMaximumExceeded)]
    [InlineData("82 03 0001 00", MqttReasonCode.ProtocolError)]
    [InlineData("82 11 0001 00 000B 2473686172652F672F74 0004", MqttReasonCode.MalformedPacket)] // a filter past the end
    [InlineData("82 10 0001 00 000A 2473686172652F672F74 04", MqttReasonCode.ProtocolError)]     // no-local on a share
    [InlineData("30 04 0001 66 00", MqttReasonCode.ImplementationSpecificError)]            // the application fails
    [InlineData("E0 01 05", MqttReasonCode.MalformedPacket)]                                // an unknown reason
    public async Task An_error_of_the_client_is_told_with_a_reason_of_DISCONNECT_and_no_expiry(string hex, MqttReasonCode reason)
    {
        var app = new Recorder { OnPublish = (_, topic, _) => topic == "f" ? throw new InvalidOperationException() : new(MqttPublishVerdict.Route) };
        await using var house = await RunningBroker.StartAsync(app, new() { MaximumRetainedMessages = 0, HeldWindow = 1, MaximumSessionExpirySeconds = 50 });
        await using var client = await StayingAsync(house);
        await client.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(reason, await ReadGoodbyeAsync(client));
    }

    [Conforms("5.0", "3.14.2-1 3.14.2-2")]
    [Fact]
    public async Task The_servers_own_wish_is_told_with_a_reason_of_DISCONNECT_and_no_expiry()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        await using var first = await StayingAsync(house);
        await using var second = await StayingAsync(house);
        Assert.Equal(MqttReasonCode.SessionTakenOver, await ReadGoodbyeAsync(first));
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(MqttReasonCode.KeepAliveTimeout, await ReadGoodbyeAsync(second));
        await using var third = await StayingAsync(house);
        house.Broker.Stop();
        Assert.Equal(MqttReasonCode.ServerShuttingDown, await ReadGoodbyeAsync(third));
    }

    static async Task<RawClient> StayingAsync(RunningBroker house)
    {
        var client = await house.DialAsync();
        await client.ConnectAsync(MqttVersion.V50, "c", 10, PersistentSessionTests.Stay);
        return client;
    }

    static async Task<MqttReasonCode> ReadGoodbyeAsync(RawClient client)
    {
        var packet = await client.ReadAsync();
        while (packet.Type != MqttPacketType.Disconnect) packet = await client.ReadAsync();
        Assert.Contains(packet.Body[0], s_codes);
        Assert.Equal(MqttReasonCode.Success, MqttDisconnect.Read(new(packet.Type, packet.Flags, packet.Body), MqttVersion.V50, out var goodbye));
        Assert.False(goodbye.Properties.TryGet(MqttPropertyId.SessionExpiryInterval, out _));
        return (MqttReasonCode)packet.Body[0];
    }
}
