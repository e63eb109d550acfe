using System.Text;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Conformance;

/// <summary>Properties of 5.0, where no other test looks.</summary>
public sealed class PropertyStatements
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Conforms("5.0", "2.2.2-1")]
    [Fact]
    public async Task The_broker_tells_of_no_properties_with_a_length_of_zero()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        await client.SendAsync(Convert.FromHexString("8207000100000174" + "00" + "A206000200000174"));
        Assert.Equal([0, 1, 0, 0], (await client.ReadAsync()).Body);
        Assert.Equal([0, 2, 0, 0], (await client.ReadAsync()).Body);
        await client.SendAsync(Convert.FromHexString("820700030000017400"));
        Assert.Equal([0, 3, 0, 0], (await client.ReadAsync()).Body);
        house.Broker.Publish("t", "x"u8, MqttQos.AtMostOnce);
        Assert.Equal([0, 1, (byte)'t', 0, (byte)'x'], (await client.ReadAsync()).Body);
    }

    [Conforms("5.0", "2.2.2-1")]
    [Fact]
    public async Task The_client_tells_of_no_properties_with_a_length_of_zero()
    {
        Assert.Equal("100E00044D5154540502000000000163", Convert.ToHexString(Packets.Connect(MqttVersion.V50)));
        await using var server = PlayedServer.Start();
        var connecting = MqttClient.ConnectAsync(new() { Host = "127.0.0.1", Port = server.Port, Connect = new() { Version = MqttVersion.V50, ClientId = "c" } }, Ct);
        await using var connection = await server.AcceptAsync();
        await connection.SendAsync(0x20, 3, 0, 0, 0);
        await using var client = await connecting;
        var subscribing = client.SubscribeAsync("t", MqttQos.AtMostOnce, Ct);
        Assert.Equal([0, 1, 0, 0, 1, (byte)'t', 0], (await connection.ReadAsync()).Body);
        await connection.SendAsync(0x90, 4, 0, 1, 0, 0);
        await subscribing;
        await client.PublishAsync("t", "x"u8.ToArray(), MqttQos.AtMostOnce, Ct);
        Assert.Equal([0, 1, (byte)'t', 0, (byte)'x'], (await connection.ReadAsync()).Body);
        client.Abort();
    }

    // The same bytes without the zero are something else or nothing at all
    [Conforms("5.0", "2.2.2-1")]
    [Theory]
    [InlineData("10 0E 0004 4D515454 05 02 0000 00 0001 63", "10 0D 0004 4D515454 05 02 0000 0001 63")]
    [InlineData("20 03 00 00 00", "20 02 00 00")]
    [InlineData("30 04 0001 74 00", "30 03 0001 74")]
    [InlineData("82 07 0001 00 0001 74 00", "82 06 0001 0001 74 00")]
    [InlineData("90 04 0001 00 00", "90 02 0001")]
    [InlineData("A2 06 0001 00 0001 74", "A2 05 0001 0001 74")]
    [InlineData("B0 04 0001 00 00", "B0 02 0001")]
    public void Without_the_length_a_packet_is_malformed(string with, string without)
    {
        Assert.Equal((MqttReadStatus.Ok, MqttReasonCode.Success), Packets.Read(Convert.FromHexString(with.Replace(" ", "", StringComparison.Ordinal)), MqttVersion.V50));
        Assert.Equal((MqttReadStatus.Malformed, MqttReasonCode.MalformedPacket), Packets.Read(Convert.FromHexString(without.Replace(" ", "", StringComparison.Ordinal)), MqttVersion.V50));
    }

    // At the end of the connection, and of a session that waited
    [Conforms("5.0", "3.1.3-10")]
    [Theory, InlineData(0), InlineData(10)]
    public async Task User_properties_of_a_will_keep_their_order(int delay)
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        await using var watcher = await house.ConnectAsync(MqttVersion.V50, "watcher");
        await watcher.SubscribeAsync("w");
        var properties = new MqttPropertyBuffer().AddUser("b", "1").AddUser("a", "2").Add(MqttPropertyId.ContentType, "text").AddUser("b", "0").AddUser("a", "2").Properties.Bytes.ToArray();
        await using (var client = await house.DialAsync())
        {
            await client.ConnectAsync(MqttVersion.V50, "c", 0,
                c => PersistentSessionTests.Stay(c) with { Will = new("w", "gone"u8.ToArray()) { DelaySeconds = (uint)delay, PropertyBytes = properties } });
            await client.SendAsync(0xE0, 1, (byte)MqttReasonCode.DisconnectWithWill);
            Assert.Null(await client.ReadEndAsync());
        }
        clock.Advance(TimeSpan.FromSeconds(delay + 1));
        var packet = await watcher.ReadAsync();
        Assert.Equal(MqttReasonCode.Success, MqttPublish.Read(new(packet.Type, packet.Flags, packet.Body), MqttVersion.V50, out var will));
        var users = new List<string>();
        foreach (var property in will.Properties)
            if (property.Id == MqttPropertyId.UserProperty) users.Add($"{Encoding.UTF8.GetString(property.Bytes)}={Encoding.UTF8.GetString(property.Value)}");
        Assert.Equal(["b=1", "a=2", "b=0", "a=2"], users);
    }
}
