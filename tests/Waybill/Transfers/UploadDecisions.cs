using Waybill.Transfers;
using Xunit;

namespace Waybill.Tests.Transfers;

public sealed class UploadDecisions
{
    readonly Book _book = new();

    [Fact]
    public void The_same_upload_asked_again_is_the_same_transfer_with_the_same_url()
    {
        var first = _book.Upload();
        _book.Pass(TimeSpan.FromMinutes(5));
        var again = _book.Upload();
        Assert.Equal((first.Id, first.UrlExpiresAt), (again.Id, again.UrlExpiresAt));
    }

    [Fact]
    public void Asked_again_in_the_second_half_of_its_life_the_url_is_fresh_and_the_transfer_the_same()
    {
        var first = _book.Upload();
        _book.Pass(TimeSpan.FromMinutes(31));
        var again = _book.Upload();
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(_book.Now + 3_600_000, again.UrlExpiresAt);
        Assert.Equal(again.UrlExpiresAt, again.DueAt);
    }

    [Fact]
    public void Another_size_or_md5_supersedes()
    {
        var first = _book.Upload();
        var second = _book.Upload(size: 101);
        var third = _book.Upload(size: 101, md5: Book.OtherMd5);
        Assert.Equal(3, new[] { first.Id, second.Id, third.Id }.Distinct().Count());
        Assert.All([first, second], t => Assert.Equal((TransferState.Canceled, "superseded", null), (_book[t.Id].State, _book[t.Id].Reason, _book[t.Id].DueAt)));
        Assert.True(_book[third.Id].IsOpen);
    }

    [Fact]
    public void Two_asks_in_one_batch_see_each_other()
    {
        var one = new UploadAsk(Book.Identity, new("a.bin", 100, Book.Md5));
        var same = new UploadAsk(Book.Identity, new("a.bin", 100, Book.Md5));
        var other = new UploadAsk(Book.Identity, new("a.bin", 200, Book.Md5));
        _book.Decide(one, same, other);
        Assert.Equal(one.Result!.Id, same.Result!.Id);
        Assert.Equal(TransferState.Canceled, _book[one.Result.Id].State);
        Assert.Equal(2, _book.All.Count);
    }

    [Fact]
    public void Two_devices_and_two_directions_of_one_name_do_not_meet()
    {
        var mine = _book.Upload("x");
        var theirs = _book.After(new UploadAsk(Book.Identity with { Id = 8 }, new("x", 500, Book.OtherMd5)))!;
        var download = _book.Download("x");
        _book.Decide(Book.Fail(TransferKind.Download, "x", -2, "file_not_exist"));
        Assert.All([mine, theirs], t => Assert.Equal(TransferState.Sent, _book[t.Id].State));
        Assert.True(_book[download.Id].IsOpen);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData((2L << 30) + 1)]
    [InlineData(long.MaxValue)]
    public void A_size_that_cannot_be_is_refused_and_nothing_recorded(long size)
    {
        var ask = new UploadAsk(Book.Identity, new("a.bin", size, Book.Md5));
        _book.Decide(ask);
        Assert.Equal("size_refused", ask.Refusal?.Code);
        Assert.Empty(_book.All);
    }

    [Fact]
    public void Stored_bytes_prove_it_whatever_the_device_has_said()
    {
        var upload = _book.Upload();
        _book.Decide(Book.Done(TransferKind.Upload, "a.bin"));
        Assert.Equal((TransferState.InProgress, TransferStep.Verifying), (_book[upload.Id].State, _book[upload.Id].Step));
        _book.Decide(Book.Stored(upload.Id));
        Assert.Equal((TransferState.Ok, TransferStep.None, 100), (_book[upload.Id].State, _book[upload.Id].Step, _book[upload.Id].Percent));
    }

