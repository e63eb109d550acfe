using System.Buffers;
using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class DjiLogCommandsTests
{
    static readonly DjiHead Head = new("T", "B", null, "DOCK", 1700000000000);
    static readonly DjiStorage Storage = new("minio", "http://192.168.1.1:9000", "us-east-1", "logs", new("KEY", "SECRET", "TOKEN+/=", 1700003600000));
    static readonly DjiLogChoice Dock = new("DOCK", DjiModules.Dock, "jobs/1/dock.tar", [new(321, 1654070968000, 1659427398000, 33789), new(322)]);
    static readonly DjiLogChoice Drone = new("DRONE", DjiModules.Aircraft, "jobs/1/drone.tar", [new(7)]);

    static string Written(Func<ArrayBufferWriter<byte>, bool> write)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(write(output), output.WrittenCount > 0);
        return output.Text();
    }

    [Fact]
    public void A_list_names_modules_as_text() =>
        Assert.Equal(
            """{"tid":"T","bid":"B","timestamp":1700000000000,"gateway":"DOCK","method":"fileupload_list","data":{"module_list":["0","3"]}}""",
            Written(o => DjiLogCommands.TryList(o, Head, [DjiModules.Aircraft, DjiModules.Dock])));

    [Fact]
    public void A_cancel_is_for_modules() =>
        Assert.Equal(
            """{"tid":"T","bid":"B","timestamp":1700000000000,"gateway":"DOCK","method":"fileupload_update","data":{"status":"cancel","module_list":["3"]}}""",
            Written(o => DjiLogCommands.TryCancel(o, Head, [DjiModules.Dock])));

    [Fact]
    public void A_start_has_the_fields_of_every_generation() =>
        Assert.Equal(
            """{"tid":"T","bid":"B","timestamp":1700000000000,"gateway":"DOCK","method":"fileupload_start","data":{"""
            + "\"bucket\"" + """:"logs","region":"us-east-1","endpoint":"http://192.168.1.1:9000","provider":"minio","""
            + "\"credentials\"" + """:{"access_key_id":"KEY","access_key_secret":"SECRET","security_token":"TOKEN+/=","expire":1700003600000},"""
            + "\"file_store_dir\"" + """:"jobs/1/","file_type":"text_log","params":{"files":["""
            + """{"device_sn":"DOCK","module":"3","object_key":"jobs/1/dock.tar","list":[{"boot_index":321,"start_time":1654070968000,"end_time":1659427398000,"size":33789},{"boot_index":322}]},"""
            + """{"device_sn":"DRONE","module":"0","object_key":"jobs/1/drone.tar","list":[{"boot_index":7}]}]}}}""",
            Written(o => DjiLogCommands.TryStart(o, Head, Storage, "jobs/1/", [Dock, Drone])));

    public static TheoryData<DjiStorage, DjiLogChoice[]> Impossible => new()
    {
        { Storage with { Endpoint = "192.168.1.1:9000" }, [Dock] },
        { Storage with { Provider = "cos" }, [Dock] },
        { Storage with { Bucket = "" }, [Dock] },
        { Storage with { Region = "" }, [Dock] },
        { Storage with { Credentials = Storage.Credentials with { Secret = "" } }, [Dock] },
        { Storage, [] },
        { Storage, [Dock, Dock] },
        { Storage, [Dock, Drone, Drone with { Module = "1" }] },
        { Storage, [Dock with { Boots = [] }] },
        { Storage, [Dock with { ObjectKey = "" }] },
        { Storage, [Dock with { ObjectKey = "\ud83d" }] },
        { Storage, [Dock with { Boots = [.. Enumerable.Range(0, 5000).Select(i => new DjiBootLog(i, 1654070968000, 1659427398000, 33789))] }] },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void What_no_dock_could_follow_is_not_written(DjiStorage storage, DjiLogChoice[] files) =>
        Assert.Equal("", Written(o => DjiLogCommands.TryStart(o, Head, storage, "", files)));

    [Fact]
    public void Nothing_is_asked_of_no_module()
    {
        Assert.Equal("", Written(o => DjiLogCommands.TryList(o, Head, [])));
        Assert.Equal("", Written(o => DjiLogCommands.TryCancel(o, Head, [])));
    }

    [Fact]
    public void Credentials_show_no_secret()
    {
        Assert.DoesNotContain("SECRET", Storage.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("TOKEN", Storage.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("KEY", Storage.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Codes_have_meanings_and_unknown_ones_none()
    {
        Assert.Equal("the aircraft is off or not connected", DjiErrorCodes.Meaning(324015));
        Assert.Equal("the upgrade failed, try again", DjiErrorCodes.Meaning(312003));
        Assert.Equal("the dock is exporting logs", DjiErrorCodes.Meaning(325009));
        Assert.Equal("the device is upgrading", DjiErrorCodes.Meaning(319038));
        Assert.Equal("the emergency stop is pressed", DjiErrorCodes.Meaning(316026));
        Assert.Equal("the binding code is wrong", DjiErrorCodes.Meaning(210229));
        Assert.All([0, 1, -324015, 312999, 324999, 210000, 314001, 325002, int.MaxValue, int.MinValue], code => Assert.Null(DjiErrorCodes.Meaning(code)));
    }
}
