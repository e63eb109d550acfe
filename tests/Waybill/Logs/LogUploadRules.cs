using Waybill.Logs;
using Xunit;

namespace Waybill.Tests.Logs;

/// <summary>What follows from what a dock says of an upload, and from what is seen in storage.</summary>
public sealed class LogUploadRules
{
    readonly LogBook _book = new();

    static ReportedArchive Of(string module, LogState? state, int percent = 50, string? stage = null, int code = 0) => LogBook.Archive(module, state, percent, stage, code);

    [Fact]
    public void A_start_is_sent_when_there_are_credentials_and_once()
    {
        _book.Listed();
        _book.Decide(new LogUpload(1, [new("0", [7]), new("3", [321, 322])], LogBook.Prefix));
        Assert.Equal(LogState.Pending, _book[1].State);
        Assert.Equal(["logs/1/aircraft.tar", "logs/1/dock.tar"], _book[1].Archives.Select(a => a.ObjectKey));
        Assert.Equal(LogCommand.None, _book.Offer(canStart: false));
        Assert.Equal(LogCommand.Start, _book.Offer());
        Assert.Equal(LogCommand.None, _book.Offer(again: true));
        Assert.Equal((LogState.Sent, true), (_book[1].State, _book[1].IsExporting));
    }

    [Fact]
    public void Progress_moves_each_archive()
    {
        _book.Started();
        var request = _book.Say(LogBook.Export(LogState.InProgress, Of("0", LogState.InProgress, 20, "file_pull"), Of("3", LogState.InProgress, 60, "file_zip")));
        Assert.Equal((LogState.InProgress, 40), (request.State, request.Percent));
        Assert.Equal(["file_pull", "file_zip"], request.Archives.Select(a => a.Stage));
        Assert.Equal(LogState.Paused, _book.Say(LogBook.Export(LogState.Paused)).State);
        Assert.Equal(LogState.InProgress, _book.Say(LogBook.Export(null, Of("0", null, 25))).State);
        Assert.Equal(25, _book[1].Find("0")!.Percent);
    }

    [Fact]
    public void Ok_needs_the_claim_and_the_bytes()
    {
        _book.Started();
        var claimed = _book.Say(LogBook.Export(LogState.Ok, Of("0", LogState.Ok), Of("3", LogState.Ok)));
        Assert.Equal((LogState.InProgress, LogStep.Verifying), (claimed.State, claimed.Step));
        Assert.Equal(LogState.InProgress, _book.See("0").State);
        var done = _book.See("3");
        Assert.Equal((LogState.Ok, LogStep.None, 100), (done.State, done.Step, done.Percent));
        Assert.All(done.Archives, a => Assert.Equal((LogState.Ok, 5000), (a.State, a.StoredSize)));
    }

    [Fact]
    public void Bytes_may_come_before_the_claim()
    {
        _book.Started();
        _book.See("0");
        Assert.Equal(LogState.InProgress, _book.See("3").State);
        Assert.Equal(LogState.Ok, _book.Say(LogBook.Export(LogState.Ok)).State);
    }

    [Fact]
    public void A_claim_that_is_not_proven_fails_after_its_grace_whatever_is_repeated()
    {
        _book.Started();
        var due = _book.Say(LogBook.Export(LogState.Ok)).DueAt;
        _book.Now += 1000;
        Assert.Equal(due, _book.Say(LogBook.Export(LogState.Ok)).DueAt);
        var failed = _book.Due();
        Assert.Equal((LogState.Failed, "the dock said ok, but the archive was not seen in storage"), (failed.State, failed.Reason));
    }

    [Fact]
    public void Another_size_is_no_proof_until_it_is_written_again()
    {
        _book.Started();
        _book.Say(LogBook.Export(LogState.Ok, Of("0", LogState.Ok), Of("3", LogState.Ok)));
        _book.See("0");
        Assert.Equal(LogStep.Verifying, _book.See("3", size: 4999).Step);
        Assert.Equal(LogState.Ok, _book.See("3").State);
        var other = new LogBook();
        other.Started();
        other.Say(LogBook.Export(LogState.Ok, Of("0", LogState.Ok), Of("3", LogState.Ok)));
        other.See("0", size: 4999);
        Assert.Equal("the archive in storage has another size than the dock said", other.Due().Reason);
    }

