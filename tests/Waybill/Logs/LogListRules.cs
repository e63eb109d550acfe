using Waybill.Devices;
using Waybill.Logs;
using Xunit;

namespace Waybill.Tests.Logs;

/// <summary>Ordering, listing, choosing.</summary>
public sealed class LogListRules
{
    readonly LogBook _book = new();

    [Fact]
    public void An_order_waits_until_the_dock_listens()
    {
        var request = _book.Order();
        Assert.Equal((LogState.Pending, LogCommand.List, true), (request.State, request.Command, request.HasToTell));
        Assert.Equal(LogCommand.List, _book.Offer());
        Assert.Equal((LogState.Sent, false), (_book[1].State, _book[1].HasToTell));
        Assert.Equal(LogCommand.None, _book.Offer());
    }

    [Theory]
    [InlineData("modules_invalid")]
    [InlineData("modules_invalid", "1")]
    [InlineData("modules_invalid", "0", "0")]
    public void Modules_are_two_at_most(string code, params string[] modules) =>
        Assert.Equal(code, _book.Decide(new LogOrder(1, LogBook.Gateway, modules, GatewayCondition.Unknown)).Refusal!.Code);

    [Fact]
    public void A_dock_has_one_open_request()
    {
        _book.Order();
        Assert.Equal("log_request_open", _book.Decide(new LogOrder(2, LogBook.Gateway, ["3"], GatewayCondition.Unknown)).Refusal!.Code);
        Assert.Null(_book.Decide(new LogOrder(3, 8, ["3"], GatewayCondition.Unknown)).Refusal);
        _book.Decide(new LogCancel(1, []));
        Assert.Null(_book.Decide(new LogOrder(4, LogBook.Gateway, ["3"], GatewayCondition.Unknown)).Refusal);
    }

    [Fact]
    public void What_stands_in_the_way_is_said_before_anything_is_sent()
    {
        var here = new GatewayCondition { IsListening = true };
        Assert.Equal("dock_busy", Refused(here with { Occupation = "is upgrading" }, "3"));
        Assert.Equal("dock_busy", Refused(new() { OtherJob = "is being upgraded" }, "3"));
        Assert.Equal("aircraft_off", Refused(here with { AircraftIsOn = false }, "0"));
        Assert.Null(Refused(here with { AircraftIsOn = false }, "0", "3"));
        _book.Decide(new LogCancel(1, []));
        Assert.Null(Refused(new() { Occupation = "is working", AircraftIsOn = false }, "0"));

        string? Refused(GatewayCondition seen, params string[] modules) => _book.Decide(new LogOrder(1, LogBook.Gateway, modules, seen)).Refusal?.Code;
    }

    [Fact]
    public void A_list_is_chosen_from()
    {
        var request = _book.Listed();
        Assert.Equal((LogState.Listed, LogCommand.None), (request.State, request.Command));
        Assert.Equal([1, 2], request.Lists.Select(l => l.Boots.Count));
        Assert.Null(_book.Decide(new LogListReply(1, new(325009, "busy", []))).Result);
        Assert.Equal(LogState.Listed, _book[1].State);
    }

    [Fact]
    public void One_module_may_fail_and_the_other_be_chosen_from()
    {
        _book.Order();
        _book.Offer();
        var request = _book.Decide(new LogListReply(1, new(0, null, [LogBook.Aircraft(324015), LogBook.Dock()]))).Result!;
        Assert.Equal((LogState.Listed, 324015), (request.State, request.Lists[0].Code));
        Assert.Equal("choice_invalid", _book.Decide(new LogUpload(1, [new(LogModules.Aircraft, [7])], LogBook.Prefix)).Refusal!.Code);
    }

    [Theory]
    [InlineData(325009, nameof(LogState.Rejected))]
    [InlineData(0, nameof(LogState.Failed))]
    public void Without_anything_to_choose_it_ends(int code, string state)
    {
        _book.Order();
        _book.Offer();
        var request = _book.Decide(new LogListReply(1, new(code, code == 0 ? null : "the dock is exporting logs", [LogBook.Aircraft(324015)]))).Result!;
        Assert.Equal((state, code == 0 ? 324015 : code), (request.State.ToString(), request.Code));
        Assert.False(request.IsOpen);
        Assert.Null(request.DueAt);
    }

    [Theory]
    [InlineData("choice_invalid")]
    [InlineData("choice_invalid", "3:321", "3:322")]
    [InlineData("choice_invalid", "3:")]
    [InlineData("choice_invalid", "3:321,321")]
    [InlineData("choice_invalid", "3:7")]
    [InlineData("choice_invalid", "1:7")]
    [InlineData(null, "3:322", "0:7")]
    public void Only_what_was_listed_can_be_chosen(string? code, params string[] choices)
    {
        _book.Listed();
        Assert.Equal(code, _book.Decide(new LogUpload(1, [.. choices.Select(Choice)], LogBook.Prefix)).Refusal?.Code);
    }

    static LogChoice Choice(string text) => new(text[..1], [.. text[2..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)]);

    [Fact]
    public void Nothing_is_chosen_twice_or_before_there_is_a_list()
    {
        _book.Order();
        Assert.Equal("log_not_listed", _book.Decide(new LogUpload(1, [new("3", [321])], LogBook.Prefix)).Refusal!.Code);
        Assert.Equal("log_request_not_found", _book.Decide(new LogUpload(2, [new("3", [321])], LogBook.Prefix)).Refusal!.Code);
        _book.Decide(new LogCancel(1, []));
        var other = new LogBook();
        other.Started();
        Assert.Equal("log_not_listed", other.Decide(new LogUpload(1, [new("3", [321])], LogBook.Prefix)).Refusal!.Code);
    }

    [Fact]
    public void A_list_that_is_not_answered_is_asked_for_three_times()
    {
        _book.Order();
        for (var i = 0; i < _book.Settings.Tries; i++)
        {
            Assert.Equal(LogCommand.List, _book.Offer());
            _book.Due();
        }
        Assert.Equal((LogState.Timeout, "the dock did not answer"), (_book[1].State, _book[1].Reason));
    }

    [Fact]
    public void A_dock_that_went_away_is_asked_again_when_it_comes()
    {
        _book.Order();
        _book.Offer();
        Assert.Equal((LogState.Pending, true), (_book.Due(isListening: false) is var r ? (r.State, r.HasToTell) : default));
        Assert.Equal(LogCommand.List, _book.Offer(again: true));
        Assert.Equal(LogCommand.List, _book.Offer(again: true));
        Assert.Equal((LogState.Timeout, false), (Ended().State, Ended().IsOpen));

        LogRequest Ended()
        {
            _book.Now = _book[1].DeadlineAt;
            _book.Decide(new LogDue(1, false));
            return _book[1];
        }
    }

    [Fact]
    public void Before_the_dock_knows_a_cancel_ends_it_at_once()
    {
        _book.Listed();
        Assert.Equal("modules_invalid", _book.Decide(new LogCancel(1, ["5"])).Refusal!.Code);
        var rest = _book.Decide(new LogCancel(1, [LogModules.Aircraft])).Result!;
        Assert.Equal((LogState.Listed, LogModules.Dock), (rest.State, Assert.Single(rest.Lists).Module));
        Assert.Equal(LogState.Canceled, _book.Decide(new LogCancel(1, [LogModules.Dock])).Result!.State);
        Assert.Equal(LogState.Canceled, _book.Decide(new LogCancel(1, [])).Result!.State);
        Assert.Equal("log_request_not_found", _book.Decide(new LogCancel(2, [])).Refusal!.Code);
    }
}
