using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Broker;

/// <summary>Wills with a delay (3.1.3.2.2).</summary>
public sealed class WillTests
{
    // [MQTT-3.1.2-8]: after the delay or at the end of the session, whichever comes first [MQTT-3.1.2-10]
    [Conforms("5.0", "3.1.2-8 3.1.2-10")]
    [Theory]
    [InlineData(10, 100)]
    [InlineData(100, 10)]
    public async Task A_will_waits_for_its_delay_or_the_sessions_end(int delay, int expiry)
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        await using var watcher = await house.ConnectAsync(clientId: "watcher");
        await watcher.SubscribeAsync("w");
        await GoneAsync(house, delay, expiry);
        clock.Advance(TimeSpan.FromSeconds(9));
        await watcher.AssertQuietAsync();
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("gone", (await watcher.ReadAsync()).Publish(watcher.Version).Payload);
        clock.Advance(TimeSpan.FromSeconds(200));
        await watcher.AssertQuietAsync();
    }

    [Fact]
    public async Task Without_a_session_that_stays_the_will_does_not_wait()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var watcher = await house.ConnectAsync(clientId: "watcher");
        await watcher.SubscribeAsync("w");
        await GoneAsync(house, 10, 0);
        Assert.Equal("gone", (await watcher.ReadAsync()).Publish(watcher.Version).Payload);
    }

    // [MQTT-3.1.3-9]
    [Conforms("5.0", "3.1.3-9")]
    [Fact]
    public async Task A_client_that_is_back_in_time_has_no_will_published()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(clock: clock);
        await using var watcher = await house.ConnectAsync(clientId: "watcher");
        await watcher.SubscribeAsync("w");
        await GoneAsync(house, 10, 100);
        await using var again = await house.DialAsync();
        await again.ConnectAsync(MqttVersion.V50, "c", 0, PersistentSessionTests.Stay);
        clock.Advance(TimeSpan.FromSeconds(200));
        await watcher.AssertQuietAsync();
    }

    // The session ends with a clean start, and with it the wait (3.1.3.2.2)
    [Fact]
    public async Task A_clean_start_publishes_the_will_of_the_session_it_ends()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var watcher = await house.ConnectAsync(clientId: "watcher");
        await watcher.SubscribeAsync("w");
        await GoneAsync(house, 10, 100);
        await using var again = await house.ConnectAsync(MqttVersion.V50);
        Assert.Equal("gone", (await watcher.ReadAsync()).Publish(watcher.Version).Payload);
    }

    /// <summary>DISCONNECT with "disconnect with will", because its end can be awaited.</summary>
    static async Task GoneAsync(RunningBroker house, int delay, int expiry)
    {
        await using var client = await house.DialAsync();
        await client.ConnectAsync(MqttVersion.V50, "c", 0, c => c with
        {
            CleanStart = false,
            Will = new("w", "gone"u8.ToArray()) { DelaySeconds = (uint)delay },
            PropertyBytes = new MqttPropertyBuffer().Add(MqttPropertyId.SessionExpiryInterval, (uint)expiry).Properties.Bytes.ToArray(),
        });
        await client.SendAsync(0xE0, 1, 4);
        Assert.Null(await client.ReadEndAsync());
    }
}
