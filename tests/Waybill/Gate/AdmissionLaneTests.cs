using Waybill.Gate;
using Waybill.Mqtt.Tests;
using Xunit;

namespace Waybill.Tests.Gate;

public sealed class AdmissionLaneTests
{
    [Fact]
    public async Task Who_finds_no_place_waits_for_one_and_not_for_ever()
    {
        var clock = new HandClock();
        using var lane = new AdmissionLane(1, TimeSpan.FromSeconds(5), clock);
        var (first, second) = (new TaskCompletionSource<int>(), new TaskCompletionSource<int>());
        var inside = lane.EnterAsync(_ => new ValueTask<int>(first.Task), House.Soon).AsTask();
        var next = lane.EnterAsync(_ => new ValueTask<int>(second.Task), House.Soon).AsTask();
        first.SetResult(1);
        Assert.Equal(1, await inside);
        var late = lane.EnterAsync(_ => new ValueTask<int>(3), House.Soon).AsTask();
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("server_busy", (await Assert.ThrowsAsync<RefusedException>(() => late)).Code);
        second.SetResult(2);
        Assert.Equal(2, await next);
        Assert.Equal(4, await lane.EnterAsync(_ => new ValueTask<int>(4), House.Soon));
    }

    [Fact]
    public async Task However_many_come_no_more_than_the_places_are_looked_at_and_all_are()
    {
        using var lane = new AdmissionLane(3, TimeSpan.FromHours(1), TimeProvider.System);
        var (inside, most, looked) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(async _ => await lane.EnterAsync(
            async _ =>
            {
                InterlockedMost(ref most, Interlocked.Increment(ref inside));
                await Task.Yield();
                Interlocked.Decrement(ref inside);
                return Interlocked.Increment(ref looked);
            },
            House.Soon)));
        Assert.Equal((500, 3), (looked, most));
    }

    static void InterlockedMost(ref int most, int now)
    {
        for (var before = Volatile.Read(ref most); before < now; before = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, now, before);
    }

    [Fact]
    public async Task Whose_connection_is_gone_waits_no_longer()
    {
        using var lane = new AdmissionLane(1, TimeSpan.FromHours(1), TimeProvider.System);
        var inside = new TaskCompletionSource<int>();
        var holding = lane.EnterAsync(_ => new ValueTask<int>(inside.Task), House.Soon).AsTask();
        using var gone = new CancellationTokenSource();
        var waiting = lane.EnterAsync(_ => new ValueTask<int>(0), gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        inside.SetResult(1);
        await holding;
    }
}
