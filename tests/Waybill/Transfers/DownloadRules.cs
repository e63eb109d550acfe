using Waybill.Link;
using Waybill.Transfers;
using Xunit;

namespace Waybill.Tests.Transfers;

public sealed class DownloadRules
{
    static readonly Sighting Away = new(Listening: false, BytesFlowing: false);
    static readonly Sighting Here = new(Listening: true, BytesFlowing: false);

    readonly Book _book = new();

    [Fact]
    public void Ordered_twice_is_ordered_once()
    {
        var first = _book.Download();
        Assert.Equal(first.Id, _book.Download().Id);
        Assert.Equal(TransferState.Pending, _book[first.Id].State);
    }

    [Fact]
    public void Another_version_supersedes()
    {
        var first = _book.Download(version: "1");
        var second = _book.Download(version: "2");
        Assert.Equal(TransferState.Canceled, _book[first.Id].State);
        Assert.True(_book[second.Id].IsOpen);
    }

    [Fact]
    public void A_device_that_asks_gets_the_oldest_and_asking_again_gets_the_same()
    {
        var first = _book.Download("one");
        _book.Download("two");
        Assert.Equal(first.Id, _book.After(new DownloadAsk(Book.Device))!.Id);
        var again = _book.After(new DownloadAsk(Book.Device))!;
        Assert.Equal((first.Id, TransferState.Sent), (again.Id, again.State));
    }

    [Fact]
    public void Nothing_to_fetch_is_answered_with_nothing() => Assert.Null(_book.After(new DownloadAsk(Book.Device)));

    [Fact]
    public void One_is_outstanding_at_a_time()
    {
        _book.Download("one");
        var second = _book.Download("two");
        _book.Decide(new CommandOffer(Book.Device, Commands.Download, again: false));
        Assert.Null(_book.After(new CommandOffer(Book.Device, Commands.Download, again: false)));
        Assert.Equal(TransferState.Pending, _book[second.Id].State);
    }

    [Fact]
    public void On_a_new_connection_the_outstanding_one_is_offered_again()
    {
        var download = _book.Download();
        _book.Decide(new CommandOffer(Book.Device, Commands.Download, again: false));
        Assert.Equal(download.Id, _book.After(new CommandOffer(Book.Device, Commands.Download, again: true))!.Id);
    }

    [Fact]
    public void Done_and_all_bytes_served_is_ok()
    {
        var download = Offered();
        _book.Decide(Book.Served(download.Id, 0, 60), Book.Served(download.Id, 50, 50));
        _book.Decide(Book.Done(TransferKind.Download, "fw.bin"));
        Assert.Equal(TransferState.Ok, _book[download.Id].State);
    }

    [Fact]
    public void Done_before_the_last_bytes_were_recorded_is_ok_when_they_are()
    {
        var download = Offered();
        _book.Decide(Book.Served(download.Id, 0, 60));
        _book.Decide(Book.Done(TransferKind.Download, "fw.bin"));
        Assert.Equal(TransferStep.Verifying, _book[download.Id].Step);
        _book.Decide(Book.Served(download.Id, 60, 40));
        Assert.Equal(TransferState.Ok, _book[download.Id].State);
    }

    [Fact]
    public void Done_without_the_bytes_fails_after_the_grace_time()
    {
        var download = Offered();
        _book.Decide(Book.Served(download.Id, 0, 99));
        _book.Decide(Book.Done(TransferKind.Download, "fw.bin"));
        _book.Pass(_book.Settings.Grace);
        _book.Decide(new TransferDue(download.Id, Here));
        Assert.Equal(TransferState.Failed, _book[download.Id].State);
    }

    [Fact]
    public void A_failed_attempt_waits_out_its_back_off_unless_the_device_asks()
    {
        var download = Offered();
        _book.Decide(Book.Fail(TransferKind.Download, "fw.bin", -2, "file_not_exist"));
        Assert.Null(_book.After(new CommandOffer(Book.Device, Commands.Download, again: true)));
        Assert.Equal(download.Id, _book.After(new DownloadAsk(Book.Device))!.Id);
    }