    [Fact]
    public void A_false_done_fails_after_the_grace_time()
    {
        var upload = _book.Upload();
        _book.Decide(Book.Done(TransferKind.Upload, "a.bin"));
        _book.Decide(new TransferDue(upload.Id, default));
        Assert.True(_book[upload.Id].IsOpen);
        _book.Pass(_book.Settings.Grace);
        _book.Decide(new TransferDue(upload.Id, default));
        Assert.Equal(TransferState.Failed, _book[upload.Id].State);
        Assert.Contains("done", _book[upload.Id].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_does_not_fail_while_its_bytes_are_flowing()
    {
        var upload = _book.Upload();
        _book.Decide(Book.Done(TransferKind.Upload, "a.bin"));
        _book.Pass(_book.Settings.Grace);
        _book.Decide(new TransferDue(upload.Id, new Sighting(Listening: true, BytesFlowing: true)));
        Assert.True(_book[upload.Id].IsOpen);
        Assert.True(_book[upload.Id].DueAt > _book.Now);
    }

    [Fact]
    public void Of_two_fail_reports_the_first_counts()
    {
        var upload = _book.Upload();
        _book.Decide(Book.Fail(TransferKind.Upload, "a.bin", -3, "sign invalid"));
        _book.Decide(Book.Fail(TransferKind.Upload, "a.bin", -1, "time_out"));
        Assert.Equal((TransferState.Pending, 1, -3L, "sign invalid"),
            (_book[upload.Id].State, _book[upload.Id].Attempts, _book[upload.Id].Code!.Value, _book[upload.Id].Reason));
    }

    [Fact]
    public void Attempts_are_used_up_and_then_it_has_failed()
    {
        var upload = _book.Upload();
        for (var attempt = 1; attempt <= _book.Settings.Attempts; attempt++)
        {
            Assert.Equal(upload.Id, _book.Upload().Id);
            _book.Decide(Book.Fail(TransferKind.Upload, "a.bin", -3, "sign invalid"));
        }
        Assert.Equal(TransferState.Failed, _book[upload.Id].State);
        Assert.NotEqual(upload.Id, _book.Upload().Id);
    }

    [Fact]
    public void Without_bytes_it_ends_when_its_url_does()
    {
        var upload = _book.Upload();
        _book.Pass(TimeSpan.FromHours(1));
        _book.Decide(new TransferDue(upload.Id, default));
        Assert.Equal((TransferState.Timeout, null), (_book[upload.Id].State, _book[upload.Id].DueAt));
    }

    [Fact]
    public void Percent_may_go_backwards_and_stays_within_bounds()
    {
        var upload = _book.Upload();
        foreach (var percent in (int[])[50, 7, 1000, -3])
        {
            _book.Decide(Book.Running(TransferKind.Upload, "a.bin", percent));
            Assert.Equal(Math.Clamp(percent, 0, 100), _book[upload.Id].Percent);
        }
    }

    [Fact]
    public void What_ended_stays_ended_and_what_the_device_says_is_kept()
    {
        var upload = _book.Upload();
        _book.Decide(Book.Stored(upload.Id));
        _book.Decide(Book.Fail(TransferKind.Upload, "a.bin", -1, "time_out"));
        Assert.Equal((TransferState.Ok, "fail -1 time_out"), (_book[upload.Id].State, _book[upload.Id].Report));
    }

    [Fact]
    public void The_same_bytes_again_after_the_end_are_no_error_and_no_change()
    {
        var upload = _book.Upload();
        _book.Decide(Book.Stored(upload.Id));
        var before = _book[upload.Id];
        var again = Book.Stored(upload.Id);
        _book.Decide(again);
        Assert.Null(again.Refusal);
        Assert.Equal(before, _book[upload.Id]);
    }

    [Fact]
    public void Bytes_for_a_canceled_transfer_are_refused()
    {
        var upload = _book.Upload();
        _book.Decide(new TransferCancel(upload.Id));
        var stored = Book.Stored(upload.Id);
        _book.Decide(stored);
        Assert.Equal("transfer_ended", stored.Refusal?.Code);
    }

    [Fact]
    public void After_a_cancel_the_device_is_told_once()
    {
        var upload = _book.Upload();
        _book.Decide(new TransferCancel(upload.Id));
        var first = Book.Running(TransferKind.Upload, "a.bin", 10);
        var second = Book.Running(TransferKind.Upload, "a.bin", 11);
        _book.Decide(first);
        _book.Decide(second);
        Assert.Equal("canceled", first.Refusal?.Code);
        Assert.Null(second.Refusal);
        Assert.Equal(TransferState.Canceled, _book[upload.Id].State);
    }

    [Fact]
    public void A_report_of_something_unknown_changes_nothing_and_is_no_refusal()
    {
        var report = Book.Running(TransferKind.Upload, "never.bin", 10);
        _book.Decide(report);
        Assert.Null(report.Refusal);
        Assert.Empty(_book.All);
    }
}
