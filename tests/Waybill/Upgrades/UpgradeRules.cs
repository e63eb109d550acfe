using Waybill.Devices;
using Waybill.Upgrades;
using Xunit;

namespace Waybill.Tests.Upgrades;

public sealed class UpgradeRules
{
    const long Gateway = 7;

    static readonly UpgradeSettings Settings = new();
    static readonly UpgradeTarget Dock = new() { Sn = "DOCK", Version = "1.00.224", Type = 3, FileName = "wm245.zip", Before = "1.00.223" };
    static readonly UpgradeTarget Drone = new() { Sn = "DRONE", Version = "1.00.224", Type = 2, Before = "1.00.224" };
    static readonly ReportedUpgrade Accepted = new() { State = UpgradeState.Sent };
    static readonly ReportedUpgrade Downloading = new() { State = UpgradeState.InProgress, Stage = "download_firmware", Percent = 10, Rate = 4096 };
    static readonly ReportedUpgrade Writing = new() { State = UpgradeState.InProgress, Stage = "upgrade_firmware", IsWriting = true };
    static readonly ReportedUpgrade Done = Writing with { State = UpgradeState.Ok, Percent = 100 };

    readonly Dictionary<long, Upgrade> _rows = [];
    long _now = 1_700_000_000_000;

    T Decide<T>(T message)
        where T : JobMessage<Upgrade, UpgradeSettings>
    {
        var view = new JobView<Upgrade>();
        message.Need(view);
        foreach (var row in _rows.Values.Where(r => view.NeededIds.Contains(r.Id) || (r.IsOpen && view.NeededGateways.Contains(r.GatewayId))))
            view.Loaded(row);
        message.Decide(view, new(_now, Settings));
        foreach (var (_, after) in view.Changed)
            _rows[after.Id] = after;
        return message;
    }

    string? Order(GatewayCondition seen, params UpgradeTarget[] targets) => Decide(new UpgradeOrder(1, new(Gateway, "DOCK", seen), targets)).Refusal?.Code;

    Upgrade Begun(params UpgradeTarget[] targets)
    {
        Assert.Null(Order(GatewayCondition.Unknown, targets));
        Assert.NotNull(Decide(new UpgradeOffer(Gateway)).Result);
        return Decide(new UpgradeReply(1, Accepted)).Result!;
    }

    Upgrade Say(ReportedUpgrade reported, long? id = 1)
    {
        Decide(new UpgradeProgress(Gateway, id, reported));
        return _rows[1];
    }

    Upgrade See(string sn, string version)
    {
        Decide(new VersionSeen(Gateway, sn, version));
        return _rows[1];
    }

    Upgrade Due()
    {
        _now = _rows[1].DueAt!.Value;
        Decide(new UpgradeDue(1));
        return _rows[1];
    }

    public static TheoryData<string, string> Obstacles => new()
    {
        { "busy", "dock_busy" },
        { "job", "dock_busy" },
        { "stop", "emergency_stop" },
        { "away", "aircraft_away" },
        { "low", "battery_low" },
    };

    [Theory]
    [MemberData(nameof(Obstacles))]
    public void What_stands_in_the_way_is_said_before_anything_is_sent(string obstacle, string code)
    {
        var here = new GatewayCondition { IsListening = true, AircraftSn = "DRONE", AircraftIsHome = true, Battery = 21 };
        Assert.Equal(code, Order(
            obstacle switch
            {
                "busy" => here with { Occupation = "is working" },
                "job" => new() { OtherJob = "is exporting logs" },
                "stop" => here with { IsStopped = true },
                "away" => here with { AircraftIsHome = false },
                _ => here with { Battery = 20 },
            },
            Dock,
            Drone));
        Assert.Null(Order(here, Dock, Drone));
    }

    [Fact]
    public void A_dock_alone_needs_no_aircraft_and_one_that_is_away_is_told_later()
    {
        Assert.Null(Order(new() { IsListening = true, AircraftIsHome = false, Battery = 3 }, Dock));
        Decide(new UpgradeCancel(1));
        Assert.Null(Order(new() { Occupation = "is working", IsStopped = true }, Dock));
    }

    [Fact]
    public void What_no_dock_could_do_is_refused()
    {
        var seen = new GatewayCondition { AircraftSn = "DRONE" };
        Assert.Equal("upgrade_invalid", Order(seen));
        Assert.Equal("upgrade_invalid", Order(seen, Dock, Dock));
        Assert.Equal("upgrade_invalid", Order(seen, Dock, Drone with { Sn = "OTHER" }));
        Assert.Equal("upgrade_invalid", Order(seen, Dock with { Type = 1 }));
        Assert.Equal("upgrade_invalid", Order(seen, Dock with { Type = 5 }));
        Assert.Equal("upgrade_invalid", Order(seen, Dock with { Version = "" }));
        Assert.Equal("upgrade_invalid", Order(seen, Dock with { FileName = null }));
        Assert.Null(Order(seen, Drone, Dock));
        Assert.Equal("upgrade_open", Decide(new UpgradeOrder(2, new(Gateway, "DOCK", seen), [Dock])).Refusal!.Code);
    }

    [Fact]
    public void A_dock_is_told_once()
    {
        Order(GatewayCondition.Unknown, Dock);
        Assert.Equal(UpgradeState.Sent, Decide(new UpgradeOffer(Gateway)).Result!.State);
        Assert.Null(Decide(new UpgradeOffer(Gateway)).Result);
        var unknown = Due();
        Assert.Equal((UpgradeState.InProgress, UpgradeStep.Unknown), (unknown.State, unknown.Step));
        Assert.Null(Decide(new UpgradeOffer(Gateway)).Result);
        Assert.Equal((UpgradeState.InProgress, UpgradeStep.None), (Say(Downloading) is var u ? (u.State, u.Step) : default));
    }