    [Fact]
    public void After_its_back_off_it_is_ready_again()
    {
        var download = Offered();
        _book.Decide(Book.Fail(TransferKind.Download, "fw.bin", -2, "file_not_exist"));
        _book.Pass(_book.Settings.BackOff);
        _book.Decide(new TransferDue(download.Id, Here));
        Assert.Equal(download.Id, _book.After(new CommandOffer(Book.Device, Commands.Download, again: false))!.Id);
    }

    [Fact]
    public void Back_off_doubles_until_the_attempts_are_used_up()
    {
        var download = Offered();
        for (var attempt = 1; attempt < _book.Settings.Attempts; attempt++)
        {
            _book.Decide(Book.Fail(TransferKind.Download, "fw.bin", -1, "time_out"));
            var wait = _book.Settings.BackOff * Math.Pow(2, attempt - 1);
            Assert.Equal(_book.Now + (long)wait.TotalMilliseconds, _book[download.Id].DueAt);
            _book.Decide(new DownloadAsk(Book.Device));
        }
        _book.Decide(Book.Fail(TransferKind.Download, "fw.bin", -1, "time_out"));
        Assert.Equal((TransferState.Failed, _book.Settings.Attempts), (_book[download.Id].State, _book[download.Id].Attempts));
    }

    [Fact]
    public void A_silent_device_that_is_connected_uses_up_an_attempt()
    {
        var download = Offered();
        _book.Pass(_book.Settings.Silence);
        _book.Decide(new TransferDue(download.Id, Here));
        Assert.Equal((TransferState.Pending, 1), (_book[download.Id].State, _book[download.Id].Attempts));
    }

    [Fact]
    public void A_device_that_is_away_loses_nothing_and_is_offered_it_when_it_listens()
    {
        var download = Offered();
        _book.Pass(_book.Settings.Silence);
        _book.Decide(new TransferDue(download.Id, Away));
        Assert.Equal((TransferState.Pending, 0), (_book[download.Id].State, _book[download.Id].Attempts));
        Assert.Equal(download.Id, _book.After(new CommandOffer(Book.Device, Commands.Download, again: true))!.Id);
    }

    [Fact]
    public void Past_its_deadline_it_has_timed_out()
    {
        var download = _book.Download();
        _book.Pass(_book.Settings.Deadline);
        _book.Decide(new TransferDue(download.Id, Away));
        Assert.Equal((TransferState.Timeout, null), (_book[download.Id].State, _book[download.Id].DueAt));
    }

    [Fact]
    public void An_old_url_is_renewed_within_the_same_transfer()
    {
        var download = Offered();
        _book.Pass(_book.Settings.DownloadUrl);
        var again = _book.After(new DownloadAsk(Book.Device))!;
        Assert.Equal(download.Id, again.Id);
        Assert.True(again.UrlExpiresAt > _book.Now);
    }

    [Fact]
    public void The_queue_of_a_device_is_bounded()
    {
        for (var i = 0; i < _book.Settings.MostQueued; i++)
            _book.Download($"f{i}");
        var order = Book.Order("one-too-many");
        _book.Decide(order);
        Assert.Equal("queue_full", order.Refusal?.Code);
    }

    [Fact]
    public void What_has_ended_cannot_be_canceled_and_a_second_cancel_is_harmless()
    {
        var download = _book.Download();
        _book.Decide(new TransferCancel(download.Id));
        var again = new TransferCancel(download.Id);
        _book.Decide(again);
        Assert.Null(again.Refusal);
        var ended = _book.Upload();
        _book.Decide(Book.Stored(ended.Id));
        var late = new TransferCancel(ended.Id);
        _book.Decide(late);
        Assert.Equal("transfer_ended", late.Refusal?.Code);
    }

    Transfer Offered()
    {
        var download = _book.Download();
        return _book.After(new CommandOffer(Book.Device, Commands.Download, again: false)) is { } offered && offered.Id == download.Id
            ? offered
            : throw new InvalidOperationException("not offered");
    }
}