    [Theory]
    [InlineData(null, 1L)]
    [InlineData("random", null)]
    public void Progress_finds_its_request_by_id_or_as_the_only_one(string? bid, long? id)
    {
        Assert.Equal(bid is null, id is not null);
        _book.Started();
        Assert.Equal(30, _book.Say(LogBook.Export(LogState.InProgress, Of("0", LogState.InProgress, 30), Of("3", LogState.InProgress, 30)), id).Percent);
    }

    [Fact]
    public void Another_dock_moves_nothing()
    {
        _book.Started();
        Assert.Null(_book.Decide(new LogProgress(8, 1, LogBook.Export(LogState.Failed))).Result);
        Assert.Null(_book.Decide(new LogProgress(8, null, LogBook.Export(LogState.Failed))).Result);
        Assert.Equal(LogState.InProgress, _book[1].State);
    }

    [Fact]
    public void An_archive_without_a_module_is_known_by_its_key()
    {
        _book.Started();
        var request = _book.Say(LogBook.Export(LogState.InProgress, new ReportedArchive { Key = "logs/1/dock.tar/boot_321.log", Percent = 70 }));
        Assert.Equal([0, 70], request.Archives.Select(a => a.Percent));
    }

    [Fact]
    public void A_key_that_the_dock_chose_is_where_to_look()
    {
        _book.Started();
        var request = _book.Say(LogBook.Export(LogState.InProgress, new ReportedArchive { Module = "3", Key = "logs/1/DOCK/DOCK_airport_log.tar" }));
        Assert.Equal(["logs/1/aircraft.tar", "logs/1/DOCK/DOCK_airport_log.tar"], request.Archives.Select(a => a.Key));
    }

    [Fact]
    public void A_code_is_a_failure_whatever_the_state_says()
    {
        _book.Started();
        _book.See("0");
        _book.Say(LogBook.Export(LogState.InProgress, Of("0", LogState.Ok), Of("3", LogState.InProgress, code: 324019)));
        var (request, dock) = (_book[1], _book[1].Find("3")!);
        Assert.Equal((LogState.Failed, 324019), (request.State, request.Code));
        Assert.Equal((LogState.Failed, 324019, LogState.Ok), (dock.State, dock.Code, request.Find("0")!.State));
    }

    [Fact]
    public void A_code_of_all_fails_what_has_not_ended()
    {
        _book.Started();
        _book.See("0");
        _book.Say(LogBook.Export(LogState.InProgress, Of("0", LogState.Ok)));
        var request = _book.Say(new(LogState.Failed, 324012, "too many logs", []));
        Assert.Equal([LogState.Ok, LogState.Failed], request.Archives.Select(a => a.State));
        Assert.Equal((LogState.Failed, 324012, "too many logs"), (request.State, request.Code, request.Reason));
    }

    [Theory]
    [InlineData(nameof(LogState.Failed))]
    [InlineData(nameof(LogState.Rejected))]
    [InlineData(nameof(LogState.Canceled))]
    [InlineData(nameof(LogState.Timeout))]
    public void Final_words_are_final(string word)
    {
        var state = Enum.Parse<LogState>(word);
        _book.Started();
        Assert.Equal(state, _book.Say(LogBook.Export(state)).State);
        var late = _book.Say(LogBook.Export(LogState.Ok, Of("3", LogState.Ok, 100, "ok")));
        Assert.Equal((state, "ok 0 3 ok 100"), (late.State, late.Report));
        Assert.Equal(state, _book.See("3").State);
    }

    [Fact]
    public void A_start_that_is_refused_ends_it_with_the_code()
    {
        _book.Listed();
        _book.Decide(new LogUpload(1, [new("3", [321])], LogBook.Prefix));
        _book.Offer();
        var request = _book.Decide(new LogStartReply(1, 325009, "the dock is exporting logs")).Result!;
        Assert.Equal((LogState.Rejected, 325009, "the dock is exporting logs"), (request.State, request.Code, request.Reason));
        Assert.Equal(LogState.Rejected, request.Archives[0].State);
        Assert.Null(_book.Decide(new LogStartReply(1, 0, null)).Result);
    }

    [Fact]
    public void A_start_whose_answer_is_lost_is_unknown_and_never_sent_again()
    {
        _book.Listed();
        _book.Decide(new LogUpload(1, [new("3", [321])], LogBook.Prefix));
        _book.Offer();
        var unknown = _book.Due();
        Assert.Equal((LogState.InProgress, LogStep.Unknown), (unknown.State, unknown.Step));
        Assert.Equal(LogCommand.None, _book.Offer(again: true));
        var running = _book.Say(LogBook.Export(LogState.InProgress, Of("3", LogState.InProgress)));
        Assert.Equal((LogState.InProgress, LogStep.None), (running.State, running.Step));
    }

