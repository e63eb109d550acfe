using Waybill.Line;
using Waybill.Mqtt.Tests;
using Waybill.Objects;
using Waybill.Transfers;
using Xunit;

namespace Waybill.Tests.Transfers;

public sealed class ServedBytesTests
{
    const long Id = 7;
    const long Size = 1000;

    readonly Inbox _inbox = new();
    readonly HandClock _clock = new();
    readonly ServedBytes _served;

    public ServedBytesTests() => _served = new ServedBytes(_inbox, _clock);

    [Fact]
    public void The_first_range_goes_on_the_line_and_takes_along_what_follows()
    {
        Note(0, 100);
        Note(100, 100);

        Assert.Equal(1, _inbox.Count);
        Assert.True(_served.Take(Id).Covers(200));
    }

    [Fact]
    public void After_a_message_the_next_waits_a_moment()
    {
        Note(0, 100);
        _served.Take(Id);
        Note(100, 100);
        Assert.Equal(1, _inbox.Count);

        _clock.Advance(TimeSpan.FromMilliseconds(200));

        Assert.Equal(2, _inbox.Count);
        Assert.True(_served.Take(Id).Includes(100));
    }

    [Fact]
    public void The_end_of_the_object_does_not_wait()
    {
        Note(0, 900);
        _served.Take(Id);
        Note(900, 100);

        Assert.Equal(2, _inbox.Count);
    }

    [Fact]
    public void Nothing_is_left_of_a_transfer_that_rests()
    {
        Note(0, 100);
        _served.Take(Id);
        _clock.Advance(TimeSpan.FromMilliseconds(200));

        Assert.True(_served.Take(Id).IsEmpty);
        Note(100, 100);
        Assert.Equal(2, _inbox.Count);
    }

    void Note(long offset, long length)
    {
        var set = new RangeSet();
        set.Add(offset, length);
        _served.Note(Id, Size, set);
    }
}
