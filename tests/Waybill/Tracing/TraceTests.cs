using Waybill.Link;
using Waybill.Tracing;
using Xunit;

namespace Waybill.Tests.Tracing;

public sealed class TraceTests
{
    readonly Traces _traces = new(new DeviceConnections(), TimeProvider.System);

    [Fact]
    public void A_slow_reader_loses_lines_and_is_told_how_many_where_they_are_missing()
    {
        var trace = Start("dev001");
        Say(trace, 0, Trace.MostLines + 40);
        var lines = trace.Take(out var isLast);
        Assert.False(isLast);
        Assert.Equal(Trace.MostLines + 1, lines.Count);
        Assert.Equal(("lost", 40L), (lines[^1].What, lines[^1].Lost));
        Assert.Equal($"{Trace.MostLines - 1}", lines[^2].Detail);
        Say(trace, 1, 1);
        Assert.Equal(["1"], trace.Take(out _).Select(l => l.Detail));
        Assert.Empty(trace.Take(out _));
    }

    [Fact]
    public void Others_lose_nothing_to_a_slow_reader()
    {
        var (slow, quick) = (Start("dev001"), Start("dev001"));
        for (var n = 0; n < 3; n++)
        {
            Say(slow, 0, Trace.MostLines);
            Assert.Equal(Trace.MostLines, quick.Take(out _).Count);
        }
        Assert.Equal(2L * Trace.MostLines, slow.Take(out _)[^1].Lost);
    }

    [Fact]
    public async Task The_last_line_says_why_and_nothing_comes_behind_it()
    {
        var trace = Start("dev001");
        Say(trace, 0, 1);
        trace.End("time_limit", "over");
        trace.End("server_stopping", "too late");
        Say(trace, 0, 1);
        Assert.True(await trace.NewsAsync(House.Soon));
        var lines = trace.Take(out var isLast);
        Assert.True(isLast);
        Assert.Equal(["said", "end"], lines.Select(l => l.What));
        Assert.Equal("time_limit", lines[^1].Reason);
    }

    [Fact]
    public void There_are_so_many_traces_of_one_device_and_so_many_in_all()
    {
        var first = Start("dev0");
        for (var n = 1; n < Traces.MostInAll; n++)
            Start($"dev{n / Traces.MostOfOne}");
        Assert.Equal("too_many_traces", Assert.Throws<RefusedException>(() => Start("other")).Code);
        _traces.Stop(first);
        Start("other");
        Assert.True(_traces.IsAny);
    }

    [Fact]
    public void One_device_has_a_few_and_when_the_last_ends_nobody_is_traced()
    {
        var all = Enumerable.Range(0, Traces.MostOfOne).Select(_ => Start("dev001")).ToList();
        Assert.Contains("of this device", Assert.Throws<RefusedException>(() => Start("dev001")).Message, StringComparison.Ordinal);
        all.ForEach(_traces.Stop);
        Assert.False(_traces.IsAny);
    }

    [Fact]
    public void A_user_name_alone_claims_a_device_only_for_who_may_see_that()
    {
        _traces.Start("docks", "DOCK1", null, byName: false);
        Assert.Empty(_traces.Claimed(null, null, "DOCK1"));
        _traces.Start("docks", "DOCK2", null, byName: true);
        Assert.Single(_traces.Claimed(null, null, "DOCK2"));
        // who joins sees no more than he may
        _traces.Start("docks", "DOCK2", null, byName: false);
        Assert.Empty(_traces.Claimed(null, null, "DOCK2"));
    }

    Trace Start(string device) => _traces.Start("ABCDE12345", device, null, byName: true);

    static void Say(Trace trace, int from, int count)
    {
        for (var n = from; n < from + count; n++)
            trace.Device.Say(trace.Device.Line(TraceSide.Note, "said") with { Detail = $"{n}" });
    }
}
