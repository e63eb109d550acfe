using Waybill.Devices;
using Waybill.Link;
using Xunit;

namespace Waybill.Tests.Devices;

public sealed class GatewayTurnsTests
{
    [Fact]
    public async Task One_gateway_has_one_turn_at_a_time_and_others_do_not_wait()
    {
        using var turns = new GatewayTurns(new(new DeviceConnections()));
        var (began, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = turns.RunAsync(
            1,
            async _ =>
            {
                began.SetResult();
                await go.Task;
                return 1;
            },
            House.Soon);
        await began.Task;
        var second = turns.RunAsync(1, _ => Task.FromResult(2), House.Soon);
        Assert.Equal(3, await turns.RunAsync(2, _ => Task.FromResult(3), House.Soon));
        Assert.False(second.IsCompleted);
        go.SetResult();
        Assert.Equal((1, 2), (await first, await second));
    }

    [Fact]
    public async Task A_turn_that_fails_is_over()
    {
        using var turns = new GatewayTurns(new(new DeviceConnections()));
        await Assert.ThrowsAsync<RefusedException>(() => turns.RunAsync<int>(1, _ => throw new RefusedException("no", "No."), House.Soon));
        Assert.False(await turns.RunAsync(1, seen => Task.FromResult(seen.IsListening), House.Soon));
    }
}
