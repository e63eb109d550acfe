using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;

namespace Waybill.Mqtt.Tests.Conformance;

/// <summary>Enhanced authentication (4.12), which is not offered: what is due all the same.</summary>
public sealed class AuthenticationStatements
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Conforms("5.0", "4.12.0-1")]
    [Fact]
    public async Task An_authentication_method_is_refused()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.DialAsync();
        Assert.Equal((byte)MqttReasonCode.BadAuthenticationMethod, (await client.ConnectAsync(MqttVersion.V50, "c", 0, c => c with { PropertyBytes = Method() })).Body[1]);
        Assert.Null(await client.TryReadAsync());
    }

    // Whether it is let in or not, and whatever it says afterwards
    [Conforms("5.0", "4.12.0-6")]
    [Theory, InlineData(MqttReasonCode.Success), InlineData(MqttReasonCode.NotAuthorized)]
    public async Task A_client_without_a_method_gets_no_AUTH_and_no_method(MqttReasonCode reason)
    {
        await using var house = await RunningBroker.StartAsync(new Recorder { OnConnect = _ => reason });
        await using var client = await house.DialAsync();
        var packet = await client.ConnectAsync(MqttVersion.V50, "c", 0, c => c with { UserName = "u", Password = "p"u8.ToArray() });
        Assert.Equal(MqttReasonCode.Success, MqttConnAck.Read(new(packet.Type, packet.Flags, packet.Body), MqttVersion.V50, out var answer));
        Assert.Equal(reason, answer.Reason);
        Assert.False(answer.Properties.TryGet(MqttPropertyId.AuthenticationMethod, out _));
        Assert.False(answer.Properties.TryGet(MqttPropertyId.AuthenticationData, out _));
        if (reason == MqttReasonCode.Success)
        {
            await client.SendAsync(0xC0, 0, 0xF0, 2, (byte)MqttReasonCode.Reauthenticate, 0);
            Assert.Equal(MqttPacketType.PingResp, (await client.ReadAsync()).Type);
            Assert.Equal(MqttPacketType.Disconnect, (await client.ReadAsync()).Type);
        }
        Assert.Null(await client.TryReadAsync());
    }

    // The server begins what was not asked for, instead of CONNACK or behind it
    [Conforms("5.0", "4.12.0-7")]
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_client_without_a_method_sends_no_AUTH(bool connected)
    {
        await using var server = PlayedServer.Start();
        var connecting = MqttClient.ConnectAsync(new() { Host = "127.0.0.1", Port = server.Port, Connect = new() { Version = MqttVersion.V50, ClientId = "c" } }, Ct);
        await using var connection = await server.AcceptAsync();
        if (connected) await connection.SendAsync(0x20, 3, 0, 0, 0);
        await using var client = connected ? await connecting : null;
        await connection.SendAsync(0xF0, 2, (byte)MqttReasonCode.ContinueAuthentication, 0);
        if (!connected) Assert.Equal(MqttReasonCode.ProtocolError, (await Assert.ThrowsAsync<MqttException>(() => connecting)).Reason);
        var end = await connection.TryReadAsync();
        if (connected) Assert.Equal((MqttPacketType.Disconnect, (byte)MqttReasonCode.ProtocolError), (end!.Type, end.Body[0]));
        else Assert.Null(end);
        Assert.Null(await connection.TryReadAsync());
    }

    // Not even what waits for the connection; all that was sent is read before the end of a connection that is refused
    [Conforms("5.0", "3.1.2-30")]
    [Fact]
    public async Task A_client_with_a_method_sends_nothing_before_CONNACK()
    {
        var clock = new HandClock();
        await using var server = PlayedServer.Start();
        var connect = new MqttConnect { Version = MqttVersion.V50, ClientId = "c", CleanStart = false, PropertyBytes = Method(p => p.Add(MqttPropertyId.SessionExpiryInterval, 100)) };
        var connecting = MqttClient.ConnectAsync(new() { Host = "127.0.0.1", Port = server.Port, Reconnect = true, Clock = clock, ConnectTimeout = TimeSpan.FromDays(1), Connect = connect }, Ct);
        await using (var first = await server.AcceptAsync()) await first.SendAsync(0x20, 3, 0, 0, 0);
        await using var client = await connecting;
        var publishing = client.PublishAsync("t", default, MqttQos.AtLeastOnce, Ct);
        await using var second = await ReconnectedAsync();
        await second.SendAsync(0x20, 3, 0, (byte)MqttReasonCode.ServerUnavailable, 0);
        Assert.Null(await second.TryReadAsync());
        await using var third = await ReconnectedAsync();
        await third.SendAsync(0x20, 3, 0, 0, 0);
        Assert.Equal(MqttPacketType.Publish, (await third.ReadAsync()).Type);
        await third.SendAsync(0x40, 2, 0, 1);
        await publishing;
        client.Abort();

        async Task<RawClient> ReconnectedAsync()
        {
            var accepting = server.AcceptAsync();
            while (!accepting.IsCompleted)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }
            return await accepting;
        }
    }

    static byte[] Method(Action<MqttPropertyBuffer>? more = null)
    {
        var properties = new MqttPropertyBuffer().Add(MqttPropertyId.AuthenticationMethod, "SCRAM");
        more?.Invoke(properties);
        return properties.Properties.Bytes.ToArray();
    }
}
