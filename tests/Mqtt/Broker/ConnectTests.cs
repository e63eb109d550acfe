using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Broker;

public sealed class ConnectTests
{
    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    [Theory, MemberData(nameof(Versions))]
    public async Task A_client_connects_and_leaves(MqttVersion version)
    {
        var app = new Recorder();
        await using var house = await RunningBroker.StartAsync(app);
        await using var client = await house.DialAsync();

        var answer = await client.ConnectAsync(version, "a-client-id-of-more-than-23-characters");
        Assert.Equal([0, 0], answer.Body[..2]);
        Assert.Equal("connected a-client-id-of-more-than-23-characters", await app.NextAsync());
        Assert.True(house.Broker.TryGetSession("a-client-id-of-more-than-23-characters", out var session));
        Assert.Equal(version, session.Version);
        Assert.Equal(1, house.Broker.ConnectionCount);

        await client.SendAsync(0xE0, 0);
        Assert.Null(await client.ReadEndAsync());
        Assert.Equal("disconnected a-client-id-of-more-than-23-characters Success", await app.NextAsync());
        Assert.False(session.IsOpen);
        Assert.False(session.Deliver("t"u8, []));
    }

    [Conforms("5.0", "3.1.4-2 3.2.2-7 4.13.2-1"), Conforms("3.1.1", "3.2.2-5")]
    [Theory]
    [InlineData(MqttVersion.V31, MqttReasonCode.BadUserNameOrPassword, 4)]
    [InlineData(MqttVersion.V311, MqttReasonCode.NotAuthorized, 5)]
    [InlineData(MqttVersion.V50, MqttReasonCode.BadUserNameOrPassword, 0x86)]
    public async Task A_refused_client_gets_the_code_of_its_version(MqttVersion version, MqttReasonCode reason, byte code)
    {
        var app = new Recorder { OnConnect = _ => reason };
        await using var house = await RunningBroker.StartAsync(app);
        await using var client = await house.DialAsync();
        Assert.Equal(code, (await client.ConnectAsync(version, "c")).Body[1]);
        Assert.Null(await client.ReadEndAsync());
        Assert.True(app.IsQuiet);
    }

