using Waybill.Data;
using Waybill.Devices;
using Waybill.Dialects.DjiCloud;
using Waybill.Logs;
using Waybill.Protocols.DjiCloud;
using Waybill.Tests.Protocols;
using Xunit;

namespace Waybill.Tests.Dialects;

public sealed class DjiReportsTests
{
    public static TheoryData<string> Jobs =>
        [.. Transcript.Of("DjiCloud").Select(t => t.Name).Where(n => n.StartsWith("logs", StringComparison.Ordinal) || n.StartsWith("upgrade", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Jobs))]
    public void Every_transcript_of_a_job_comes_true(string name)
    {
        using var play = new DjiTranscriptPlay();
        play.Run(Transcript.Of("DjiCloud").Single(t => t.Name == name));
    }

    [Fact]
    public void A_bid_leads_to_its_job_and_no_other_text_does()
    {
        using var seal = new Seal(new byte[16]);
        var ids = new DjiJobIds(seal);
        foreach (var purpose in new[] { SealPurpose.LogList, SealPurpose.LogStart, SealPurpose.LogCancel, SealPurpose.Upgrade })
        {
            var bid = ids.Bid(new(purpose, 4711));
            Assert.Matches("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", bid);
            Assert.Equal(new(purpose, 4711), ids.Read(bid));
            Assert.Equal(bid, ids.Bid(new(purpose, 4711)));
        }
        Assert.Null(ids.Read(null));
        Assert.Null(ids.Read("B"));
        Assert.Null(ids.Read("00000000-0000-0000-0000-000000000000"));
        Assert.Null(ids.Read(ids.Bid(new(SealPurpose.DownloadUrl, 1))));
    }

    [Fact]
    public void A_key_leads_to_its_request()
    {
        using var seal = new Seal(new byte[16]);
        var ids = new DjiJobIds(seal);
        var prefix = ids.Prefix(4711);
        Assert.Equal(4711, ids.OfKey(prefix + "dock.tar"));
        Assert.Equal(4711, ids.OfKey(prefix + "DOCK/DOCK_airport_log.tar"));
        Assert.All([null, "", "logs/", prefix[..^1], "x" + prefix, prefix.Replace("logs/", "media/", StringComparison.Ordinal), "logs/0123456789012345678901/"], key => Assert.Null(ids.OfKey(key)));
    }

    [Fact]
    public void Files_of_one_module_are_one_archive()
    {
        var one = new DjiLogFile("3", "DOCK", "k/boot_1.log", "a", 10, new(100, null, null, DjiStatus.Of(DjiState.Ok), 0, null, null));
        var two = one with { Key = "k/boot_2.log", Size = 20, Progress = new(50, null, null, DjiStatus.Of(DjiState.FileUploading), 0, null, null) };
        var archive = Assert.Single(DjiLogReports.Export(new(0, null, [one, two])).Archives);
        Assert.Equal(("3", LogState.InProgress, "file_uploading", 75, 30L), (archive.Module, archive.State, archive.Stage, archive.Percent, archive.Size));
        Assert.Equal(LogState.Ok, DjiLogReports.Export(new(0, null, [one, one])).Archives[0].State);
        var failed = two with { Progress = two.Progress with { Result = 324019, Status = DjiStatus.Of(DjiState.Failed) } };
        archive = DjiLogReports.Export(new(0, null, [one, failed])).Archives[0];
        Assert.Equal((LogState.Failed, 324019, "the upload failed: network, endpoint or credentials (324019)"), (archive.State, archive.Code, archive.Reason));
    }

    [Fact]
    public void Lists_find_their_module_and_their_device()
    {
        var reply = new DjiCommandReply(0, null, [new(null, "DRONE", 0, [new(7), new(7)], 0), new("3", null, 0, [], 0), new(null, "?", 0, [], 0), new(null, null, 0, [], 0)]);
        var lists = DjiLogReports.Lists(reply, "DOCK", "DRONE").Lists;
        Assert.Equal([("0", "DRONE", 1), ("3", "DOCK", 0)], lists.Select(l => (l.Module, l.DeviceSn, l.Boots.Count)));
    }

    [Fact]
    public void Unknown_codes_and_states_are_kept_as_they_are()
    {
        Assert.Equal("the dock reported code 324999", DjiLogReports.Meaning(324999));
        Assert.Null(DjiLogReports.Meaning(0));
        Assert.Null(DjiLogReports.Meaning(null));
        Assert.Null(DjiLogReports.State(new(DjiState.Unknown, "brand_new")));
    }

    [Fact]
    public void A_condition_is_put_together_from_what_comes()
    {
        var seen = GatewayCondition.Unknown
            .Of(new DjiTopology(new(3, 1, 0, null), [new("DRONE", "A", new(0, 67, 0, null))]))
            .OfDock(new() { Mode = DjiDockMode.Working, HasAircraft = true, Battery = 80, IsStopped = false })
            .OfDock(new() { FirmwareVersion = "1" })
            .OfAircraft(new() { Mode = 14, Battery = 79 });
        Assert.Equal(new() { AircraftSn = "DRONE", AircraftIsOn = true, AircraftIsHome = true, Battery = 79, IsStopped = false, Occupation = "is working" }, seen);
        Assert.Null(seen.OfDock(new() { Mode = DjiDockMode.Idle }).Occupation);
        Assert.Equal("is upgrading", seen.OfDock(new() { IsUpgrading = true }).Occupation);
        Assert.Null(seen.OfDock(new() { IsUpgrading = true }).OfDock(new() { IsUpgrading = false }).Occupation);
        Assert.Equal("is working", seen.OfDock(new() { IsUpgrading = false }).Occupation);
        var off = seen.Of(new DjiTopology(new(3, 1, 0, null), []));
        Assert.Equal((false, "DRONE"), (off.AircraftIsOn, off.AircraftSn));
    }
}
