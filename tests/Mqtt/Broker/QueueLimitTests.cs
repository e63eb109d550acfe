using System.Globalization;
using System.Text;
using Waybill.Mqtt.Broker;

namespace Waybill.Mqtt.Tests.Broker;

/// <summary>Bytes that may wait for one client and for all of them, and which message goes when there are more. A message here costs 100.</summary>
public sealed class QueueLimitTests
{
    const int Room = 300;

    [Theory]
    [InlineData(MqttDrop.Newest, new[] { 1, 2, 3 })]
    [InlineData(MqttDrop.Oldest, new[] { 3, 4, 5 })]
    public async Task A_client_that_is_away_has_so_many_bytes(MqttDrop drop, int[] kept)
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumQueuedBytes = Room, WhenOfflineQueueIsFull = drop });
        await WaitAsync(house, "a");
        for (var n = 1; n <= 5; n++) Assert.Equal(n <= 3 || drop == MqttDrop.Oldest ? 1 : 0, Publish(house, "a", n));
        Assert.Equal((3, Room), (house.Broker.Kept.Count, house.Broker.Kept.Value));
        await using var again = await ConnectAsync(house, "a");
        await ReadAsync(again, kept);
        await again.AssertQuietAsync();
    }

    // A message larger than what is left goes in whole, none that comes then does
    [Fact]
    public async Task The_last_one_may_be_larger_than_the_room_that_is_left()
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumQueuedBytes = Room });
        await WaitAsync(house, "a");
        Assert.Equal(1, Publish(house, "a", 1));
        Assert.Equal(1, house.Broker.Publish("a", new byte[1000], MqttQos.AtLeastOnce));
        Assert.Equal(0, Publish(house, "a", 2));
    }

    // Whoever has nothing of its own to give up loses what comes, whatever the rule
    [Theory]
    [InlineData(MqttDrop.Newest, new[] { 1, 2 }, new[] { 1 })]
    [InlineData(MqttDrop.Oldest, new[] { 2, 3 }, new[] { 2 })]
    public async Task All_that_are_away_have_so_many_bytes_together(MqttDrop drop, int[] ofFirst, int[] ofSecond)
    {
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumOfflineBytes = Room, WhenOfflineQueueIsFull = drop });
        foreach (var name in new[] { "a", "b", "c" }) await WaitAsync(house, name);
        foreach (var (name, n) in new[] { ("a", 1), ("a", 2), ("b", 1) }) Assert.Equal(1, Publish(house, name, n));
        var more = drop == MqttDrop.Oldest ? 1 : 0;
        Assert.Equal((more, more, 0), (Publish(house, "a", 3), Publish(house, "b", 2), Publish(house, "c", 1)));
        Assert.Equal((3, Room), (house.Broker.Kept.Count, house.Broker.Kept.Value));
        // Who is there is served all the same
        await using var here = await house.ConnectAsync(clientId: "here");
        await here.SubscribeAsync("h", MqttQos.AtLeastOnce);
        Assert.Equal(1, Publish(house, "h", 1));
        await ReadAsync(here, 1);
        // What is acknowledged makes room for others
        await using var first = await ConnectAsync(house, "a");
        await ReadAsync(first, ofFirst);
        Assert.Equal(0, Publish(house, "c", 2));
        await first.SendAsync([.. ofFirst.SelectMany(n => new byte[] { 0x40, 2, 0, (byte)n })]);
        await first.AssertQuietAsync();
        Assert.Equal(1, Publish(house, "c", 3));
        await using var third = await ConnectAsync(house, "c");
        await ReadAsync(third, 3);
        await using var second = await ConnectAsync(house, "b");
        await ReadAsync(second, ofSecond);
    }

    // It acknowledges nothing: QoS 0 is lost, one more of QoS 1 ends the connection, and what waits goes by the rule from this one on
    [Theory]
    [InlineData(MqttDrop.Newest, new[] { 1, 2, 3 })]
    [InlineData(MqttDrop.Oldest, new[] { 3, 4, 5 })]
    public async Task A_connected_client_that_does_not_acknowledge_has_so_many_bytes(MqttDrop drop, int[] kept)
    {
        var (app, more) = (new Recorder(), drop == MqttDrop.Oldest ? 1 : 0);
        await using var house = await RunningBroker.StartAsync(app, new() { MaximumQueuedBytes = Room, MaximumInFlight = 1, WhenOfflineQueueIsFull = drop });
        await using (var slow = await ConnectAsync(house, "a"))
        {
            await slow.SubscribeAsync("a", MqttQos.AtLeastOnce);
            for (var n = 0; n <= 3; n++) Assert.Equal(1, Publish(house, "a", n));
            Assert.Equal(0, Publish(house, "a", 9, MqttQos.AtMostOnce));
            Assert.True(house.Broker.TryGetSession("a", out _));
            Assert.Equal(more, Publish(house, "a", 4));
            await ReadAsync(slow, 0);
            Assert.Null(await slow.TryReadAsync());
            Assert.Equal("disconnected a QuotaExceeded", await app.NextAsync(skip: 2));
        }
        Assert.Equal(more, Publish(house, "a", 5));
        // Of either rule: one of QoS 0 and two that found no room, or those that made it
        Assert.Equal(3, house.Broker.Count().Traffic.Dropped);
        await using var again = await ConnectAsync(house, "a");
        foreach (var expected in (int[])[0, .. kept])
        {
            var (_, payload, _, id) = (await again.ReadAsync()).Publish(again.Version);
            Assert.Equal(expected, int.Parse(payload, CultureInfo.InvariantCulture));
            await again.SendAsync(0x40, 2, 0, (byte)id);
        }
        await again.AssertQuietAsync();
    }

    // It takes nothing from its connection: what found room arrives in its order, what found none is gone, and it goes on
    [Fact]
    public async Task A_connected_client_that_does_not_read_loses_what_comes()
    {
        await using var house = await RunningBroker.StartAsync();
        await using var slow = await house.ConnectAsync();
        await slow.SubscribeAsync("t");
        var taken = new List<string>();
        for (var n = 0; n < 1000; n++)
            if (house.Broker.Publish("t", Encoding.UTF8.GetBytes($"{n}".PadLeft(32 * 1024)), MqttQos.AtMostOnce) == 1) taken.Add($"{n}");
        Assert.InRange(taken.Count, 1, 999);
        foreach (var expected in taken) Assert.Equal(expected, (await slow.ReadAsync()).Publish(slow.Version).Payload.TrimStart());
        await slow.AssertQuietAsync();
        Assert.Equal(1, house.Broker.Publish("t", "again"u8, MqttQos.AtMostOnce));
        Assert.Equal("again", (await slow.ReadAsync()).Publish(slow.Version).Payload);
    }

    /// <summary>64 for the message itself, a topic of one letter, a payload of 35.</summary>
    static int Publish(RunningBroker house, string topic, int n, MqttQos qos = MqttQos.AtLeastOnce) =>
        house.Broker.Publish(topic, Encoding.UTF8.GetBytes($"{n}".PadRight(35)), qos);

    static async Task<RawClient> ConnectAsync(RunningBroker house, string name)
    {
        var client = await house.DialAsync();
        await client.ConnectAsync(MqttVersion.V311, name, 0, PersistentSessionTests.Stay);
        return client;
    }

    /// <summary>Subscribes its own name and leaves.</summary>
    static async Task WaitAsync(RunningBroker house, string name)
    {
        await using var client = await ConnectAsync(house, name);
        await client.SubscribeAsync(name, MqttQos.AtLeastOnce);
        await PersistentSessionTests.LeaveAsync(client);
    }

    static async Task ReadAsync(RawClient client, params int[] expected)
    {
        foreach (var n in expected) Assert.Equal(n, int.Parse((await client.ReadAsync()).Publish(client.Version).Payload, CultureInfo.InvariantCulture));
    }
}
