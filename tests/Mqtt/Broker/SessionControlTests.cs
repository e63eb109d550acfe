using System.Net.Sockets;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Broker.Store;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Broker;

/// <summary>What the application decides about sessions that would stay.</summary>
public sealed class SessionControlTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<MqttVersion> Versions => new(Packets.Versions);

    [Theory, MemberData(nameof(Versions))]
    public async Task A_session_that_may_not_stay_ends_with_its_connection(MqttVersion version)
    {
        await using var house = await RunningBroker.StartAsync(new Landlord { Longest = 0 });
        await using (var first = await house.DialAsync())
        {
            var answer = await first.ConnectAsync(version, "c", 0, PersistentSessionTests.Stay);
            // Session Expiry Interval 0
            if (version == MqttVersion.V50) Assert.NotEqual(-1, answer.Body.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x11, 0, 0, 0, 0]));
            await first.SubscribeAsync("t", MqttQos.AtLeastOnce);
            await PersistentSessionTests.LeaveAsync(first);
        }
        await using var again = await house.DialAsync();
        Assert.Equal(0, (await again.ConnectAsync(version, "c", 0, PersistentSessionTests.Stay)).Body[0]);
        Assert.Equal(0, house.Broker.Publish("t", "x"u8, MqttQos.AtLeastOnce));
    }

    [Fact]
    public async Task A_kept_session_of_who_may_not_come_in_any_more_is_not_taken_up()
    {
        var store = new MemorySessionStore();
        await using (var house = await RunningBroker.StartAsync(options: new() { SessionStore = store }))
        {
            await LeaveBehindAsync(house, "stays", "alice");
            await LeaveBehindAsync(house, "goes", "bob");
            await house.Broker.CommittedAsync(Ct);
        }
        await using var later = await RunningBroker.StartAsync(new Landlord { Banned = "bob" }, new() { SessionStore = store });
        Assert.True(later.Broker.HasSession("stays"));
        Assert.False(later.Broker.HasSession("goes"));
        Assert.Equal(1, later.Broker.Publish("t", "x"u8, MqttQos.AtLeastOnce));
        await later.Broker.CommittedAsync(Ct);
        await foreach (var change in store.ReadAsync(Ct)) Assert.DoesNotContain("goes", change.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_waiting_sessions_of_a_user_can_be_ended()
    {
        await using var house = await RunningBroker.StartAsync();
        await LeaveBehindAsync(house, "a", "alice");
        await LeaveBehindAsync(house, "b", "bob");
        house.Broker.EndWaiting("bob");
        Assert.Equal((true, false), (house.Broker.HasSession("a"), house.Broker.HasSession("b")));
        Assert.Equal(1, house.Broker.Publish("t", "x"u8, MqttQos.AtLeastOnce));
    }

    [Fact]
    public async Task Sessions_are_ended_at_a_rate()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        await using var first = await house.ConnectAsync(MqttVersion.V50, "first");
        await using var second = await house.ConnectAsync(MqttVersion.V50, "second");
        var stopping = house.Broker.StopAsync(20, Ct);
        Assert.Equal(MqttReasonCode.ServerShuttingDown, await second.ReadEndAsync());
        await first.AssertQuietAsync();
        Assert.True(await IsTurnedAwayAsync(house));
        clock.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(MqttReasonCode.ServerShuttingDown, await first.ReadEndAsync());
        await stopping;
    }

    /// <summary>The end may be there before the client has noticed that it is connected.</summary>
    static async Task<bool> IsTurnedAwayAsync(RunningBroker house)
    {
        try
        {
            await using var late = await house.DialAsync();
            return await late.ReadEndAsync() is null;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    static async Task LeaveBehindAsync(RunningBroker house, string clientId, string user)
    {
        await using var client = await house.DialAsync();
        await client.ConnectAsync(MqttVersion.V311, clientId, 0, connect => PersistentSessionTests.Stay(connect) with { UserName = user });
        await client.SubscribeAsync("t", MqttQos.AtLeastOnce);
        await PersistentSessionTests.LeaveAsync(client);
    }

    sealed class Landlord : MqttApplication
    {
        public uint Longest { get; init; } = uint.MaxValue;

        public string? Banned { get; init; }

        public override ValueTask<MqttReasonCode> ConnectAsync(MqttSession session, MqttConnect connect, CancellationToken ct)
        {
            session.LimitExpiry(Longest);
            return new(MqttReasonCode.Success);
        }

        public override ValueTask<bool> RestoredAsync(MqttSession session, string? userName, CancellationToken ct) => new(userName != Banned);
    }
}
