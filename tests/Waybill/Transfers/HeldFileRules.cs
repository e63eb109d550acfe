using Waybill.Link;
using Waybill.Transfers;
using Xunit;

namespace Waybill.Tests.Transfers;

/// <summary>What devices say they hold, and what that proves.</summary>
public sealed class HeldFileRules
{
    const Commands Both = Commands.Download | Commands.Removal;

    static readonly HeldFile A1 = new("a", "1", "FILE");
    static readonly HeldFile A2 = new("a", "2", "FILE");
    static readonly HeldFile B1 = new("b", "1", "AUDIO");

    readonly Book _book = new();

    [Fact]
    public void A_report_is_the_record_and_is_told_back()
    {
        var report = Book.Versions(A1, B1);
        _book.Decide(report);
        Assert.Equal("a 1, b 1", _book.Holds);
        Assert.Equal([A1, B1], report.Listed);
    }

    [Fact]
    public void Of_a_name_reported_twice_the_last_counts()
    {
        _book.Decide(Book.Versions(A1, B1, A2));
        Assert.Equal("a 2, b 1", _book.Holds);
    }

    [Fact]
    public void An_empty_list_asks_for_the_record_and_leaves_it()
    {
        _book.Decide(Book.Versions(A1, B1));
        var question = Book.Versions();
        _book.Decide(question);
        Assert.Equal([B1, A1], question.Listed);
        Assert.Equal("a 1, b 1", _book.Holds);
    }

    [Fact]
    public void What_is_to_be_removed_is_told_last()
    {
        _book.Decide(Book.Versions(A1, B1));
        _book.Removal("b");
        var question = Book.Versions();
        _book.Decide(question);
        Assert.Equal([A1, B1], question.Listed);
    }

    [Fact]
    public void A_reported_version_proves_the_download()
    {
        var open = _book.Download("a", "2");
        _book.Decide(Book.Versions(A1));
        Assert.Equal(TransferState.Pending, _book[open.Id].State);
        _book.Decide(Book.Versions(A2));
        Assert.Equal(TransferState.Ok, _book[open.Id].State);
    }

    [Fact]
    public void A_download_that_is_ok_is_held_and_another_version_takes_its_place()
    {
        Fetch("1");
        Fetch("2");
        Assert.Equal("a 2", _book.Holds);
    }

    [Fact]
    public void A_removal_is_ok_when_the_device_says_so_and_is_held_no_more()
    {
        _book.Decide(Book.Versions(A1, B1));
        var removal = _book.Removal("a");
        _book.Decide(new CommandOffer(Book.Device, Both, again: false));
        _book.Decide(Removed("a", "1", new(Reported.Done, null, 0, "")));
        Assert.Equal(TransferState.Ok, _book[removal.Id].State);
        Assert.Equal("b 1", _book.Holds);
    }

    [Fact]
    public void A_removal_is_ok_when_the_device_has_it_no_more()
    {
        _book.Decide(Book.Versions(A1, B1));
        var removal = _book.Removal("a");
        _book.Decide(Book.Versions(B1));
        Assert.Equal(TransferState.Ok, _book[removal.Id].State);
    }

    [Fact]
    public void A_result_about_another_version_is_about_another_file()
    {
        var removal = _book.Removal("a", "2");
        _book.Decide(new CommandOffer(Book.Device, Both, again: false));
        Assert.Null(_book.After(Removed("a", "1", new(Reported.Done, null, 0, ""))));
        Assert.Equal(TransferState.Sent, _book[removal.Id].State);
    }

    [Fact]
    public void A_hopeless_failure_ends_it_at_once()
    {
        var open = _book.Download("a");
        _book.Decide(new CommandOffer(Book.Device, Both, again: false));
        _book.Decide(new FileReport(open.Key, "1", new(Reported.Fail, null, -6, "space not enough", IsHopeless: true)));
        Assert.Equal((TransferState.Failed, 1, -6L), (_book[open.Id].State, _book[open.Id].Attempts, _book[open.Id].Code!.Value));
        Assert.Null(_book.After(new CommandOffer(Book.Device, Both, again: true)));
    }

