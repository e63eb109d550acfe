using Waybill.Protocols;
using Waybill.Protocols.TencentExplorer;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class ExplorerUpReaderTests
{
    static readonly ReportUpdate At41 = new("dl.bin", "1.0.0", new(ExplorerState.Running, 41, 0, ""));

    static ExplorerUp Read(string json) =>
        ExplorerUpReader.TryRead(Bytes.Of(json), out var message, out var fault) ? message : throw new FormatException(fault.Reason);

    static T Read<T>(string json)
        where T : ExplorerUp => Assert.IsType<T>(Read(json));

    static WireFault Fault(string json)
    {
        Assert.False(ExplorerUpReader.TryRead(Bytes.Of(json), out var message, out var fault));
        Assert.Null(message);
        return fault;
    }

    static string Report(string method, string progress) => $$$"""{"method":"{{{method}}}","report":{"progress":{"resource_name":"f",{{{progress}}}},"version":"1"}}""";

    [Theory]
    [InlineData("""{"method": "report_progress", "report": {"progress": {"resource_name":"dl.bin","state":"downloading", "percent":"41", "result_code":"0", "result_msg":""}, "version": "1.0.0"}}""")]
    [InlineData("""{"method":"report_result","report":{"version":"1.0.0","progress":{"percent":41,"state":"downloading","resource_name":"dl.bin"}}}""")]
    [InlineData("""{"report":{"progress":{"resource_name":"dl.bin"，"state":"uploading"，"percent":"41",},"version":"1.0.0",},"method":"report_progress",} // as on the page""")]
    [InlineData("""{"method":"x","method":"report_\u0070rogress","report":{"progress":{"resource_name":"\u0064l.bin","state":"done","state":"downloading","percent":41,"result_msg":null},"version":"1.0.0"},"clientToken":[{}]}""")]
    public void Every_way_to_write_one_report_reads_the_same(string json) => Assert.Equal(At41, Read(json));

    [Theory]
    [InlineData("report_progress", "\"state\":\"downloading\",\"percent\":\"100\"", false, false)]
    [InlineData("report_progress", "\"state\":\"burning\"", false, false)]
    [InlineData("report_result", "\"state\":\"burning\",\"result_code\":\"0\"", false, false)]
    [InlineData("report_result", "\"state\":\"downloading\"", false, false)]
    [InlineData("report_result", "\"state\":\"done\",\"result_code\":\"0\",\"result_msg\":\"success\"", true, true)]
    [InlineData("report_progress", "\"state\":\"done\",\"result_code\":0", true, true)]
    [InlineData("report_progress", "\"state\":\"done\"", true, true)]
    [InlineData("report_result", "\"state\":\"done\",\"result_code\":\"-3\",\"result_msg\":\"time_out\"", true, false)]
    [InlineData("report_progress", "\"state\":\"done\",\"result_code\":-4", true, false)]
    [InlineData("report_result", "\"state\":\"fail\",\"result_code\":\"-6\"", true, false)]
    [InlineData("report_progress", "\"state\":\"fail\"", true, false)]
    public void The_state_decides_what_is_final_and_the_code_what_is_success(string method, string progress, bool isFinal, bool isSuccess)
    {
        var report = Read<ReportUpdate>(Report(method, progress));
        Assert.Equal((isFinal, isSuccess), (report.Progress.IsFinal, report.Progress.IsSuccess));
    }

    [Fact]
    public void What_a_report_lacks_is_not_invented()
    {
        Assert.Equal(new ReportUpdate("f", null, new(ExplorerState.Done, null, 0, "")), Read("""{"method":"report_result","report":{"progress":{"resource_name":"f","state":"done"}}}"""));
        Assert.Null(Read<ReportUpdate>("""{"method":"report_result","report":{"progress":{"resource_name":"f","state":"done"},"version":""}}""").Version);
        Assert.Null(Read<ReportUpdate>(Report("report_progress", "\"state\":\"downloading\",\"percent\":\"101\"")).Progress.Percent);
    }

    [Fact]
    public void A_version_report_lists_what_the_device_holds()
    {
        var report = Read<ReportVersion>("""{"method":"report_version","report":{"resource_list":[{"resource_name":"录音 a.wav","version":"1.0.0","resource_type":"AUDIO"},{"resource_type":"","version":"2","resource_name":"b","x":[[]]}]}}""");
        Assert.Equal([new("录音 a.wav", "1.0.0", "AUDIO"), new("b", "2", "FILE")], report.Resources);
        Assert.Equal((0, false), (report.Unread, report.IsQuestion));
    }

    [Theory]
    [InlineData("""{"method":"report_version","report":{"resource_list":[]}}""")]
    [InlineData("""{"method":"report_version","report":{"resource_list":[ ] , },}""")]
    [InlineData("""{"method":"report_version","report":{"resource_list":null}}""")]
    [InlineData("""{"method":"report_version","report":{}}""")]
    [InlineData("""{"method":"report_version"}""")]
    public void An_empty_list_or_none_asks_for_the_platform_s(string json) => Assert.True(Read<ReportVersion>(json).IsQuestion);

    [Fact]
    public void An_entry_that_is_nonsense_costs_itself_only()
    {
        var report = Read<ReportVersion>(
            """{"method":"report_version","report":{"resource_list":[7,{"resource_name":"../a","version":"1"},{"resource_name":"b"},{"resource_name":"c","version":"1"},[],{"resource_name":"d","version":{}}，]}}""");
        Assert.Equal([new("c", "1", "FILE")], report.Resources);
        Assert.Equal((5, false), (report.Unread, report.IsQuestion));
        Assert.False(Read<ReportVersion>("""{"method":"report_version","report":{"resource_list":[{}]}}""").IsQuestion);
    }

    [Fact]
    public void Only_so_many_entries_are_kept()
    {
        var entries = string.Join(',', Enumerable.Range(0, 1200).Select(i => $$"""{"resource_name":"f{{i}}","version":"1"}"""));
        var report = Read<ReportVersion>($$$"""{"method":"report_version","report":{"resource_list":[{{{entries}}}]}}""");
        Assert.Equal((ExplorerUpReader.MaxResources, 200), (report.Resources.Count, report.Unread));
    }

    [Theory]
    [InlineData("\"1\"", "1", false)]
    [InlineData("\"12345678\"", "12345678", false)]
    [InlineData("\"a/b=+录{1}\"", "a/b=+录{1}", false)]
    [InlineData("\"\\u0061\"", "a", false)]
    [InlineData("7", "7", true)]
    [InlineData("-0.5e3", "-0.5e3", true)]
    [InlineData("0", "0", true)]
    [InlineData("18446744073709551616", "18446744073709551616", true)]
    public void A_request_id_keeps_its_form(string id, string text, bool isNumber)
    {
        var json = $$$"""{"method":"request_url","request_id":{{{id}}},"report":{"resource_name":"pic.jpg","version":"1.0.0","resource_type":"AUDIO"}}""";
        Assert.Equal(new RequestUrl(new(text, isNumber), "pic.jpg", "1.0.0", "AUDIO"), Read(json));
    }

    [Fact]
    public void A_request_needs_a_name_only() =>
        Assert.Equal(new RequestUrl(new("1"), "pic.jpg", null, "FILE"), Read("""{"method":"request_url","request_id":"1","report":{"resource_name":"pic.jpg"}}"""));

    [Fact]
    public void Ends_of_uploads_and_deletions_read()
    {
        Assert.Equal(
            new ReportPostResult("tok-123", new(ExplorerState.Done, null, -1, "post_fail")),
            Read("""{"method":"report_post_result","report":{"progress":{"resource_token":"tok-123","state":"done","result_code":"-1", "result_msg":"post_fail"},}}"""));
        Assert.Equal(
            new DeleteResult("f0", "1.0.0", new(ExplorerState.Done, null, 0, "success")),
            Read("""{"method": "del_result", "report":{"progress":{"resource_name":"f0","state":"done", "result_code":"0", "result_msg":"success"}, "version":"1.0.0"}}"""));
    }

    [Theory]
    [InlineData("""{"method":"report_progress"}""", "report is missing")]
    [InlineData("""{"method":"report_progress","report":"x"}""", "report is not an object")]
    [InlineData("""{"method":"report_progress","report":{}}""", "progress is missing")]
    [InlineData("""{"method":"report_progress","report":{"progress":[]}}""", "progress is not an object")]
    [InlineData("""{"method":"report_progress","report":{"progress":{"state":"done"}}}""", "resource_name is missing")]
    [InlineData("""{"method":"report_progress","report":{"progress":{"resource_name":1}}}""", "resource_name is not text")]
    [InlineData("""{"method":"report_progress","report":{"progress":{"resource_name":"f"}}}""", "state is missing")]
    [InlineData("""{"method":"report_progress","report":{"progress":{"resource_name":"f","state":"flying"}}}""", "state is not known")]
    [InlineData("""{"method":"report_progress","report":{"progress":{"resource_name":"f","state":"done","percent":true}}}""", "percent is not an integer")]
    [InlineData("""{"method":"report_progress","report":{"progress":{"resource_name":"f","state":"done","result_code":"x"}}}""", "result_code is not an integer")]
    [InlineData("""{"method":"report_progress","report":{"progress":{"resource_name":"f","state":"done","result_code":4294967296}}}""", "result_code is not an integer")]
    [InlineData("""{"method":"report_progress","report":{"progress":{"resource_name":"f","state":"done","result_msg":[]}}}""", "result_msg is not text")]
    [InlineData("""{"method":"report_progress","report":{"progress":{"resource_name":"f","state":"done"},"version":1}}""", "version is not text")]
    [InlineData("""{"method":"report_version","report":[]}""", "report is not an object")]
    [InlineData("""{"method":"report_version","report":{"resource_list":{}}}""", "resource_list is not an array")]
    [InlineData("""{"method":"request_url","report":{"resource_name":"f"}}""", "request_id is missing")]
    [InlineData("""{"method":"request_url","request_id":true,"report":{"resource_name":"f"}}""", "request_id is not text")]
    [InlineData("""{"method":"request_url","request_id":"1"}""", "report is missing")]
    [InlineData("""{"method":"report_post_result","report":{"progress":{"state":"done"}}}""", "resource_token is missing")]
    [InlineData("""{"method":"del_result","report":{"progress":{"resource_name":"f"}}}""", "state is missing")]
    [InlineData("""{"method":7}""", "method is not text")]
    [InlineData("""{}""", "method is missing")]
    [InlineData("", "payload is not a JSON object")]
    [InlineData("""{"method":"report_version","report":{"resource_list":[}}""", "payload has a bad value")]
    public void Nonsense_names_the_field(string json, string reason) => Assert.Equal(new(WireFaultKind.Nonsense, reason), Fault(json));

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\\\b")]
    [InlineData("..")]
    [InlineData("a\\\"b")]
    [InlineData("a{")]
    [InlineData("]a")]
    [InlineData("a\\nb")]
    public void Names_that_are_no_file_names_are_refused_everywhere(string name)
    {
        Assert.Equal(WireFaultKind.Refused, Fault($$$"""{"method":"report_result","report":{"progress":{"resource_name":"{{{name}}}","state":"done"} } }""").Kind);
        Assert.Equal(WireFaultKind.Refused, Fault($$$"""{"method":"del_result","report":{"progress":{"resource_name":"{{{name}}}","state":"done"} } }""").Kind);
        Assert.Equal(WireFaultKind.Refused, Fault($$$"""{"method":"request_url","request_id":1,"report":{"resource_name":"{{{name}}}"}}""").Kind);
        Assert.Equal(WireFaultKind.Refused, Fault($$$"""{"method":"request_url","request_id":1,"report":{"resource_name":"f","version":"{{{name}}}"}}""").Kind);
    }

    [Theory]
    [InlineData("resource_name", 255)]
    [InlineData("version", 64)]
    [InlineData("resource_type", 32)]
    [InlineData("request_id", 64)]
    public void Lengths_are_bounded(string field, int max)
    {
        Read<RequestUrl>(With(max));
        Assert.Equal(new(WireFaultKind.Refused, field + " is too long"), Fault(With(max + 1)));

        string With(int length)
        {
            string Of(string name) => name == field ? new string('a', length) : "a";
            return $$$"""{"method":"request_url","request_id":"{{{Of("request_id")}}}","report":{"resource_name":"{{{Of("resource_name")}}}","version":"{{{Of("version")}}}","resource_type":"{{{Of("resource_type")}}}"}}""";
        }
    }

    [Theory]
    [InlineData("\"\"", "request_id is empty")]
    [InlineData("\"a\\\"b\"", "request_id cannot be repeated as it stands")]
    [InlineData("\"a\\\\b\"", "request_id cannot be repeated as it stands")]
    [InlineData("\"a\\nb\"", "request_id cannot be repeated as it stands")]
    [InlineData("007", "request_id cannot be repeated as it stands")]
    [InlineData("11111111111111111111111111111111111111111111111111111111111111111", "request_id cannot be repeated as it stands")]
    public void A_request_id_that_cannot_be_repeated_is_refused(string id, string reason) =>
        Assert.Equal(new(WireFaultKind.Refused, reason), Fault($$$"""{"method":"request_url","request_id":{{{id}}},"report":{"resource_name":"f"}}"""));

    [Fact]
    public void A_token_nobody_gave_is_refused()
    {
        string With(string token) => $$$"""{"method":"report_post_result","report":{"progress":{"resource_token":"{{{token}}}","state":"done"} } }""";
        Read<ReportPostResult>(With(new('t', 120)));
        Assert.Equal(new(WireFaultKind.Refused, "resource_token is too long"), Fault(With(new('t', 121))));
        Assert.Equal(new(WireFaultKind.Refused, "resource_token holds what no token does"), Fault(With("a b")));
    }

    [Theory]
    [InlineData("unbind_device_reply")]
    [InlineData("report_version_rsp")]
    [InlineData("REPORT_VERSION")]
    [InlineData("")]
    public void Methods_of_other_services_are_not_ours(string method) =>
        Assert.Equal(new(WireFaultKind.UnknownType, "method is not known"), Fault($$"""{"method":"{{method}}","report":{} }"""));

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        Assert.Equal("payload is nested too deep", Fault("""{"method":"report_version","x":""" + new string('[', 5000)).Reason);
        var padded = """{"method":"report_version"}""".PadRight(ExplorerUpReader.MaxPayload);
        Assert.True(Read<ReportVersion>(padded).IsQuestion);
        Assert.Equal("payload is too long", Fault(padded + " ").Reason);
    }
}
