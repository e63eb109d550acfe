using Waybill.Logs;
using Xunit;

namespace Waybill.Tests.Logs;

public sealed class LogSelectionTests
{
    static readonly LogList Dock = new("3", "DOCK", 0, null, [new(1, 0, 100, 5), new(2, 100, 200, 5), new(3, 200, 300, 5), new(4, 300, null, 5), new(5, null, null, 5)]);

    static IReadOnlyList<long> Chosen(long from, long to, int most = 10) => LogSelection.Of([Dock], from, to, most) is [var choice] ? choice.BootIndexes : [];

    [Fact]
    public void What_overlaps_the_time_is_chosen()
    {
        Assert.Equal([1, 2, 5], Chosen(50, 150));
        Assert.Equal([1, 2, 3, 5], Chosen(100, 201));
        Assert.Equal([2, 3, 4, 5], Chosen(200, 301));
        Assert.Equal([4, 5], Chosen(1000, 2000));
    }

    [Fact]
    public void Of_too_many_the_newest_are_chosen()
    {
        Assert.Equal([3, 4, 5], Chosen(0, 1000, most: 3));
        Assert.Equal([5], Chosen(0, 1000, most: 1));
    }

    [Fact]
    public void Modules_that_have_nothing_are_left_out() =>
        Assert.Equal(["3"], LogSelection.Of([LogBook.Aircraft(324015), new("0", "DRONE", 0, null, []), Dock], 0, 1000, 10).Select(c => c.Module));
}