    [Conforms("5.0", "3.1.3-6 3.1.3-7 3.2.2-16")]
    [Fact]
    public async Task CONNACK_of_5_announces_what_the_broker_does()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { HeldWindow = 7, MaximumPacketSize = 5000 });
        await using var client = await house.DialAsync();
        var answer = await client.ConnectAsync(MqttVersion.V50, "");
        Assert.Equal(MqttReasonCode.Success, MqttConnAck.Read(new(answer.Type, 0, answer.Body), MqttVersion.V50, out var packet));
        Assert.Equal(7u, packet.Properties.Number(MqttPropertyId.ReceiveMaximum, 0));
        Assert.False(packet.Properties.TryGet(MqttPropertyId.MaximumQos, out _));
        Assert.Equal(1u, packet.Properties.Number(MqttPropertyId.RetainAvailable, 0));
        Assert.Equal(5000u, packet.Properties.Number(MqttPropertyId.MaximumPacketSize, 0));
        Assert.Equal(16u, packet.Properties.Number(MqttPropertyId.TopicAliasMaximum, 0));
        Assert.True(packet.Properties.TryGet(MqttPropertyId.AssignedClientIdentifier, out var id));
        Assert.True(house.Broker.TryGetSession(System.Text.Encoding.UTF8.GetString(id.Bytes), out _));
    }

    [Conforms("5.0", "3.1.3-8"), Conforms("3.1.1", "3.1.3-6 3.1.3-7 3.1.3-8 3.1.3-9")]
    [Theory]
    [InlineData(MqttVersion.V31, true, 2)]
    [InlineData(MqttVersion.V311, false, 2)]
    [InlineData(MqttVersion.V311, true, 0)]
    public async Task An_empty_client_id_is_taken_where_the_version_allows(MqttVersion version, bool clean, byte code)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.DialAsync();
        Assert.Equal(code, (await client.ConnectAsync(version, "", 0, c => c with { CleanStart = clean })).Body[1]);
    }

    [Conforms("5.0", "3.1.2-2"), Conforms("3.1.1", "3.1.2-2")]
    [Fact]
    public async Task An_unknown_version_gets_return_code_1()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.DialAsync();
        await client.SendAsync(0x10, 0x0C, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 9, 2, 0, 0, 0, 0);
        Assert.Equal([0, 1], (await client.ReadAsync()).Body);
        Assert.Null(await client.ReadEndAsync());
    }

    [Conforms("5.0", "3.1.0-1 3.1.4-1"), Conforms("3.1.1", "3.1.0-1 3.1.4-1 4.8.0-1")]
    [Theory]
    [InlineData("C000")]                           // PINGREQ
    [InlineData("3003000161")]                     // PUBLISH
    [InlineData("474554202F20485454502F312E31")]   // GET / HTTP/1.1
    [InlineData("10FFFFFF7F")]                     // CONNECT of 256 MiB
    [InlineData("160301020001")]                   // a TLS hello
    public async Task Whatever_does_not_begin_with_an_acceptable_CONNECT_is_closed(string hex)
    {
        var app = new Recorder();
        await using var house = await RunningBroker.StartAsync(app);
        await using var client = await house.DialAsync();
        await client.SendAsync(Convert.FromHexString(hex));
        Assert.Null(await client.ReadEndAsync());
        Assert.True(app.IsQuiet);
    }

    [Fact]
    public async Task A_connection_that_does_not_CONNECT_in_time_is_closed()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(options: new() { ConnectTimeout = TimeSpan.FromSeconds(5) }, clock: clock);
        await using var silent = await house.DialAsync();
        await using var open = await house.ConnectAsync();
        await silent.SendAsync(0x10);
        clock.Advance(TimeSpan.FromSeconds(7));
        Assert.Null(await silent.ReadEndAsync());
        await open.AssertQuietAsync();
    }

    [Conforms("5.0", "3.1.4-3"), Conforms("3.1.1", "3.1.4-2")]
    [Theory]
    [InlineData(MqttVersion.V311, null)]
    [InlineData(MqttVersion.V50, MqttReasonCode.SessionTakenOver)]
    public async Task A_second_connection_takes_over_after_the_first_has_ended(MqttVersion version, MqttReasonCode? told)
    {
        var app = new Recorder();
        await using var house = await RunningBroker.StartAsync(app);
        await using var first = await house.ConnectAsync(version);
        Assert.Equal("connected c", await app.NextAsync());
        await first.SubscribeAsync("t");
        Assert.Equal("subscribed t 0", await app.NextAsync());
        Assert.True(house.Broker.TryGetSession("c", out var older));

        await using var second = await house.ConnectAsync(version);

        Assert.Equal("disconnected c SessionTakenOver", await app.NextAsync());
        Assert.Equal("connected c", await app.NextAsync());
        Assert.Equal(told, await first.ReadEndAsync());
        Assert.False(older.Deliver("t"u8, "late"u8));
        Assert.Equal(0, house.Broker.Publish("t", "late"u8, MqttQos.AtMostOnce));
        older.Flush();
        await second.AssertQuietAsync();
    }

    // 3.1.4: the application may know that the client is another one
    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V50)]
    public async Task Somebody_else_with_the_client_id_is_refused_and_told_why(MqttVersion version)
    {
        var app = new Recorder
        {
            OnTakeOver = session =>
            {
                session.Refusal = "It is not yours.";
                return MqttTakeover.Refuse;
            },
        };
        await using var house = await RunningBroker.StartAsync(app);
        await using var first = await house.ConnectAsync(version);
        await first.SubscribeAsync("t");
        await using var second = await house.DialAsync();
        await second.SendAsync(Packets.Connect(version));
        var packet = await second.ReadAsync();
        Assert.Equal(MqttReasonCode.Success, MqttConnAck.Read(new(packet.Type, packet.Flags, packet.Body), version, out var answer));
        Assert.Equal(MqttReasonCode.ClientIdentifierNotValid, answer.Reason);
        Assert.Equal(version == MqttVersion.V50, answer.Properties.TryGet(MqttPropertyId.ReasonString, out var why) && why.Bytes.SequenceEqual("It is not yours."u8));
        Assert.Equal(1, house.Broker.Publish("t", "x"u8, MqttQos.AtMostOnce));
    }

    // A session that stayed is not handed to somebody else either
    [Theory]
    [InlineData(MqttTakeover.Refuse, true)]
    [InlineData(MqttTakeover.Replace, false)]
    public async Task A_session_that_waits_is_nobody_else_s(MqttTakeover takeover, bool stays)
    {
        await using var house = await RunningBroker.StartAsync(new Recorder { OnTakeOver = _ => takeover });
        var connect = PersistentSessionTests.Stay(new() { Version = MqttVersion.V50, ClientId = "c" });
        await using (var first = await MqttClient.ConnectAsync(new() { Host = "127.0.0.1", Port = house.Port, Connect = connect }, TestContext.Current.CancellationToken))
            await first.SubscribeAsync("t", MqttQos.AtLeastOnce, TestContext.Current.CancellationToken);
        var second = MqttClient.ConnectAsync(new() { Host = "127.0.0.1", Port = house.Port, Connect = connect }, TestContext.Current.CancellationToken);
        if (stays) await Assert.ThrowsAsync<MqttException>(() => second);
        else await (await second).DisposeAsync();
        Assert.Equal(stays ? 1 : 0, house.Broker.Publish("t", "x"u8, MqttQos.AtLeastOnce));
    }

    [Fact]
    public async Task Of_many_connections_with_one_client_id_one_is_left()
    {
        var app = new Recorder();
        await using var house = await RunningBroker.StartAsync(app);
        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => house.DialAsync()));
        await Task.WhenAll(clients.Select(c => c.SendAsync(Packets.Connect(MqttVersion.V311))));
        // All but one are closed; one that is taken over before it was open is so without having been heard of
        var ends = clients.Select(EndAsync).ToList();
        for (var n = 0; n < 19; n++)
            ends.Remove(await Task.WhenAny(ends));
        var connected = 0;
        while (connected == 0 || !app.IsQuiet)
        {
            // Never two of them at a time
            connected += (await app.NextAsync()).StartsWith("connected", StringComparison.Ordinal) ? 1 : -1;
            Assert.InRange(connected, 0, 1);
        }
        Assert.Equal(1, connected);

        static async Task EndAsync(RawClient client)
        {
            while (await client.TryReadAsync() is not null)
            {
                // CONNACK
            }
        }
        foreach (var client in clients) await client.DisposeAsync();
    }

    [Fact]
    public async Task Stopping_tells_the_sessions()
    {
        var house = await RunningBroker.StartAsync();
        await using var client = await house.ConnectAsync(MqttVersion.V50);
        var stopping = house.DisposeAsync();
        Assert.Equal(MqttReasonCode.ServerShuttingDown, await client.ReadEndAsync());
        await stopping;
    }
}
