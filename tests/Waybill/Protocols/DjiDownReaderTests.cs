using Waybill.Protocols;
using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class DjiDownReaderTests
{
    static readonly DjiStorage Storage = new("minio", "http://192.168.1.1:9000", "us-east-1", "logs", new("KEY", "SECRET", "TOKEN", DjiWire.Now + 3600_000));
    static readonly DjiPackage Package = new("https://files.example/o/abc", Md5Digest.FromBytes(new byte[16]), 653467234, "wm245_1.00.223.zip");

    [Fact]
    public void Commands_come_back_as_they_were_given()
    {
        DjiCommand[] commands =
        [
            new DjiListLogs([DjiModules.Aircraft, DjiModules.Dock]),
            new DjiCancelLogs([DjiModules.Dock]),
            new DjiStartLogs(Storage, "jobs/1/", [new("DOCK", DjiModules.Dock, "jobs/1/dock.tar", [new(321, 1654070968000, 1659427398000, 33789), new(322)])]),
            new DjiCreateOta([new("DRONE", "1.00.223", DjiUpgradeType.Consistency, null), new("DOCK", "10.01.32.05", DjiUpgradeType.Normal, Package)]),
        ];
        foreach (var command in commands)
            Assert.Equivalent(command, DjiWire.Down(DjiTopicKind.Services, DjiWire.Written(command)), strict: true);
    }

    [Theory]
    [InlineData("m")]
    [InlineData("airport_bind_status")]
    [InlineData("airport_organization_get")]
    [InlineData("airport_organization_bind")]
    [InlineData("storage_config_get")]
    [InlineData("config")]
    public void Answers_come_back_as_they_were_given(string method)
    {
        DjiAnswer answer = method switch
        {
            "airport_bind_status" => new DjiBindStatus([new("DOCK", new("Fire brigade", "org-1"), "Roof"), new("DRONE", null, "")]),
            "airport_organization_get" => new DjiOrganization("Fire brigade"),
            "airport_organization_bind" => new DjiBindOutcome([new("DOCK", 0), new("DRONE", DjiErrorCodes.BadBindingCode)]),
            "storage_config_get" => new DjiMediaStorage(Storage, "media/DOCK/"),
            "config" => new DjiConfig("12345", "key", "licence", "ntp.example", 124),
            _ => new DjiResult(DjiErrorCodes.NotPossible),
        };
        Assert.Equivalent(answer, DjiWire.Down(DjiTopicKind.RequestsReply, DjiWire.Written(answer, method)), strict: true);
        Assert.Equal(new DjiResult(5), DjiWire.Down(DjiTopicKind.RequestsReply, DjiWire.Written(new DjiResult(5), method)));
    }

    [Theory]
    [InlineData(DjiTopicKind.EventsReply, """{"data":{"result":0}}""", 0)]
    [InlineData(DjiTopicKind.StatusReply, """{"method":"update_topo","data":{"result":"7"}}""", 7)]
    [InlineData(DjiTopicKind.StateReply, """{"data":[]}""", 0)]
    [InlineData(DjiTopicKind.RequestsReply, """{"method":"airport_bind_status"}""", 0)]
    [InlineData(DjiTopicKind.RequestsReply, """{"method":"storage_config_get","data":{"result":0,"output":{"bucket":"b"}}}""", 0)]
    public void Any_other_answer_is_a_result(DjiTopicKind kind, string json, int code) => Assert.Equal(new DjiResult(code), DjiWire.Down(kind, json));

    [Fact]
    public void The_oldest_platform_leaves_keys_and_regions_out()
    {
        var start = Assert.IsType<DjiStartLogs>(DjiWire.Down(DjiTopicKind.Services, """
            {"bid":"b","tid":"t","timestamp":1659429523120,"method":"fileupload_start","data":{"bucket":"stg","credentials":{"access_key_id":"STS.id","access_key_secret":"s","expire":1659432522000,"security_token":"t"},
            "endpoint":"https://oss-cn-hangzhou.aliyuncs.com","file_store_dir":"fileRecord/cn/","file_type":"text_log","params":{"files":[{"device_sn":"4TADK7E0000003","list":[{"boot_index":321},{"boot_index":322}],"module":"3"}]},"provider":"ali"}}
            """));
        Assert.Equal(("", "fileRecord/cn/", 1659432522000), (start.Storage.Region, start.Directory, start.Storage.Credentials.ExpiresAt));
        var file = Assert.Single(start.Files);
        Assert.Equal(("4TADK7E0000003", "3", ""), (file.DeviceSn, file.Module, file.ObjectKey));
        Assert.Equal([new(321), new(322)], file.Boots);
    }

    [Theory]
    [InlineData("""{"method":"fileupload_list","data":{"module_list":[]}}""")]
    [InlineData("""{"method":"fileupload_list","data":""}""")]
    [InlineData("""{"method":"fileupload_update","data":{"status":"pause","module_list":["3"]}}""")]
    [InlineData("""{"method":"fileupload_update","data":{"status":"cancel"}}""")]
    [InlineData("""{"method":"fileupload_start","data":{"bucket":"b"}}""")]
    [InlineData("""{"method":"fileupload_start","data":{"bucket":"b","endpoint":"e","provider":"p","credentials":{"access_key_id":"i","access_key_secret":"s"},"params":{"files":[{"module":"3","list":[]}]}}}""")]
    [InlineData("""{"method":"ota_create","data":{"devices":[]}}""")]
    [InlineData("""{"method":"ota_create","data":{"devices":[{"sn":"a","product_version":"1","firmware_upgrade_type":3,"file_url":"u","md5":"short","file_size":1,"file_name":"n"}]}}""")]
    public void A_command_that_cannot_be_followed_is_bad(string json) => Assert.IsType<DjiBadCommand>(DjiWire.Down(DjiTopicKind.Services, json));

    [Fact]
    public void An_unknown_command_is_named()
    {
        Assert.Equal(new DjiOtherCommand("drone_open"), DjiWire.Down(DjiTopicKind.Services, """{"method":"drone_open","data":""}"""));
        Assert.Equal(new DjiOtherCommand(null), DjiWire.Down(DjiTopicKind.Services, "{}"));
        Assert.False(DjiDownReader.TryRead(DjiTopicKind.Services, "[]"u8, out _, out _, out var fault));
        Assert.Equal(WireFaultKind.Nonsense, fault.Kind);
    }
}
