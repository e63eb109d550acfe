using Waybill.Mqtt.Client;

namespace Waybill.Mqtt.Tests.Client;

public sealed class BackOffTests
{
    readonly HandClock _clock = new();

    [Fact]
    public void The_limit_doubles_and_the_wait_is_any_part_of_it()
    {
        var backOff = Of(0.5, 1, 60);
        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30, 30], Enumerable.Range(0, 9).Select(_ => backOff.Next().TotalSeconds));
        Assert.Equal(0, Of(0, 1, 60).Next().TotalSeconds);
        Assert.Equal(2, Of(1, 10, 2).Next().TotalSeconds);
    }

    [Fact]
    public void Only_a_connection_that_held_begins_anew()
    {
        var backOff = Of(1, 1, 60);
        for (var n = 0; n < 4; n++) backOff.Next();
        backOff.Connected();
        _clock.Advance(TimeSpan.FromSeconds(59));
        backOff.Lost();
        Assert.Equal(16, backOff.Next().TotalSeconds);
        backOff.Connected();
        _clock.Advance(TimeSpan.FromSeconds(60));
        backOff.Lost();
        Assert.Equal(1, backOff.Next().TotalSeconds);
    }

    [Fact]
    public void Clients_that_lost_their_server_together_come_back_apart()
    {
        var waits = Enumerable.Range(0, 1000).Select(seed => new BackOff(Options(new Random(seed), 1, 60)).Next()).ToList();
        Assert.All(waits, w => Assert.InRange(w, TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        // in each tenth of the time some
        Assert.Equal(10, waits.Select(w => (int)(w.TotalSeconds * 10)).Distinct().Count());
    }

    BackOff Of(double part, int first, int most) => new(Options(new Part(part), first, most));

    MqttClientOptions Options(Random random, int first, int most) => new()
    {
        Host = "",
        ReconnectDelay = TimeSpan.FromSeconds(first),
        MaximumReconnectDelay = TimeSpan.FromSeconds(most),
        Random = random,
        Clock = _clock,
    };

    sealed class Part(double part) : Random
    {
        public override double NextDouble() => part;
    }
}
