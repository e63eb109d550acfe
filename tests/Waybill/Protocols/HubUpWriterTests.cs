using System.Buffers;
using Waybill.Protocols.TencentHub;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class HubUpWriterTests
{
    [Theory]
    [InlineData("""{"type": "create_upload_task","size": 234567,"name": "uploadtest","md5sum": "c4f84378c4983a2b0e53f5aa7f775b6b"}""")]
    [InlineData("""{"type": "get_download_task"}""")]
    [InlineData("""{"type":"report_upload_progress","name":"uploadtest","progress":{"percent":23,"state":"uploading","result_code":0,"result_msg":""}}""")]
    [InlineData("""{"type":"report_upload_progress","name":"uploadtest","progress":{"state":"done","result_code":0,"result_msg":""}}""")]
    [InlineData("""{"type":"report_upload_progress","name":"uploadtest","progress":{"state":"fail","result_code":-3,"result_msg":"sign invalid"}}""")]
    [InlineData("""{"type":"report_download_progress","name":"dl.bin","progress":{"percent":44,"state":"downloading","result_code":0,"result_msg":""}}""")]
    [InlineData("""{"type":"report_download_progress","name":"dl.bin","progress":{"state":"done","result_code":0,"result_msg":""}}""")]
    [InlineData("""{"type":"report_download_progress","name":"dl.bin","progress":{"state":"fail","result_code":-2,"result_msg":"file_not_exist"}}""")]
    public void What_the_c_sdk_sends_is_written_to_the_byte(string json) => Assert.Equal(json, Rewrite(json, HubVariant.C));

    [Theory]
    [InlineData("""{"type": "create_upload_task", "size": 20000, "name": "note", "md5sum": "9bb57f821953f3c232116e38badc8e96"}""")]
    [InlineData("""{"type": "create_upload_task", "size": 20000, "name": "\u5f55\u50cf\ud83d\ude00", "md5sum": "9bb57f821953f3c232116e38badc8e96"}""")]
    [InlineData("""{"type": "report_upload_progress", "name": "note", "progress": {"state": "uploading", "percent": 50, "result_code": 0, "result_msg": ""}}""")]
    [InlineData("""{"type": "report_upload_progress", "name": "note", "progress": {"state": "done", "percent": 100, "result_code": 0, "result_msg": ""}}""")]
    [InlineData("""{"type": "report_upload_progress", "name": "note", "progress": {"state": "fail", "result_code": -1, "result_msg": "a\"b\\c\n\u00e9"}}""")]
    public void What_the_python_sdk_sends_is_written_to_the_byte(string json) => Assert.Equal(json, Rewrite(json, HubVariant.Python));

    [Fact]
    public void The_c_sdk_leaves_percent_out_of_its_final_report() =>
        Assert.Equal(
            """{"type":"report_upload_progress","name":"a","progress":{"state":"done","result_code":0,"result_msg":""}}""",
            Write(new ReportUploadProgress("a", new(HubState.Done, 100, 0, "")), HubVariant.C));

    [Fact]
    public void What_is_not_unicode_or_too_long_is_not_written()
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.False(HubUpWriter.TryWrite(output, new ReportUploadProgress("\ud83d", new(HubState.Done, null, 0, "")), HubVariant.Python));
        Assert.False(HubUpWriter.TryWrite(output, new ReportUploadProgress("a", new(HubState.Done, null, 0, new string('x', 17000))), HubVariant.C));
        Assert.Equal(0, output.WrittenCount);
    }

    static string Rewrite(string json, HubVariant variant) =>
        HubUpReader.TryRead(Bytes.Of(json), out var message, out var fault) ? Write(message, variant) : fault.Reason;

    static string Write(HubUp message, HubVariant variant)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(HubUpWriter.TryWrite(output, message, variant));
        return output.Text();
    }
}