    [Fact]
    public void A_refusal_keeps_its_code()
    {
        Order(GatewayCondition.Unknown, Dock);
        Decide(new UpgradeOffer(Gateway));
        var refused = Decide(new UpgradeReply(1, new() { Code = 312015, Reason = "the dock is busy" })).Result!;
        Assert.Equal((UpgradeState.Rejected, 312015, "the dock is busy"), (refused.State, refused.Code, refused.Reason));
        Assert.Null(Decide(new UpgradeReply(1, Accepted)).Result);
    }

    [Fact]
    public void One_stream_of_progress_is_that_of_all()
    {
        Assert.Equal(UpgradeState.Sent, Begun(Dock, Drone).State);
        var upgrade = Say(Downloading);
        Assert.Equal((UpgradeState.InProgress, "download_firmware", 10, 4096), (upgrade.State, upgrade.Stage, upgrade.Percent, upgrade.Rate));
        Assert.Equal(UpgradeState.Paused, Say(Downloading with { State = UpgradeState.Paused }).State);
        Assert.Equal((0, true), (Say(Writing with { Percent = 0 }, id: null) is var w ? (w.Percent, w.IsWriting) : default));
        Assert.Null(Decide(new UpgradeProgress(8, 1, Done)).Result);
    }

    [Fact]
    public void Ok_needs_the_word_and_every_version()
    {
        Begun(Dock, Drone);
        Say(Writing);
        Decide(new GatewayReturned(Gateway));
        See("DOCK", "1.00.224");
        Assert.Equal((UpgradeState.InProgress, UpgradeStep.Verifying), (Say(Done) is var u ? (u.State, u.Step) : default));
        Assert.Equal(UpgradeState.Ok, See("DRONE", "1.00.224").State);
    }

    [Fact]
    public void Versions_alone_will_do_where_they_were_others_before()
    {
        Begun(Dock);
        Assert.Equal(UpgradeState.Sent, See("DOCK", "1.00.224").State);
        Say(Writing);
        Assert.Equal(UpgradeState.InProgress, See("DOCK", "1.00.223").State);
        Assert.Equal((UpgradeState.Ok, 100), (See("DOCK", "1.00.224") is var u ? (u.State, u.Percent) : default));
    }

    [Fact]
    public void A_version_that_was_the_same_before_needs_the_word_or_a_long_silence()
    {
        Begun(Drone);
        Say(Writing);
        Assert.Equal(UpgradeState.InProgress, See("DRONE", "1.00.224").State);
        Assert.Equal(UpgradeState.Ok, Due().State);
    }

    [Fact]
    public void A_restart_nobody_announced_makes_versions_count()
    {
        Begun(Dock);
        Say(Downloading);
        Assert.False(See("DOCK", "1.00.224").IsWriting);
        Decide(new GatewayReturned(Gateway));
        Assert.Equal(UpgradeState.Ok, See("DOCK", "1.00.224").State);
    }

    [Fact]
    public void An_answered_one_that_is_silent_has_timed_out_and_is_not_unknown()
    {
        Begun(Dock);
        Assert.Equal(UpgradeState.Timeout, Due().State);
    }

    [Fact]
    public void A_word_without_the_version_fails_after_its_grace_whatever_is_repeated()
    {
        Begun(Dock);
        var due = Say(Done).DueAt;
        _now += 1000;
        Assert.Equal(due, Say(Done).DueAt);
        See("DOCK", "1.00.223");
        Assert.Equal((UpgradeState.Failed, "the dock said ok, but DOCK runs 1.00.223"), (Due() is var u ? (u.State, u.Reason) : default));
    }

    [Fact]
    public void A_code_fails_it_whatever_the_state_says_and_the_end_is_final()
    {
        Begun(Dock);
        var failed = Say(Writing with { Code = 312023, Reason = "the driving rods did not close" });
        Assert.Equal((UpgradeState.Failed, 312023, "the driving rods did not close"), (failed.State, failed.Code, failed.Reason));
        var late = Say(Done);
        Assert.Equal((UpgradeState.Failed, "ok 0 upgrade_firmware 100"), (late.State, late.Report));
        Assert.Equal(UpgradeState.Failed, See("DOCK", "1.00.224").State);
    }

    [Fact]
    public void A_dock_that_falls_silent_or_never_comes_has_timed_out()
    {
        Begun(Dock);
        Say(Downloading);
        Assert.Equal((UpgradeState.Timeout, "the dock said nothing more"), (Due() is var u ? (u.State, u.Reason) : default));
        _rows.Clear();
        Order(GatewayCondition.Unknown, Dock);
        Assert.Equal((UpgradeState.Timeout, "the dock did not come before the deadline"), (Due() is var v ? (v.State, v.Reason) : default));
    }

    [Fact]
    public void Only_what_the_dock_does_not_know_can_be_canceled()
    {
        Assert.Equal("upgrade_not_found", Decide(new UpgradeCancel(1)).Refusal!.Code);
        Begun(Dock);
        Assert.Equal("upgrade_begun", Decide(new UpgradeCancel(1)).Refusal!.Code);
        Say(Writing with { State = UpgradeState.Failed });
        Assert.Equal("upgrade_ended", Decide(new UpgradeCancel(1)).Refusal!.Code);
        Order(GatewayCondition.Unknown, Dock);
        Assert.Equal(UpgradeState.Canceled, Decide(new UpgradeCancel(1)).Result!.State);
        Assert.Equal(UpgradeState.Canceled, Decide(new UpgradeCancel(1)).Result!.State);
    }
}
