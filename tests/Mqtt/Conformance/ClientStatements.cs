using System.Threading.Channels;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;

namespace Waybill.Mqtt.Tests.Conformance;

/// <summary>What a client must do, against a server that the test plays.</summary>
public sealed class ClientStatements
{
    readonly Channel<MqttMessage> _received = Channel.CreateUnbounded<MqttMessage>();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Conforms("5.0", "3.2.2-4")]
    [Fact]
    public async Task A_session_the_client_does_not_have_is_not_gone_on_with()
    {
        await using var server = PlayedServer.Start();
        var connecting = MqttClient.ConnectAsync(Options(server), Ct);
        await using var connection = await server.AcceptAsync();
        await connection.SendAsync(0x20, 3, 1, 0, 0);
        Assert.Equal(MqttReasonCode.ProtocolError, (await Assert.ThrowsAsync<MqttException>(() => connecting)).Reason);
    }

    [Conforms("5.0", "3.2.2-11 3.2.2-14 3.2.2-15 3.2.2-21 3.1.2-20 3.1.2-21"), Conforms("3.1.1", "3.1.2-23")]
    [Fact]
    public async Task The_servers_limits_and_keep_alive_are_kept()
    {
        var clock = new HandClock();
        await using var server = PlayedServer.Start();
        var connecting = MqttClient.ConnectAsync(Options(server) with { Clock = clock }, Ct);
        await using var connection = await server.AcceptAsync();
        await connection.SendAsync(Codec.Packets.Bytes(o => new MqttConnAck
        {
            Properties = new MqttPropertyBuffer().Add(MqttPropertyId.MaximumQos, 1).Add(MqttPropertyId.RetainAvailable, 0)
                .Add(MqttPropertyId.MaximumPacketSize, 30).Add(MqttPropertyId.ServerKeepAlive, 4).Properties,
        }.Write(o, MqttVersion.V50)));
        await using var client = await connecting;
        foreach (var (message, reason) in new (MqttMessage, MqttReasonCode)[]
        {
            (new("t", default) { Qos = MqttQos.ExactlyOnce }, MqttReasonCode.QosNotSupported), (new("t", default) { Retain = true }, MqttReasonCode.RetainNotSupported),
            (new("t", new byte[30]), MqttReasonCode.PacketTooLarge), (new("t", new byte[30]) { Qos = MqttQos.AtLeastOnce }, MqttReasonCode.PacketTooLarge),
        })
            Assert.Equal(reason, (await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync(message, Ct))).Reason);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(MqttPacketType.PingReq, (await connection.ReadAsync()).Type);
        client.Abort();
    }

    [Conforms("5.0", "3.3.4-7 3.3.4-8 4.9.0-1 4.9.0-2 4.9.0-3 2.2.1-3 4.3.2-1 4.3.2-3 4.3.3-1 4.3.3-2 4.3.3-3 4.3.3-4 4.3.3-5"),
        Conforms("3.1.1", "2.3.1-1 2.3.1-2 4.3.2-1 4.3.3-1")]
    [Fact]
    public async Task The_servers_receive_maximum_holds_publishes_and_nothing_else()
    {
        await using var server = PlayedServer.Start();
        var connecting = MqttClient.ConnectAsync(Options(server), Ct);
        await using var connection = await server.AcceptAsync();
        await connection.SendAsync(Codec.Packets.Bytes(o => new MqttConnAck { Properties = new MqttPropertyBuffer().Add(MqttPropertyId.ReceiveMaximum, 2).Properties }.Write(o, MqttVersion.V50)));
        await using var client = await connecting;
        var publishes = new[] { MqttQos.AtLeastOnce, MqttQos.ExactlyOnce, MqttQos.AtLeastOnce }.Select(qos => client.PublishAsync("t", default, qos, Ct)).ToArray();
        Assert.Equal(1, (await connection.ReadAsync()).Publish(MqttVersion.V50).Id);
        Assert.Equal(2, (await connection.ReadAsync()).Publish(MqttVersion.V50).Id);
        var subscribing = client.SubscribeAsync("t", MqttQos.AtMostOnce, Ct);
        var subscribe = await connection.ReadAsync();
        Assert.Equal((MqttPacketType.Subscribe, 3), (subscribe.Type, subscribe.Body[1]));
        await connection.SendAsync(0x90, 4, 0, 3, 0, 0);
        await subscribing;
        await connection.SendAsync(0x50, 2, 0, 2);
        var release = await connection.ReadAsync();
        Assert.Equal((MqttPacketType.PubRel, 2, 2), (release.Type, release.Flags, release.Body[1]));
        Assert.False(publishes[1].IsCompleted);
        await connection.SendAsync(0x70, 2, 0, 2);
        Assert.Equal(4, (await connection.ReadAsync()).Publish(MqttVersion.V50).Id);
        await connection.SendAsync(0x40, 2, 0, 1, 0x40, 2, 0, 4);
        await Task.WhenAll(publishes);
        client.Abort();
    }

    [Conforms("5.0", "4.5.0-2 4.6.0-2 4.6.0-3 4.3.3-8 4.3.3-10 4.3.3-11"), Conforms("3.1.1", "4.5.0-2 4.6.0-2 4.6.0-3 4.3.3-2")]
    [Fact]
    public async Task Every_message_is_acknowledged_in_order_and_QoS_2_handled_once()
    {
        await using var server = PlayedServer.Start();
        var connecting = MqttClient.ConnectAsync(Options(server), Ct);
        await using var connection = await server.AcceptAsync();
        await connection.SendAsync(0x20, 3, 0, 0, 0);
        await using var client = await connecting;
        foreach (var (qos, id) in new[] { (1, 5), (2, 6), (1, 4), (2, 6), (2, 3) })
            await connection.SendAsync(Codec.Packets.Publish(MqttVersion.V50, "t", $"{id}", (MqttQos)qos, (ushort)id));
        foreach (var (type, id) in new[] { (MqttPacketType.PubAck, 5), (MqttPacketType.PubRec, 6), (MqttPacketType.PubAck, 4), (MqttPacketType.PubRec, 6), (MqttPacketType.PubRec, 3) })
        {
            var packet = await connection.ReadAsync();
            Assert.Equal((type, id), (packet.Type, packet.Body[1]));
        }
        await connection.SendAsync(0x62, 2, 0, 6);
        Assert.Equal(MqttPacketType.PubComp, (await connection.ReadAsync()).Type);
        client.Abort();
        _received.Writer.Complete();
        Assert.Equal(["5", "6", "4", "3"], await _received.Reader.ReadAllAsync(Ct).Select(m => System.Text.Encoding.UTF8.GetString(m.Payload.Span)).ToListAsync(Ct));
    }

    [Conforms("5.0", "4.6.0-4"), Conforms("3.1.1", "4.6.0-4")]
    [Theory, InlineData(MqttVersion.V311), InlineData(MqttVersion.V50)]
    public async Task PUBREL_follows_the_order_of_PUBREC(MqttVersion version)
    {
        await using var server = PlayedServer.Start();
        var connecting = MqttClient.ConnectAsync(Options(server) with { Connect = new() { Version = version, ClientId = "c" } }, Ct);
        await using var connection = await server.AcceptAsync(version);
        await connection.SendAsync(Codec.Packets.Bytes(o => new MqttConnAck().Write(o, version)));
        await using var client = await connecting;
        var publishes = Enumerable.Range(0, 4).Select(_ => client.PublishAsync("t", default, MqttQos.ExactlyOnce, Ct)).ToArray();
        for (var n = 0; n < 4; n++) await connection.ReadAsync();
        // PUBCOMP of one between the PUBREC of the others changes nothing
        await connection.SendAsync(0x50, 2, 0, 3, 0x50, 2, 0, 1, 0x70, 2, 0, 3, 0x50, 2, 0, 4, 0x50, 2, 0, 2);
        foreach (var id in new[] { 3, 1, 4, 2 })
        {
            var release = await connection.ReadAsync();
            Assert.Equal((MqttPacketType.PubRel, id), (release.Type, release.Body[1]));
        }
        await connection.SendAsync(0x70, 2, 0, 4, 0x70, 2, 0, 2, 0x70, 2, 0, 1);
        await Task.WhenAll(publishes);
        client.Abort();
    }

    [Conforms("5.0", "3.2.2-18")]
    [Fact]
    public async Task Aliases_are_sent_only_where_they_are_taken()
    {
        await using var server = PlayedServer.Start();
        var connecting = MqttClient.ConnectAsync(Options(server) with { MaximumTopicAliases = 5 }, Ct);
        await using var connection = await server.AcceptAsync();
        await connection.SendAsync(0x20, 3, 0, 0, 0);
        await using var client = await connecting;
        for (var n = 0; n < 2; n++)
        {
            await client.PublishAsync("topic", ReadOnlyMemory<byte>.Empty, MqttQos.AtMostOnce, Ct);
            Assert.Equal([0, 5, .. "topic"u8, 0], (await connection.ReadAsync()).Body);
        }
        client.Abort();
    }

    // [MQTT-3.3.2-10] is Aliases_go_both_ways; here what is above it, and more than the receive maximum
    [Conforms("5.0", "3.3.4-9 3.3.2-11 3.14.2-1")]
    [Theory]
    [InlineData("3006 0000 03 230002", MqttReasonCode.TopicAliasInvalid)]
    [InlineData("3406 0001 61 0001 00 3406 0001 61 0002 00", MqttReasonCode.ReceiveMaximumExceeded)]
    [InlineData("3002 0000", MqttReasonCode.MalformedPacket)]
    public async Task A_server_that_errs_is_told(string hex, MqttReasonCode reason)
    {
        await using var server = PlayedServer.Start();
        var properties = new MqttPropertyBuffer().Add(MqttPropertyId.TopicAliasMaximum, 1).Add(MqttPropertyId.ReceiveMaximum, 1).Properties.Bytes.ToArray();
        var connecting = MqttClient.ConnectAsync(Options(server) with { ManualAcknowledgement = true, Connect = new() { Version = MqttVersion.V50, PropertyBytes = properties } }, Ct);
        await using var connection = await server.AcceptAsync();
        await connection.SendAsync(0x20, 3, 0, 0, 0);
        await using var client = await connecting;
        await connection.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        var end = await connection.ReadAsync();
        Assert.Equal((MqttPacketType.Disconnect, (byte)reason), (end.Type, end.Body[0]));
        Assert.Equal(reason, await client.Closed.WaitAsync(RawClient.Patience, Ct));
    }

    // The server lost the session: what it had not acknowledged is sent again, as new
    [Conforms("5.0", "3.2.2-5 4.4.0-1 4.6.0-1 2.2.1-4"), Conforms("3.1.1", "4.4.0-1 4.6.0-1 2.3.1-3 2.3.1-4")]
    [Theory, InlineData(true), InlineData(false)]
    public async Task Messages_in_flight_are_sent_again(bool present)
    {
        var clock = new HandClock();
        await using var server = PlayedServer.Start();
        var connect = PersistentSessionTests.Stay(new() { Version = MqttVersion.V311, ClientId = "c" });
        var connecting = MqttClient.ConnectAsync(Options(server) with { Reconnect = true, Clock = clock, ConnectTimeout = TimeSpan.FromDays(1), Connect = connect }, Ct);
        var first = await server.AcceptAsync(MqttVersion.V311);
        await first.SendAsync(0x20, 2, 0, 0);
        await using var client = await connecting;
        var publishes = new[] { MqttQos.AtLeastOnce, MqttQos.ExactlyOnce, MqttQos.ExactlyOnce }.Select((qos, n) => client.PublishAsync($"{n}", default, qos, Ct)).ToArray();
        for (var n = 0; n < 3; n++) await first.ReadAsync();
        await first.SendAsync(0x50, 2, 0, 2);
        Assert.Equal(MqttPacketType.PubRel, (await first.ReadAsync()).Type);
        await first.DisposeAsync();
        var accepting = server.AcceptAsync(MqttVersion.V311);
        while (!accepting.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await using var second = await accepting;
        await second.SendAsync(0x20, 2, (byte)(present ? 1 : 0), 0);
        var again = await second.ReadAsync();
        Assert.Equal((("0", "", 1, 1), present ? 8 : 0), (again.Publish(MqttVersion.V311), again.Flags & 8));
        if (present) Assert.Equal((MqttPacketType.PubRel, 2), (await second.ReadAsync() is var rel ? rel.Type : default, rel.Body[1]));
        else await publishes[1];
        again = await second.ReadAsync();
        Assert.Equal((("2", "", 2, 3), present ? 8 : 0), (again.Publish(MqttVersion.V311), again.Flags & 8));
        client.Abort();
    }

    MqttClientOptions Options(PlayedServer server) => new()
    {
        Host = "127.0.0.1",
        Port = server.Port,
        Connect = new() { Version = MqttVersion.V50, ClientId = "c" },
        OnMessage = (_, message, ct) => _received.Writer.WriteAsync(message, ct),
    };
}
