using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class DjiLogReaderTests
{
    static DjiUp Read(DjiTopicKind kind, string method, string data) =>
        DjiUpReader.TryRead(kind, Bytes.Of("{\"method\":\"" + method + "\",\"data\":" + data + "}"), out _, out var message, out var fault) ? message : throw new FormatException(fault.Reason);

    static DjiCommandReply Reply(string data) => Assert.IsType<DjiCommandReply>(Read(DjiTopicKind.ServicesReply, "fileupload_list", data));

    static DjiLogProgress Progress(string data) => Assert.IsType<DjiLogProgress>(Read(DjiTopicKind.Events, "fileupload_progress", data));

    static DjiLogFile File(string file) => Assert.Single(Progress($$$$"""{"output":{"ext":{"files":[{{{{{file}}}}}]}}}""").Files);

    [Theory]
    [InlineData("""{"result":0,"files":[{"device_sn":"A","result":0,"module":"0","list":[{"boot_index":7,"start_time":1654070968000,"end_time":1659427398000,"size":33789}]}]}""")]
    [InlineData("""{"result":0,"files":[{"device_sn":"A","module":0,"list":[{"boot_index":"7","start_time":1654070968,"end_ime":1659427398,"size":"33789"}]}]}""")]
    [InlineData("""{"result":"0","output":{"files":[{"device_sn":"A","module":"0","new":1,"list":[{"boot_index":7,"start_time":"1654070968","end_time":null,"end_ime":1659427398000,"size":33789.0}]}]}}""")]
    [InlineData("""{"result":0,"info":[{"device_sn":"A","module":"0","list":[{"boot_index":7,"start_time":1654070968000,"end_time":1659427398000,"size":33789}]}]}""")]
    public void Every_way_to_write_one_list_reads_the_same(string data)
    {
        var reply = Reply(data);
        Assert.Equal(0, reply.Result);
        var module = Assert.Single(reply.Logs);
        Assert.Equal(("A", DjiModules.Aircraft, 0, 0), (module.DeviceSn, module.Module, module.Result, module.Unread));
        Assert.Equal([new(7, 1654070968000, 1659427398000, 33789)], module.Boots);
    }

    [Fact]
    public void One_module_fails_while_the_other_lists()
    {
        var reply = Reply("""{"result":0,"files":[{"device_sn":"","result":324015,"module":"0","list":[]},7,{"device_sn":"","module":"3","list":[{"boot_index":1},{"size":5},null]}]}""");
        Assert.Equal([DjiErrorCodes.AircraftOff, 0], reply.Logs.Select(m => m.Result));
        Assert.Equal([0, 2], reply.Logs.Select(m => m.Unread));
        Assert.Equal([new(1)], reply.Logs[1].Boots);
        Assert.Equal(["DRONE", "DOCK"], reply.Logs.Select(m => m.Owner("DOCK", "DRONE")));
        Assert.Equal([null, "DOCK"], reply.Logs.Select(m => m.Owner("DOCK", null)));
        Assert.Null(new DjiModuleLogs("7", null, 0, [], 0).Owner("DOCK", "DRONE"));
    }

    [Fact]
    public void Lists_are_bounded()
    {
        var boots = string.Join(',', Enumerable.Range(0, DjiModuleLogs.MaxBoots + 3).Select(i => $$"""{"boot_index":{{i}}}"""));
        var module = Assert.Single(Reply($$"""{"files":[{"module":"3","list":[{{boots}}]}]}""").Logs);
        Assert.Equal((DjiModuleLogs.MaxBoots, 3), (module.Boots.Count, module.Unread));
        Assert.Equal(DjiCommandReply.MaxModules, Reply($$"""{"files":[{{string.Join(',', Enumerable.Repeat("{}", 20))}}]}""").Logs.Count);
    }

    [Theory]
    [InlineData("""{"result":0}""", 0)]
    [InlineData("""{"result":"324012","output":null}""", 324012)]
    [InlineData("\"\"", null)]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    [InlineData("""{"result":99999999999}""", null)]
    public void Replies_say_a_code_or_nothing(string data, int? result)
    {
        var reply = Reply(data);
        Assert.Equal(result, reply.Result);
        Assert.Empty(reply.Logs);
    }

    [Theory]
    [InlineData("""{"output":{"status":"in_progress","ext":{"files":[{"device_sn":"A","key":"p/k.tar","fingerprint":"4f65","module":"3","size":155232,"progress":{"current_step":19,"total_step":30,"progress":40,"finish_time":1655781395000,"upload_rate":12,"result":0,"status":"file_zip"}}]}}}""")]
    [InlineData("""{"result":0,"output":{"stauts":"in_progress","ext":{"files":[{"device_sn":"A","key":"p/k.tar","fingerprint":"4f65","module":3,"size":"155232","progress":{"current_step":"19","total_step":"30","prgress":"40","finish_time":1655781395,"upload_rate":12.7,"stauts":"file_zip"}}]}}}""")]
    [InlineData("""{"status":"in_progress","ext":{"files":[{"device_sn":"A","key":"p/k.tar","fingerprint":"4f65","module":"3","size":155232,"status":"file_zip","progress":{"current_step":19,"total_step":30,"prgress":40,"finish_time":1655781395000,"upload_rate":12}}]}}""")]
    [InlineData("""{"output":{"ext":{"files":[{"device_sn":"A","key":"p/k.tar","fingerprint":"4f65","module":"3","size":155232,"progress":{"current_step":19,"total_step":30,"progress":40,"finish_time":1655781395000,"upload_rate":12,"status":"file_zip"}},3]}},"status":"in_progress"}""")]
    public void Every_generation_of_progress_reads_the_same(string data)
    {
        var progress = Progress(data);
        Assert.Equal((0, new DjiStatus(DjiState.InProgress, "in_progress")), (progress.Result, progress.Status));
        Assert.Equal(
            new(DjiModules.Dock, "A", "p/k.tar", "4f65", 155232, new(40, 19, 30, new(DjiState.FileZip, "file_zip"), 0, 1655781395000, 12)),
            Assert.Single(progress.Files));
    }

    [Theory]
    [InlineData("\"progress\":{\"progress\":40}", 40)]
    [InlineData("\"progress\":{\"progress\":40,\"current_step\":3}", 40)]
    [InlineData("\"progress\":{\"progress\":50,\"current_step\":2,\"total_step\":3}", 50)]
    [InlineData("\"progress\":{\"progress\":100,\"current_step\":1,\"total_step\":4}", 25)]
    [InlineData("\"progress\":{\"progress\":40,\"current_step\":5,\"total_step\":3}", 40)]
    [InlineData("\"progress\":{\"progress\":40,\"current_step\":0,\"total_step\":0}", 40)]
    [InlineData("\"progress\":40", 40)]
    [InlineData("\"progress\":{\"progress\":101}", null)]
    [InlineData("\"progress\":{\"current_step\":1,\"total_step\":4}", null)]
    [InlineData("\"progress\":\"\"", null)]
    [InlineData("\"size\":-1", null)]
    public void Percent_never_needs_the_number_of_steps(string file, int? percent) => Assert.Equal(percent, File(file).Progress.Overall);

    [Theory]
    [InlineData("\"progress\":{\"status\":\"ok\",\"result\":0}", false)]
    [InlineData("\"progress\":{\"status\":\"ok\",\"result\":324019}", true)]
    [InlineData("\"progress\":{\"status\":\"file_uploading\",\"result\":324019}", true)]
    [InlineData("\"result\":324019", true)]
    [InlineData("\"progress\":{\"status\":\"failed\"}", true)]
    [InlineData("\"progress\":{\"status\":\"canceled\"}", true)]
    [InlineData("\"progress\":{\"status\":\"paused\"}", false)]
    [InlineData("\"progress\":{\"status\":\"brand_new\"}", false)]
    public void A_code_is_a_failure_even_if_the_state_lags(string file, bool fails) => Assert.Equal(fails, File(file).Progress.IsFailure);

    [Theory]
    [InlineData("sent", DjiState.Sent, false)]
    [InlineData("in_progress", DjiState.InProgress, false)]
    [InlineData("paused", DjiState.Paused, false)]
    [InlineData("file_pull", DjiState.FilePull, false)]
    [InlineData("file_zip", DjiState.FileZip, false)]
    [InlineData("file_uploading", DjiState.FileUploading, false)]
    [InlineData("ok", DjiState.Ok, true)]
    [InlineData("rejected", DjiState.Rejected, true)]
    [InlineData("failed", DjiState.Failed, true)]
    [InlineData("canceled", DjiState.Canceled, true)]
    [InlineData("timeout", DjiState.Timeout, true)]
    [InlineData("brand_new", DjiState.Unknown, false)]
    public void Five_states_are_final_and_unknown_ones_are_kept(string word, DjiState state, bool isFinal)
    {
        var status = Progress($$$"""{"output":{"status":"{{{word}}}"}}""").Status;
        Assert.Equal(new DjiStatus(state, word), status);
        Assert.Equal(isFinal, status?.IsFinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("7")]
    public void Progress_without_an_object_is_unusable_and_has_an_envelope(string data) =>
        Assert.IsType<DjiUnusable>(Read(DjiTopicKind.Events, "fileupload_progress", data));

    [Fact]
    public void Progress_without_files_is_progress() => Assert.Empty(Progress("""{"output":{"status":"ok","ext":{"files":""}}}""").Files);
}
