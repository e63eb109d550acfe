using System.Text;
using Waybill.Protocols;
using Waybill.Protocols.TencentHub;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class HubUpReaderTests
{
    const string Md5 = "c4f84378c4983a2b0e53f5aa7f775b6b";

    static readonly CreateUploadTask Upload = new(new("uploadtest", 234567, Digits(Md5)));

    static readonly ReportUploadProgress At23 = new("uploadtest", new(HubState.Running, 23, 0, ""));

    static Md5Text Digits(string text) => Md5Text.TryParse(Bytes.Of(text), out var md5) ? md5 : throw new FormatException(text);

    static HubUp Read(string json) => HubUpReader.TryRead(Bytes.Of(json), out var message, out var fault) ? message : throw new FormatException(fault.Reason);

    static WireFault Fault(byte[] payload)
    {
        Assert.False(HubUpReader.TryRead(payload, out var message, out var fault));
        Assert.Null(message);
        return fault;
    }

    [Theory]
    [InlineData("""{"type": "create_upload_task","size": 234567,"name": "uploadtest","md5sum": "c4f84378c4983a2b0e53f5aa7f775b6b"}""")]
    [InlineData("""{"type": "create_upload_task", "size": 234567, "name": "uploadtest", "md5sum": "c4f84378c4983a2b0e53f5aa7f775b6b"}""")]
    [InlineData("""{"md5sum":"c4f84378c4983a2b0e53f5aa7f775b6b","name":"uploadtest","size":234567,"type":"create_upload_task"}""")]
    [InlineData("""{"type":"create_upload_task","size":"234567","name":"uploadtest","md5sum":"c4f84378c4983a2b0e53f5aa7f775b6b",}""")]
    [InlineData("{\n\t\t \"type\":\"create_upload_task\",\r\n\t\t \"size\":234567,\"name\":\"uploadtest\",\"md5sum\":\"c4f84378c4983a2b0e53f5aa7f775b6b\",\n}\n")]
    [InlineData("""{"type":"create_upload_task"，"size":234567，"name":"uploadtest"，"md5sum":"c4f84378c4983a2b0e53f5aa7f775b6b"，}""")]
    [InlineData("\ufeff{\"type\":\"create_upload_task\",// the type\n\"size\":234567,\"name\":\"uploadtest\",\"md5sum\":\"c4f84378c4983a2b0e53f5aa7f775b6b\"}//end")]
    [InlineData("""{"type":"create_upload_task","x":{"a":[1,2.5e-3,{"type":"y"},[],],"b":null},"y":[true,false],"size":234567,"name":"uploadtest","md5sum":"c4f84378c4983a2b0e53f5aa7f775b6b"}""")]
    [InlineData("""{"type":"get_download_task","type":"create_upload_task","size":-1,"size":234567,"name":"a/b","name":"uploadtest","md5sum":"","md5sum":"c4f84378c4983a2b0e53f5aa7f775b6b"}""")]
    [InlineData("""{"t\u0079pe":"create\u005fupload_task","size":234567,"name":"\u0075pload\u0074est","md5sum":"\u00634f84378c4983a2b0e53f5aa7f775b6b"}""")]
    public void Every_way_to_write_one_upload_reads_the_same(string json) => Assert.Equal(Upload, Read(json));

    [Theory]
    [InlineData("""{"type":"report_upload_progress","name":"uploadtest","progress":{"percent":23,"state":"uploading","result_code":0,"result_msg":""}}""")]
    [InlineData("""{"type": "report_upload_progress", "name": "uploadtest", "progress": {"state": "uploading", "percent": 23, "result_code": 0, "result_msg": ""}}""")]
    [InlineData("""{"progress":{"state":"uploading","percent":"23","result_code":"0","result_msg":"",},"name":"uploadtest","type":"report_upload_progress"}""")]
    [InlineData("""{"type":"report_upload_progress","name":"uploadtest","progress":{"state":"downloading","percent":23}}""")]
    [InlineData("""{"type":"report_upload_progress","name":"uploadtest","progress":{"state":"done"},"progress":{"state":"uploading","percent":23,"result_msg":null}}""")]
    public void Every_way_to_write_one_report_reads_the_same(string json) => Assert.Equal(At23, Read(json));

    [Fact]
    public void Messages_without_details_read()
    {
        Assert.Equal(new GetDownloadTask(), Read("""{"type": "get_download_task"}"""));
        Assert.Equal(
            new ReportUploadProgress("a", new(HubState.Done, null, 0, "")),
            Read("""{"type":"report_upload_progress","name":"a","progress":{"state":"done","result_code":0,"result_msg":""}}"""));
        Assert.Equal(
            new ReportDownloadProgress("dl.bin", new(HubState.Fail, null, -2, "file_not_exist")),
            Read("""{"type":"report_download_progress","name":"dl.bin","progress":{"state":"fail","result_code":-2,"result_msg":"file_not_exist"}}"""));
    }

    [Theory]
    [InlineData("101")]
    [InlineData("-7")]
    [InlineData("\"4294967295\"")]
    public void Percent_out_of_range_counts_as_not_sent(string percent)
    {
        var report = Assert.IsType<ReportUploadProgress>(Read($$$"""{"type":"report_upload_progress","name":"a","progress":{"state":"uploading","percent":{{{percent}}}}}"""));
        Assert.Null(report.Progress.Percent);
    }

    [Fact]
    public void Names_are_decoded_and_md5_keeps_its_case()
    {
        var task = Assert.IsType<CreateUploadTask>(Read(
            """{"type":"create_upload_task","size":0,"name":"\u5f55\u50cf\ud83d\ude00录","md5sum":"C4F84378C4983A2B0E53F5AA7F775B6B"}"""));
        Assert.Equal("录像😀录", task.Resource.Name);
        Assert.Equal(Md5.ToUpperInvariant(), task.Resource.Md5.ToString());
        Assert.Equal(Digits(Md5).Digest, task.Resource.Md5.Digest);
    }

    [Fact]
    public void A_long_result_message_is_cut_between_characters()
    {
        var raw = Assert.IsType<ReportUploadProgress>(Read(Report(new string('录', 100))));
        Assert.Equal(new string('录', 85), raw.Progress.ResultMsg);
        var escaped = Assert.IsType<ReportUploadProgress>(Read(Report("a" + string.Concat(Enumerable.Repeat("\\u5f55", 100)))));
        Assert.Equal("a" + new string('录', 84), escaped.Progress.ResultMsg);

        static string Report(string msg) =>
            $$$"""{"type":"report_upload_progress","name":"a","progress":{"state":"fail","result_code":-1,"result_msg":"{{{msg}}}"}}""";
    }

    [Theory]
    [InlineData("""{"type":"create_upload_task","name":"a","md5sum":"c4f84378c4983a2b0e53f5aa7f775b6b"}""", "size is missing")]
    [InlineData("""{"type":"create_upload_task","size":1,"md5sum":"c4f84378c4983a2b0e53f5aa7f775b6b"}""", "name is missing")]
    [InlineData("""{"type":"create_upload_task","size":1,"name":null,"md5sum":"c4f84378c4983a2b0e53f5aa7f775b6b"}""", "name is missing")]
    [InlineData("""{"type":"create_upload_task","size":1,"name":"a"}""", "md5sum is missing")]
    [InlineData("""{"type":"create_upload_task","size":1,"name":"a","md5sum":7}""", "md5sum is not text")]
    [InlineData("""{"type":"create_upload_task","size":1,"name":["a"],"md5sum":"c4f84378c4983a2b0e53f5aa7f775b6b"}""", "name is not text")]
    [InlineData("""{"type":"create_upload_task","size":true,"name":"a","md5sum":""}""", "size is not an integer")]
    [InlineData("""{"type":"create_upload_task","size":1.5,"name":"a","md5sum":""}""", "size is not an integer")]
    [InlineData("""{"type":"create_upload_task","size":"","name":"a","md5sum":""}""", "size is not an integer")]
    [InlineData("""{"type":"create_upload_task","size":99999999999999999999,"name":"a","md5sum":""}""", "size is not an integer")]
    [InlineData("""{"type":"report_upload_progress","progress":{"state":"done"}}""", "name is missing")]
    [InlineData("""{"type":"report_upload_progress","name":"a"}""", "progress is missing")]
    [InlineData("""{"type":"report_upload_progress","name":"a","progress":"done"}""", "progress is not an object")]
    [InlineData("""{"type":"report_upload_progress","name":"a","progress":{}}""", "progress.state is missing")]
    [InlineData("""{"type":"report_upload_progress","name":"a","progress":{"state":"flying"}}""", "progress.state is not known")]
    [InlineData("""{"type":"report_upload_progress","name":"a","progress":{"state":3}}""", "progress.state is not known")]
    [InlineData("""{"type":"report_upload_progress","name":"a","progress":{"state":"done","percent":true}}""", "progress.percent is not an integer")]
    [InlineData("""{"type":"report_upload_progress","name":"a","progress":{"state":"done","result_code":"x"}}""", "progress.result_code is not an integer")]
    [InlineData("""{"type":"report_upload_progress","name":"a","progress":{"state":"done","result_code":4294967296}}""", "progress.result_code is not an integer")]
    [InlineData("""{"type":"report_upload_progress","name":"a","progress":{"state":"done","result_msg":{}}}""", "progress.result_msg is not text")]
    [InlineData("""{"name":"a"}""", "type is missing")]
    [InlineData("""{"type":7}""", "type is not text")]
    [InlineData("""{}""", "type is missing")]
    public void Nonsense_names_the_field(string json, string reason) =>
        Assert.Equal(new(WireFaultKind.Nonsense, reason), Fault(Bytes.Of(json)));

    [Theory]
    [InlineData("""{"type":"create_upload_task","size":-1,"name":"a","md5sum":"c4f84378c4983a2b0e53f5aa7f775b6b"}""", "size is negative")]
    [InlineData("""{"type":"create_upload_task","size":1,"name":"a","md5sum":"xyz"}""", "md5sum is not 32 hexadecimal digits")]
    [InlineData("""{"type":"create_upload_task","size":1,"name":"a","md5sum":"c4f84378c4983a2b0e53f5aa7f775b6bff"}""", "md5sum is not 32 hexadecimal digits")]
    [InlineData("""{"type":"create_upload_task","size":1,"name":"","md5sum":"c4f84378c4983a2b0e53f5aa7f775b6b"}""", "name is empty")]
    [InlineData("""{"type":"create_upload_task","size":1,"name":"../x","md5sum":"c4f84378c4983a2b0e53f5aa7f775b6b"}""", "name holds a slash, backslash, quote, brace, bracket or control character")]
    [InlineData("""{"type":"report_upload_progress","name":"a\u000ab","progress":{"state":"done"}}""", "name holds a slash, backslash, quote, brace, bracket or control character")]
    public void Refusals_say_what_is_wrong(string json, string reason) =>
        Assert.Equal(new(WireFaultKind.Refused, reason), Fault(Bytes.Of(json)));

    [Fact]
    public void A_name_of_256_bytes_is_refused_escaped_or_not()
    {
        foreach (var name in new[] { new string('a', 256), string.Concat(Enumerable.Repeat("\\u0061", 256)), new string('录', 86) })
            Assert.Equal("name is too long", Fault(Bytes.Of($$$"""{"type":"report_upload_progress","name":"{{{name}}}","progress":{"state":"done"}}""")).Reason);
    }

    [Theory]
    [InlineData("""{"type":"upload_result"}""")]
    [InlineData("""{"type":"GET_DOWNLOAD_TASK"}""")]
    [InlineData("""{"type":""}""")]
    [InlineData("""{"type":"create_upload_task_rsp","result_code":-1}""")]
    public void An_unknown_type_is_told_apart_from_nonsense(string json) =>
        Assert.Equal(WireFaultKind.UnknownType, Fault(Bytes.Of(json)).Kind);

    [Theory]
    [InlineData("", "is not a JSON object")]
    [InlineData("[]", "is not a JSON object")]
    [InlineData("\"type\"", "is not a JSON object")]
    [InlineData("// only", "is not a JSON object")]
    [InlineData("{", "has a member without a name")]
    [InlineData("{,}", "has a member without a name")]
    [InlineData("{\"a\":1,,}", "has a member without a name")]
    [InlineData("{type:\"get_download_task\"}", "has a member without a name")]
    [InlineData("{'type':1}", "has a member without a name")]
    [InlineData("{\"type\" 1}", "has a name without a colon")]
    [InlineData("{\"type\":}", "has a bad value")]
    [InlineData("{\"type\":nul}", "has a bad value")]
    [InlineData("{\"type\":-}", "has a bad value")]
    [InlineData("{\"type\":1.}", "has a bad value")]
    [InlineData("{\"type\":1e}", "has a bad value")]
    [InlineData("{\"type\":+1}", "has a bad value")]
    [InlineData("{\"type\":1 \"a\":2}", "lacks a comma between values")]
    [InlineData("{\"type\":truely}", "lacks a comma between values")]
    [InlineData("{\"a\":[1 2]}", "lacks a comma between values")]
    [InlineData("{\"a\":[1}", "lacks a comma between values")]
    [InlineData("{\"type\":\"get_download_task\"", "ends inside its JSON object")]
    [InlineData("{\"type\":\"get_down", "ends inside a string")]
    [InlineData("{\"type\":\"get_download_task\"}}", "goes on after its JSON object")]
    [InlineData("{\"type\":\"get_download_task\"}\0", "goes on after its JSON object")]
    [InlineData("{\"type\":\"a\tb\"}", "has a control character inside a string")]
    [InlineData("{\"type\":\"a\0b\"}", "has a control character inside a string")]
    [InlineData("{\"type\":\"get_download_task\",\"x\":\"\\u0000\"}", "has a bad escape inside a string")]
    [InlineData("{\"x\":\"\\ud83d\"}", "has a bad escape inside a string")]
    [InlineData("{\"x\":\"\\ud83d\\u0041\"}", "has a bad escape inside a string")]
    [InlineData("{\"x\":\"\\ude00\"}", "has a bad escape inside a string")]
    [InlineData("{\"x\":\"\\q\"}", "has a bad escape inside a string")]
    [InlineData("{\"x\":\"\\u12g4\"}", "has a bad escape inside a string")]
    [InlineData("{\"x\":\"\\", "has a bad escape inside a string")]
    public void Malformed_json_is_nonsense(string json, string reason) =>
        Assert.Equal(new(WireFaultKind.Nonsense, "payload " + reason), Fault(Bytes.Of(json)));

    [Fact]
    public void Bytes_that_are_not_utf8_are_nonsense()
    {
        Assert.Equal("payload is not UTF-8", Fault([.. "{\"x\":\""u8, 0xC3, .. "\"}"u8]).Reason);
        Assert.Equal("payload is not UTF-8", Fault([.. "{\"x\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8]).Reason);
    }

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        string Nested(int depth) => "{\"type\":\"get_download_task\",\"x\":" + new string('[', depth) + new string(']', depth) + "}";
        Assert.IsType<GetDownloadTask>(Read(Nested(15)));
        Assert.Equal("payload is nested too deep", Fault(Bytes.Of(Nested(16))).Reason);
        Assert.Equal("payload is nested too deep", Fault(Bytes.Of(new StringBuilder("{\"x\":").Insert(5, "{\"x\":", 3000).ToString())).Reason);
        var padded = "{\"type\":\"get_download_task\"}".PadRight(HubUpReader.MaxPayload);
        Assert.IsType<GetDownloadTask>(Read(padded));
        Assert.Equal("payload is too long", Fault(Bytes.Of(padded + " ")).Reason);
    }
}
