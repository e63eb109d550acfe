using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Client;

/// <summary>How many messages a server may send before one is acknowledged: here one, and none is by hand.</summary>
public sealed class InboundQuotaTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("6202 0009", MqttPacketType.PubComp)]
    [InlineData("5002 0009", MqttPacketType.PubRel)]
    [InlineData("7002 0009", null)]
    public async Task An_acknowledgement_of_nothing_makes_no_room(string hex, MqttPacketType? answer)
    {
        await using var server = PlayedServer.Start();
        var connecting = MqttClient.ConnectAsync(Options(server), Ct);
        await using var connection = await server.AcceptAsync();
        await connection.SendAsync(0x20, 3, 0, 0, 0);
        await using var client = await connecting;
        await SendAsync(connection, MqttQos.AtLeastOnce, 1);
        await connection.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        if (answer is not null)
        {
            var packet = await connection.ReadAsync();
            Assert.Equal(answer, packet.Type);
            Assert.Equal([0, 9, (byte)MqttReasonCode.PacketIdentifierNotFound], packet.Body);
        }
        await SendAsync(connection, MqttQos.AtLeastOnce, 2);
        Assert.Equal(MqttReasonCode.ReceiveMaximumExceeded, await connection.ReadEndAsync());
    }

    [Fact]
    public async Task The_end_of_what_began_on_another_connection_makes_no_room()
    {
        await using var server = PlayedServer.Start();
        var connecting = MqttClient.ConnectAsync(Options(server) with
        {
            Reconnect = true,
            ReconnectDelay = TimeSpan.FromMilliseconds(1),
            OnMessage = (_, message, _) =>
            {
                if (message.Qos == MqttQos.ExactlyOnce) message.Acknowledge();
                return default;
            },
        }, Ct);
        var first = await server.AcceptAsync();
        await first.SendAsync(0x20, 3, 0, 0, 0);
        await using var client = await connecting;
        await SendAsync(first, MqttQos.ExactlyOnce, 1);
        Assert.Equal(MqttPacketType.PubRec, (await first.ReadAsync()).Type);
        first.Break();
        await using var second = await server.AcceptAsync();
        await second.SendAsync(0x20, 3, 1, 0, 0);
        for (var n = 0; n < 2; n++)
        {
            await second.SendAsync(0x62, 2, 0, 1);
            Assert.Equal(MqttPacketType.PubComp, (await second.ReadAsync()).Type);
            await SendAsync(second, MqttQos.ExactlyOnce, 1);
            Assert.Equal(MqttPacketType.PubRec, (await second.ReadAsync()).Type);
        }
        await SendAsync(second, MqttQos.AtLeastOnce, 2);
        Assert.Equal(MqttReasonCode.ReceiveMaximumExceeded, await second.ReadEndAsync());
        client.Abort();
    }

    static Task SendAsync(RawClient connection, MqttQos qos, ushort id) => connection.SendAsync(Packets.Publish(MqttVersion.V50, "t", "x", qos, id));

    static MqttClientOptions Options(PlayedServer server) => new()
    {
        Host = "127.0.0.1",
        Port = server.Port,
        ManualAcknowledgement = true,
        Connect = new()
        {
            Version = MqttVersion.V50,
            PropertyBytes = new MqttPropertyBuffer().Add(MqttPropertyId.ReceiveMaximum, 1).Add(MqttPropertyId.SessionExpiryInterval, 100).Properties.Bytes.ToArray(),
        },
    };
}
