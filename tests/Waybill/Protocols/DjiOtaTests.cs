using System.Buffers;
using Waybill.Protocols;
using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class DjiOtaTests
{
    static readonly DjiHead Head = new("T", "B", null, "DOCK", 1700000000000);
    static readonly DjiPackage Package = new("https://files.example/o/abc", new Md5Digest(0xABCDEF), 653467234, "wm245_1.00.223.zip");
    static readonly DjiOtaDevice Drone = new("DRONE", "1.00.223", DjiUpgradeType.Consistency, Package);
    static readonly DjiOtaDevice Dock = new("DOCK", "10.01.32.05", DjiUpgradeType.Normal, Package);

    static DjiUp Read(string data) =>
        DjiUpReader.TryRead(DjiTopicKind.Events, Bytes.Of("{\"method\":\"ota_progress\",\"data\":" + data + "}"), out _, out var message, out var fault)
            ? message
            : throw new FormatException(fault.Reason);

    static DjiOtaProgress Progress(string data) => Assert.IsType<DjiOtaProgress>(Read(data));

    static string Written(params DjiOtaDevice[] devices)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(DjiOtaCommands.TryCreate(output, Head, devices), output.WrittenCount > 0);
        return output.Text();
    }

    [Theory]
    [InlineData("""{"result":0,"output":{"status":"in_progress","progress":{"percent":10,"step_key":"download_firmware"},"ext":{"rate":4096}}}""")]
    [InlineData("""{"result":0,"output":{"stauts":"in_progress","progress":{"percent":"10","current_step":"download_firmware","step_result":0},"ext":{"rate":4096.5}}}""")]
    [InlineData("""{"stauts":"in_progress","progress":{"percent":10.0,"step_key":"download_firmware"},"ext":{"rate":"4096"}}""")]
    public void Every_generation_of_progress_reads_the_same(string data) =>
        Assert.Equal(
            new DjiOtaProgress(0, new(DjiState.InProgress, "in_progress"), 10, new(DjiOtaStage.Download, "download_firmware"), 0, 4096),
            Progress(data));

    [Theory]
    [InlineData("\"current_step\":1", DjiOtaStage.Download, "1")]
    [InlineData("\"current_step\":\"2\"", DjiOtaStage.Upgrade, "2")]
    [InlineData("\"current_step\":\"upgrade_firmware\",\"step_key\":\"download_firmware\"", DjiOtaStage.Upgrade, "upgrade_firmware")]
    [InlineData("\"current_step\":null,\"step_key\":\"upgrade_firmware\"", DjiOtaStage.Upgrade, "upgrade_firmware")]
    [InlineData("\"step_key\":\"brand_new\"", DjiOtaStage.Unknown, "brand_new")]
    [InlineData("\"current_step\":7", DjiOtaStage.Unknown, "7")]
    public void Steps_are_words_or_numbers(string progress, DjiOtaStage stage, string word) =>
        Assert.Equal(new DjiOtaStep(stage, word), Progress("{\"output\":{\"progress\":{\"percent\":1," + progress + "}}}").Step);

    [Theory]
    [InlineData("""{"output":{"status":"ok"}}""", false, 0)]
    [InlineData("""{"result":312014,"output":{"status":"in_progress"}}""", true, 312014)]
    [InlineData("""{"result":0,"output":{"status":"in_progress","progress":{"step_result":312016}}}""", true, 312016)]
    [InlineData("""{"result":0,"output":{"status":"rejected"}}""", true, 0)]
    [InlineData("""{"output":{"status":"timeout"}}""", true, 0)]
    [InlineData("""{"output":{"status":"paused"}}""", false, 0)]
    public void A_state_or_a_code_fails_an_upgrade(string data, bool fails, int code)
    {
        var progress = Progress(data);
        Assert.Equal((fails, code), (progress.IsFailure, progress.Code));
    }

    [Fact]
    public void What_a_progress_lacks_is_not_invented()
    {
        Assert.Equal(new DjiOtaProgress(0, null, null, null, 0, null), Progress("{}"));
        Assert.Equal(new DjiOtaProgress(0, null, null, null, 0, null), Progress("""{"output":"","progress":[],"ext":{"rate":-1}}"""));
        Assert.Null(Progress("""{"output":{"progress":{"percent":101}}}""").Percent);
        Assert.IsType<DjiUnusable>(Read("[]"));
    }

    [Theory]
    [InlineData("in_progress", DjiState.InProgress)]
    [InlineData("sent", DjiState.Sent)]
    public void The_answer_to_ota_create_has_a_state(string word, DjiState state)
    {
        var json = "{\"method\":\"ota_create\",\"timestamp:\":1654070968655,\"data\":{\"result\":0,\"output\":{\"status\":\"" + word + "\"}}}";
        Assert.True(DjiUpReader.TryRead(DjiTopicKind.ServicesReply, Bytes.Of(json), out _, out var message, out _));
        var reply = Assert.IsType<DjiCommandReply>(message);
        Assert.Equal((0, new DjiStatus(state, word)), (reply.Result, reply.Status));
    }

    [Fact]
    public void An_upgrade_of_aircraft_and_dock_is_one_command() =>
        Assert.Equal(
            """{"tid":"T","bid":"B","timestamp":1700000000000,"gateway":"DOCK","method":"ota_create","data":{"devices":["""
            + """{"sn":"DRONE","product_version":"1.00.223","file_url":"https://files.example/o/abc","md5":"00000000000000000000000000abcdef","file_size":653467234,"file_name":"wm245_1.00.223.zip","firmware_upgrade_type":2},"""
            + """{"sn":"DOCK","product_version":"10.01.32.05","file_url":"https://files.example/o/abc","md5":"00000000000000000000000000abcdef","file_size":653467234,"file_name":"wm245_1.00.223.zip","firmware_upgrade_type":3}]}}""",
            Written(Drone, Dock));

    [Fact]
    public void Only_a_consistency_upgrade_goes_without_a_package()
    {
        Assert.EndsWith("""{"sn":"DRONE","product_version":"1.00.223","firmware_upgrade_type":2}]}}""", Written(Drone with { Package = null }), StringComparison.Ordinal);
        Assert.Equal("", Written(Dock with { Package = null }));
        Assert.Equal("", Written(Dock with { Package = null, Type = DjiUpgradeType.Psdk }));
        Assert.EndsWith("\"firmware_upgrade_type\":4}]}}", Written(Dock with { Type = DjiUpgradeType.Psdk }), StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_dock_could_follow_is_not_written()
    {
        Assert.Equal("", Written());
        Assert.Equal("", Written(Dock, Dock));
        Assert.Equal("", Written(Dock, Drone, Drone with { Sn = "X" }));
        Assert.Equal("", Written(Dock with { Type = (DjiUpgradeType)1 }));
        Assert.Equal("", Written(Dock with { Version = "" }));
        Assert.Equal("", Written(Dock with { Package = Package with { Size = 0 } }));
        Assert.Equal("", Written(Dock with { Package = Package with { Url = "" } }));
        Assert.Equal("", Written(Dock with { Package = Package with { Url = new string('u', DjiOtaCommands.MaxPayload) } }));
    }
}
