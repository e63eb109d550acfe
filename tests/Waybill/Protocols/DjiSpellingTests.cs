using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class DjiSpellingTests
{
    static readonly DjiLogFile DroneFile = new(
        DjiModules.Aircraft, "DRONE", "jobs/1/drone.tar", "4f65", 155232, new(40, 2, 3, new(DjiState.FileZip, "file_zip"), 0, 1655781395000, 12));

    static readonly DjiLogFile DockFile = DroneFile with { Module = DjiModules.Dock, DeviceSn = "DOCK", Key = "jobs/1/dock.tar" };

    static readonly DjiModuleLogs DockLogs = new(DjiModules.Dock, "DOCK", 0, [new(1, 1654070968000, 1659427398000, 5), new(2, 1654070968000, 1659427398000, 6)], 0);

    public static TheoryData<string> Names => ["V12", "V14", "V18", "V116"];

    static DjiSpelling Of(string name) => name switch { "V12" => DjiSpelling.V12, "V14" => DjiSpelling.V14, "V18" => DjiSpelling.V18, _ => DjiSpelling.V116 };

    [Theory]
    [InlineData("V12", """{"method":"fileupload_progress","need_reply":0,"tid":"T","bid":"B","timestamp:":1700000000000,"gateway":"DOCK","data":{"ext":{"files":[{"module":"0","size":155232,"device_sn":"DRONE","key":"jobs/1/drone.tar","fingerprint":"4f65","progress":{"current_step":2,"prgress":40,"finish_time":1655781395000,"upload_rate":12,"result":0,"status":"file_zip"}}]},"status":"in_progress"}}""")]
    [InlineData("V14", """{"method":"fileupload_progress","need_reply":0,"tid":"T","bid":"B","timestamp:":1700000000000,"gateway":"DOCK","data":{"result":0,"output":{"ext":{"files":[{"module":0,"size":155232,"device_sn":"","key":"jobs/1/drone.tar","fingerprint":"4f65","progress":{"current_step":2,"prgress":40,"finish_time":1655781395000,"upload_rate":12,"result":0,"status":"file_zip"}}]},"status":"in_progress"}}}""")]
    [InlineData("V116", """{"method":"fileupload_progress","need_reply":0,"tid":"T","bid":"B","timestamp":1700000000000,"gateway":"DOCK","data":{"result":0,"output":{"ext":{"files":[{"module":"0","size":155232,"device_sn":"DRONE","key":"jobs/1/drone.tar","fingerprint":"4f65","progress":{"current_step":2,"total_step":3,"progress":40,"finish_time":1655781395000,"upload_rate":12,"result":0,"status":"file_zip"}}]},"status":"in_progress"}}}""")]
    public void Progress_of_logs_is_spelt_by_generation(string spelling, string json) =>
        Assert.Equal(json, DjiWire.Written(new DjiLogProgress(0, new(DjiState.InProgress, "in_progress"), [DroneFile]), Of(spelling)));

    [Theory]
    [InlineData("V12", """{"stauts":"in_progress","progress":{"percent":10,"step_key":"download_firmware"},"ext":{"rate":4096}}""")]
    [InlineData("V14", """{"result":0,"output":{"status":"in_progress","progress":{"percent":10,"step_key":"download_firmware","step_result":0},"ext":{"rate":4096}}}""")]
    [InlineData("V18", """{"result":0,"output":{"status":"in_progress","progress":{"percent":10,"current_step":1,"step_result":0},"ext":{"rate":4096}}}""")]
    [InlineData("V116", """{"result":0,"output":{"status":"in_progress","progress":{"percent":10,"current_step":"download_firmware","step_result":0},"ext":{"rate":4096}}}""")]
    public void Progress_of_upgrades_is_spelt_by_generation(string spelling, string data) =>
        Assert.EndsWith(
            "\"data\":" + data + "}",
            DjiWire.Written(new DjiOtaProgress(0, new(DjiState.InProgress, "in_progress"), 10, new(DjiOtaStage.Download, "download_firmware"), 0, 4096), Of(spelling)),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("V12", "\"timestamp:\":1700000000000,\"gateway\":\"\"", """{"result":0,"files":[{"device_sn":"DOCK","list":[{"boot_index":1,"end_time":1659427398000,"size":5,"start_time":1654070968000},{"boot_index":2,"end_ime":1659427398000,"size":6,"start_time":1654070968000}],"module":"3","result":0}]}""")]
    [InlineData("V14", "\"gateway\":\"DOCK\"", """{"result":0,"files":[{"device_sn":"","list":[{"boot_index":1,"end_time":1659427398000,"size":5,"start_time":1654070968000},{"boot_index":2,"end_ime":1659427398000,"size":6,"start_time":1654070968000}],"module":3,"result":0}]}""")]
    [InlineData("V18", "\"gateway\":\"DOCK\"", """{"result":0,"output":{"files":[{"device_sn":"DOCK","list":[{"boot_index":1,"end_time":1659427398000,"size":5,"start_time":1654070968000},{"boot_index":2,"end_ime":1659427398000,"size":6,"start_time":1654070968000}],"module":"3","result":0}]}}""")]
    [InlineData("V116", "\"timestamp\":1700000000000", """{"result":0,"files":[{"device_sn":"DOCK","list":[{"boot_index":1,"end_time":1659427398,"size":5,"start_time":1654070968},{"boot_index":2,"end_ime":1659427398,"size":6,"start_time":1654070968}],"module":"3","result":0}]}""")]
    public void Lists_are_spelt_by_generation(string spelling, string head, string data)
    {
        var json = DjiWire.Written(new DjiCommandReply(0, null, [DockLogs]), Of(spelling));
        Assert.StartsWith("{\"method\":\"m\",\"tid\":\"T\",\"bid\":\"B\",\"timestamp", json, StringComparison.Ordinal);
        Assert.Contains(head, json, StringComparison.Ordinal);
        Assert.EndsWith("\"data\":" + data + "}", json, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_one_generation_writes_the_platform_reads(string spelling)
    {
        foreach (var message in Messages)
        {
            var back = DjiWire.Up(DjiUpWriter.Topic(message), DjiWire.Written(message, Of(spelling)));
            Assert.Equivalent(Seen(message, Of(spelling)), back, strict: true);
        }
    }

    static IEnumerable<DjiUp> Messages =>
    [
        new DjiConfigAsked(),
        new DjiBindStatusAsked(["DOCK", "DRONE"]),
        new DjiOrganizationAsked("org-1", "123456"),
        new DjiBindAsked([new("DOCK", "org-1", "123456", "Roof", "3-1-0")]),
        new DjiTopology(new(3, 1, 0, "1.1.2"), [new("DRONE", "A", new(0, 67, 0, "1.1.2"))]),
        new DjiTopology(new(3, 1, 0, "1.1.2"), []),
        new DjiStorageAsked(0),
        new DjiFlightAsked("offline_map_get"),
        new DjiProperties { FirmwareVersion = "05.01.0214", Mode = 0, IsStopped = false, HasAircraft = true, WantsConsistency = true, IsUpgrading = false, Battery = 50, Aircraft = new("DRONE", "0-67-0", true, true), Storage = new(100, 5) },
        new DjiProperties(),
        new DjiMediaFile("m/a.jpg") { Name = "a.jpg", Path = "DCIM", FlightId = "F", IsOriginal = true, CreatedAt = "2021-05-10 16:04:20", Result = 3 },
        new DjiCommandReply(314000, null, []),
        new DjiCommandReply(0, new(DjiState.Sent, "sent"), []),
        new DjiCommandReply(0, null, [DockLogs, new(DjiModules.Aircraft, "DRONE", DjiErrorCodes.AircraftOff, [], 0)]),
        new DjiLogProgress(0, new(DjiState.InProgress, "in_progress"), [DroneFile, DockFile]),
        new DjiLogProgress(324012, new(DjiState.Failed, "failed"), []),
        new DjiOtaProgress(312016, new(DjiState.Failed, "failed"), 10, new(DjiOtaStage.Upgrade, "upgrade_firmware"), 312017, 4096),
    ];

    /// <summary>What a generation does not say cannot come back.</summary>
    static DjiUp Seen(DjiUp message, DjiSpelling spelling) => message switch
    {
        DjiTopology topology when spelling.HasOldTopology => new DjiTopology(topology.Gateway with { Domain = null }, [.. topology.SubDevices.Select(d => d with { Thing = d.Thing with { Domain = null } })]),
        DjiCommandReply reply when spelling.SnIsBlank => reply with { Logs = [.. reply.Logs.Select(l => l with { DeviceSn = null })] },
        DjiLogProgress progress => progress with { Files = [.. progress.Files.Select(f => Seen(f, spelling))] },
        DjiOtaProgress progress when spelling.StepIsNumber => progress with { Step = new(DjiOtaStage.Upgrade, "2") },
        _ => message,
    };

    static DjiLogFile Seen(DjiLogFile file, DjiSpelling spelling) => file with
    {
        DeviceSn = spelling.SnIsBlank ? null : file.DeviceSn,
        Progress = file.Module == DjiModules.Aircraft && !spelling.HasAllTotals ? file.Progress with { TotalSteps = null } : file.Progress,
    };

    [Fact]
    public void What_asks_for_an_answer_says_so()
    {
        Assert.Contains("\"need_reply\":1", DjiWire.Written(new DjiMediaFile("k"), DjiSpelling.V116, DjiWire.Head with { NeedReply = true }), StringComparison.Ordinal);
        Assert.Contains("\"need_reply\":1", DjiWire.Written(new DjiProperties(), DjiSpelling.V116, DjiWire.Head with { NeedReply = true }), StringComparison.Ordinal);
        Assert.DoesNotContain("need_reply", DjiWire.Written(new DjiConfigAsked(), DjiSpelling.V116), StringComparison.Ordinal);
        Assert.StartsWith("{\"tid\"", DjiWire.Written(new DjiProperties(), DjiSpelling.V116), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_not_written()
    {
        Assert.Equal("", DjiWire.Written(new DjiMediaFile(new string('k', DjiUpWriter.MaxPlain)), DjiSpelling.V116));
        Assert.Equal("", DjiWire.Written(new DjiMediaFile("\ud83d"), DjiSpelling.V116));
        var boots = Enumerable.Range(0, DjiModuleLogs.MaxBoots).Select(i => new DjiBootLog(i, 1654070968000, 1659427398000, 33789)).ToList();
        Assert.NotEqual("", DjiWire.Written(new DjiCommandReply(0, null, [new(DjiModules.Dock, "DOCK", 0, boots, 0)]), DjiSpelling.V12));
    }
}