    [Fact]
    public void Progress_that_overtakes_the_answer_counts()
    {
        _book.Listed();
        _book.Decide(new LogUpload(1, [new("3", [321])], LogBook.Prefix));
        _book.Offer();
        Assert.Equal(LogState.InProgress, _book.Say(LogBook.Export(LogState.InProgress, Of("3", LogState.InProgress))).State);
        Assert.Null(_book.Decide(new LogStartReply(1, 0, null)).Result);
        Assert.Equal(50, _book[1].Percent);
    }

    [Fact]
    public void A_dock_that_falls_silent_has_timed_out_unless_all_of_it_is_stored()
    {
        _book.Started();
        Assert.Equal((LogState.Timeout, "the dock said nothing more"), (_book.Due() is var r ? (r.State, r.Reason) : default));
        var other = new LogBook();
        other.Started();
        other.See("0");
        other.See("3");
        Assert.Equal(LogState.Ok, other.Due().State);
    }

    [Fact]
    public void An_upload_has_a_limit()
    {
        _book.Started();
        while (_book[1].IsOpen)
        {
            _book.Now += 60_000;
            _book.Decide(new LogDue(1, true));
            if (_book[1].IsOpen)
                _book.Say(LogBook.Export(LogState.InProgress, Of("3", LogState.InProgress)));
        }
        Assert.Equal((LogState.Timeout, "the upload took too long"), (_book[1].State, _book[1].Reason));
    }

    [Fact]
    public void One_module_is_canceled_and_the_other_goes_on()
    {
        _book.Started();
        _book.Decide(new LogCancel(1, ["0"]));
        Assert.Equal(LogCommand.Cancel, _book.Offer());
        _book.Decide(new LogCancelReply(1, 0, null));
        var request = _book.Say(LogBook.Export(LogState.InProgress, Of("0", LogState.Canceled), Of("3", LogState.InProgress, 70)));
        Assert.Equal((LogState.InProgress, LogState.Canceled), (request.State, request.Find("0")!.State));
        _book.See("3");
        Assert.Equal(LogState.Ok, _book.Say(LogBook.Export(LogState.Ok, Of("3", LogState.Ok))).State);
    }

    [Fact]
    public void A_canceled_module_that_is_not_spoken_of_again_is_canceled_after_a_while()
    {
        _book.Started();
        _book.Decide(new LogCancel(1, []));
        _book.Offer();
        _book.Decide(new LogCancelReply(1, 0, null));
        Assert.Equal(LogState.Canceled, _book.Due().State);
    }

    [Fact]
    public void A_cancel_that_is_refused_or_unanswered_leaves_the_upload_alone()
    {
        _book.Started();
        _book.Decide(new LogCancel(1, []));
        Assert.NotNull(_book.Decide(new LogCancel(1, [])).Result);
        _book.Offer();
        var refused = _book.Decide(new LogCancelReply(1, 314000, "not now")).Result!;
        Assert.Equal((LogState.InProgress, "cancel refused: not now"), (refused.State, refused.Report));
        _book.Decide(new LogCancel(1, []));
        for (var i = 0; i < _book.Settings.Tries; i++)
        {
            Assert.Equal(LogCommand.Cancel, _book.Offer());
            _book.Due();
        }
        Assert.Equal((LogState.InProgress, LogCommand.None, "cancel was not answered"), (_book[1].State, _book[1].Command, _book[1].Report));
    }

    [Fact]
    public void A_start_that_waits_for_its_dock_is_canceled_at_once()
    {
        _book.Listed();
        _book.Decide(new LogUpload(1, [new("0", [7]), new("3", [321])], LogBook.Prefix));
        Assert.Equal(["3"], _book.Decide(new LogCancel(1, ["0"])).Result!.Archives.Select(a => a.Module));
        Assert.Equal(LogState.Canceled, _book.Decide(new LogCancel(1, ["3"])).Result!.State);
        Assert.Equal("log_request_ended", _book.Decide(Ended()).Refusal!.Code);

        LogCancel Ended()
        {
            _book.Order(id: 2);
            _book.Offer();
            _book.Decide(new LogListReply(2, new(325009, null, [])));
            return new(2, []);
        }
    }
}