    [Fact]
    public void What_failed_once_is_tried_again_when_the_device_says_what_it_holds_and_what_failed_twice_waits()
    {
        var open = _book.Download("a");
        Offered();
        _book.Decide(new FileReport(open.Key, "1", new(Reported.Fail, null, -3, "time_out")));
        Assert.Null(Offered());
        _book.Decide(Book.Versions());
        Assert.Equal(open.Id, Offered()!.Id);
        _book.Decide(new FileReport(open.Key, "1", new(Reported.Fail, null, -3, "time_out")));
        _book.Decide(Book.Versions());
        Assert.Null(Offered());
        _book.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(open.Id, Offered()!.Id);
    }

    Transfer? Offered() => _book.After(new CommandOffer(Book.Device, Both, again: true));

    [Fact]
    public void One_command_is_outstanding_whatever_its_kind_and_the_oldest_goes_first()
    {
        _book.Decide(Book.Versions(A1));
        var removal = _book.Removal("a");
        var download = _book.Download("b");
        Assert.Equal(removal.Id, _book.After(new CommandOffer(Book.Device, Both, again: false))!.Id);
        Assert.Null(_book.After(new CommandOffer(Book.Device, Both, again: false)));
        _book.Decide(Removed("a", "1", new(Reported.Done, null, 0, "")));
        Assert.Equal(download.Id, _book.After(new CommandOffer(Book.Device, Both, again: false))!.Id);
    }

    [Fact]
    public void A_dialect_without_removals_is_offered_none()
    {
        _book.Removal("a");
        Assert.Null(_book.After(new CommandOffer(Book.Device, Commands.Download, again: true)));
    }

    [Fact]
    public void Changes_name_what_came_changed_and_went()
    {
        var before = new HeldFiles(Book.Device, [A1, B1], 1, 1);
        var after = new HeldFiles(Book.Device, [A2, new("c", "9", "FILE")], 2, 2);
        Assert.Equal([new("a", "2", "FILE"), new("c", "9", "FILE"), new("b", null, "AUDIO")], after.ChangesSince(before));
        Assert.Empty(after.ChangesSince(after));
    }

    [Fact]
    public void The_text_of_a_row_is_read_as_it_was_written()
    {
        HeldFile[] files = [A1, B1, new("录音 1.wav", "", "")];
        Assert.Equal(files, HeldText.Read(HeldText.Write(files)));
        HeldChange[] changes = [new("a", null, "FILE"), new("b", "1", "AUDIO")];
        Assert.Equal(changes, HeldText.ReadChanges(HeldText.Write(changes)));
    }

    [Fact]
    public void What_is_wanted_is_the_last_order_that_is_open_or_was_ok()
    {
        var lost = Order(1, TransferKind.Download, "lost", "1", TransferState.Ok);
        var next = Order(2, TransferKind.Download, "a", "2", TransferState.Pending);
        var going = Order(3, TransferKind.Removal, "b", "1", TransferState.Sent);
        var right = Order(4, TransferKind.Download, "right", "1", TransferState.Ok);
        var held = new HeldFiles(Book.Device, [A1, B1, new("right", "1", "FILE"), new("own", "1", "FILE")], 1, 1);
        var holding = Holding.Of(held, [right, going, next, lost]);
        Assert.Equal(
            [new("b", "1", null, going), new("a", "1", "2", next), new("lost", null, "1", null)],
            holding.Differences);
        Assert.Equal(["own", "right", "a", "b"], holding.MostUsefulFirst().Select(f => f.Name));
    }

    void Fetch(string version)
    {
        var open = _book.Download("a", version);
        _book.Decide(new CommandOffer(Book.Device, Both, again: false));
        _book.Decide(Book.Served(open.Id, 0, 100));
        _book.Decide(new FileReport(open.Key, version, new(Reported.Done, null, 0, "success")));
        Assert.Equal(TransferState.Ok, _book[open.Id].State);
    }

    static FileReport Removed(string name, string version, ReportedProgress progress) =>
        new(new(Book.Device, TransferKind.Removal, name), version, progress);

    static Transfer Order(long id, TransferKind kind, string name, string version, TransferState state) => new()
    {
        Id = id,
        DeviceId = Book.Device,
        Kind = kind,
        Name = name,
        Version = version,
        State = state,
        Size = 1,
        CreatedAt = id,
        DeadlineAt = id,
    };
}
