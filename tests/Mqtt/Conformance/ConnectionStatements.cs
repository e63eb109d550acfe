using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Conformance;

/// <summary>CONNECT, CONNACK, DISCONNECT, sessions and wills, where no other test looks.</summary>
public sealed class ConnectionStatements
{
    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    [Conforms("5.0", "3.1.0-2 4.13.1-1"), Conforms("3.1.1", "3.1.0-2 4.8.0-1")]
    [Theory, MemberData(nameof(Versions))]
    public async Task A_second_CONNECT_ends_the_connection(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync(version);
        await client.SendAsync(Packets.Connect(version));
        Assert.Equal(version == MqttVersion.V50 ? MqttReasonCode.ProtocolError : null, await client.ReadEndAsync());
    }

    // A transient error is one of the server, not of the packet; what comes behind it is not processed
    [Conforms("5.0", "4.13.2-1"), Conforms("3.1.1", "4.8.0-2")]
    [Theory, MemberData(nameof(Versions))]
    public async Task A_failure_of_the_server_ends_the_connection(MqttVersion version)
    {
        var app = new Recorder { OnPublish = (_, _, _) => throw new IOException("no space left on device") };
        await using var house = await RunningBroker.StartAsync(app);
        await using var client = await house.ConnectAsync(version);
        await client.SendAsync([.. Packets.Publish(version, "t", "1", MqttQos.AtLeastOnce, 1), .. Packets.Publish(version, "t", "2", MqttQos.AtLeastOnce, 2)]);
        Assert.Equal(version == MqttVersion.V50 ? MqttReasonCode.ImplementationSpecificError : null, await client.ReadEndAsync());
        foreach (var line in new[] { "connected c", "published t 1", "disconnected c ImplementationSpecificError" }) Assert.Equal(line, await app.NextAsync());
    }

    // What follows a refused CONNECT is not looked at
    [Conforms("5.0", "3.1.4-2 3.1.4-6 3.2.2-6 3.2.2-7 3.2.2-8 3.14.0-1 4.13.2-1"), Conforms("3.1.1", "3.1.4-5 3.2.2-4 3.2.2-5")]
    [Theory, MemberData(nameof(Versions))]
    public async Task Nothing_behind_a_refused_CONNECT_is_processed(MqttVersion version)
    {
        var app = new Recorder { OnConnect = _ => MqttReasonCode.NotAuthorized };
        await using var house = await RunningBroker.StartAsync(app);
        await using var client = await house.DialAsync();
        await client.SendAsync([.. Packets.Connect(version), .. Packets.Publish(version, "t", "x"), 0xC0, 0]);
        var answer = await client.ReadAsync();
        Assert.Equal(MqttPacketType.ConnAck, answer.Type);
        Assert.Equal(0, answer.Body[0]);
        Assert.NotEqual(0, answer.Body[1]);
        Assert.Null(await client.TryReadAsync());
        Assert.True(app.IsQuiet);
    }

    [Conforms("5.0", "3.1.4-5 3.2.0-1 3.2.0-2 3.2.2-1 3.12.4-1"), Conforms("3.1.1", "3.1.4-4 3.2.0-1 3.12.4-1")]
    [Theory, MemberData(nameof(Versions))]
    public async Task CONNACK_comes_first_and_once(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync();
        house.Broker.Publish("t", "old"u8, MqttQos.AtMostOnce, retain: true);
        await using var client = await house.DialAsync();
        await client.SendAsync([.. Packets.Connect(version), .. Packets.Subscribe(version, 1, ("t", new(MqttQos.AtMostOnce))), 0xC0, 0]);
        // The client's packets need a version to be read
        Assert.Equal(0x20, (await FirstAsync(client, version)).First);
        foreach (var type in new[] { MqttPacketType.SubAck, MqttPacketType.Publish, MqttPacketType.PingResp })
            Assert.Equal(type, (await client.ReadAsync()).Type);
        await client.AssertQuietAsync();
    }

    [Conforms("5.0", "3.1.2-4 3.1.2-6 3.1.4-4 3.2.2-2 3.2.2-3"), Conforms("3.1.1", "3.1.2-6 3.1.4-3 3.2.2-1 3.2.2-2 3.2.2-3")]
    [Theory, InlineData(MqttVersion.V311), InlineData(MqttVersion.V50)]
    public async Task Session_present_tells_the_truth(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync();
        foreach (var (stays, present) in new[] { (true, 0), (true, 1), (false, 0), (true, 0) })
        {
            await using var client = await house.DialAsync();
            Assert.Equal(present, (await client.ConnectAsync(version, "c", 0, c => stays ? PersistentSessionTests.Stay(c) : c)).Body[0]);
            await PersistentSessionTests.LeaveAsync(client);
        }
    }

    [Conforms("5.0", "3.1.2-7 3.1.2-9 3.1.2-14 3.1.2-15"), Conforms("3.1.1", "3.1.2-8 3.1.2-9 3.1.2-16 3.1.2-17")]
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_will_is_retained_when_it_says_so(bool retain)
    {
        var app = new Recorder();
        await using var house = await RunningBroker.StartAsync(app);
        await using (var client = await house.DialAsync())
        {
            await client.ConnectAsync(MqttVersion.V311, "c", 0, c => c with { Will = new("w", "gone"u8.ToArray()) { Retain = retain, Qos = MqttQos.ExactlyOnce } });
            client.Break();
        }
        Assert.Equal("disconnected c UnspecifiedError", await app.NextAsync(skip: 2));
        await using var late = await house.ConnectAsync(clientId: "late");
        await late.SubscribeAsync("w", MqttQos.ExactlyOnce);
        if (retain) Assert.Equal(("w", "gone", 2, 1), (await late.ReadAsync()).Publish(late.Version));
        await late.AssertQuietAsync();
    }

    [Conforms("5.0", "3.14.4-3 3.1.2-10"), Conforms("3.1.1", "3.1.2-10 3.1.2-12 3.14.4-3")]
    [Fact]
    public async Task DISCONNECT_removes_the_will()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var watcher = await house.ConnectAsync(clientId: "watcher");
        await watcher.SubscribeAsync("#");
        await using (var client = await house.DialAsync())
        {
            await client.ConnectAsync(MqttVersion.V311, "c", 0, c => PersistentSessionTests.Stay(c) with { Will = new("w", "gone"u8.ToArray()) });
            await PersistentSessionTests.LeaveAsync(client);
        }
        await using (var none = await house.DialAsync())
        {
            await none.ConnectAsync(MqttVersion.V311, "c", 0, PersistentSessionTests.Stay);
            none.Break();
        }
        await watcher.AssertQuietAsync();
    }

    // Bytes behind DISCONNECT are not looked at either
    [Conforms("5.0", "3.14.4-1 3.14.4-2"), Conforms("3.1.1", "3.14.4-1 3.14.4-2")]
    [Theory, MemberData(nameof(Versions))]
    public async Task Nothing_follows_DISCONNECT(MqttVersion version)
    {
        var app = new Recorder();
        await using var house = await RunningBroker.StartAsync(app);
        await using var client = await house.ConnectAsync(version);
        await client.SendAsync([0xE0, 0, .. Packets.Publish(version, "t", "x", MqttQos.AtLeastOnce, 1), 0xC0, 0]);
        Assert.Null(await client.TryReadAsync());
        Assert.Equal("disconnected c Success", await app.NextAsync(skip: 1));
    }

    [Conforms("5.0", "3.2.2-13")]
    [Fact]
    public async Task A_retained_will_is_refused_where_nothing_is_retained()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumRetainedMessages = 0 });
        await using var client = await house.DialAsync();
        Assert.Equal((byte)MqttReasonCode.RetainNotSupported,
            (await client.ConnectAsync(MqttVersion.V50, "c", 0, c => c with { Will = new("w", "x"u8.ToArray()) { Retain = true } })).Body[1]);
    }

    [Conforms("5.0", "3.1.2-1 3.1.2-2"), Conforms("3.1.1", "3.1.2-1 3.1.2-2")]
    [Theory]
    [InlineData("10 0C 0004 4D515458 04 02 000A 0000", false)]
    [InlineData("10 0C 0004 4D515454 06 02 000A 0000", true)]
    [InlineData("10 0C 0004 4D515454 00 02 000A 0000", true)]
    public async Task Another_protocol_is_closed_and_another_version_told(string hex, bool told)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.DialAsync();
        await client.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        var answer = await client.TryReadAsync();
        if (told) Assert.Equal([0, 1], answer!.Body);
        else Assert.Null(answer);
    }

    // Told where it fits, left out where it does not
    [Conforms("5.0", "3.2.2-19 3.1.2-24")]
    [Theory]
    [InlineData(1000, true)]
    [InlineData(113, true)]
    [InlineData(90, false)]
    [InlineData(20, false)]
    public async Task The_reason_string_of_a_refusal_keeps_to_the_maximum_packet_size(int maximum, bool told)
    {
        var why = new string('x', 90);
        await using var house = await RunningBroker.StartAsync(new Refusing(why));
        await using var client = await house.DialAsync();
        var limit = new MqttPropertyBuffer().Add(MqttPropertyId.MaximumPacketSize, (uint)maximum).Properties.Bytes.ToArray();
        var answer = await client.ConnectAsync(MqttVersion.V50, "c", 0, c => c with { PropertyBytes = limit });
        Assert.Equal((byte)MqttReasonCode.NotAuthorized, answer.Body[1]);
        Assert.InRange(2 + answer.Body.Length, 0, maximum);
        Assert.Equal(told, System.Text.Encoding.UTF8.GetString(answer.Body).Contains(why, StringComparison.Ordinal));
        Assert.Null(await client.TryReadAsync());
    }

    // Without the client id that it is given a client can do nothing
    [Conforms("5.0", "3.1.2-24")]
    [Theory]
    [InlineData(100, MqttReasonCode.Success)]
    [InlineData(30, MqttReasonCode.PacketTooLarge)]
    public async Task A_CONNACK_that_the_client_does_not_take_is_a_refusal(int maximum, MqttReasonCode reason)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.DialAsync();
        var limit = new MqttPropertyBuffer().Add(MqttPropertyId.MaximumPacketSize, (uint)maximum).Properties.Bytes.ToArray();
        var answer = await client.ConnectAsync(MqttVersion.V50, "", 0, c => c with { PropertyBytes = limit });
        Assert.Equal((byte)reason, answer.Body[1]);
        Assert.InRange(2 + answer.Body.Length, 0, maximum);
    }

    static async Task<(byte First, RawPacket Packet)> FirstAsync(RawClient client, MqttVersion version)
    {
        client.Speak(version);
        var packet = await client.ReadAsync();
        return ((byte)((int)packet.Type << 4 | packet.Flags), packet);
    }

    sealed class Refusing(string why) : MqttApplication
    {
        public override ValueTask<MqttReasonCode> ConnectAsync(MqttSession session, MqttConnect connect, CancellationToken ct)
        {
            session.Refusal = why;
            return new(MqttReasonCode.NotAuthorized);
        }
    }
}
