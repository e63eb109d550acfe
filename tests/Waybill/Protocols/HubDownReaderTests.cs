using Waybill.Protocols;
using Waybill.Protocols.TencentHub;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class HubDownReaderTests
{
    const string Rest = "\"size\":401463,\"name\":\"test\",\"md5sum\":\"9bb57f821953f3c232116e38badc8e96\",\"url\":\"http://h/o/a?b=1&c=2\"}";

    static HubDown Read(string json) =>
        HubDownReader.TryRead(Bytes.Of(json), out var message, out var fault) ? message : throw new FormatException(fault.Reason);

    [Fact]
    public void The_three_offers_have_one_body()
    {
        var created = Assert.IsType<CreateUploadTaskResponse>(Read("{\"type\":\"create_upload_task_rsp\"," + Rest));
        var asked = Assert.IsType<GetDownloadTaskResponse>(Read("{\"type\":\"get_download_task_rsp\"," + Rest));
        var pushed = Assert.IsType<Download>(Read("{\"type\":\"download\"," + Rest));
        Assert.Equal(("test", 401463L), (created.Resource.Name, created.Resource.Size));
        Assert.Equal("http://h/o/a?b=1&c=2", created.Url);
        Assert.Equal((created.Resource, created.Url), (asked.Resource, asked.Url));
        Assert.Equal((created.Resource, created.Url), (pushed.Resource, pushed.Url));
    }

    [Fact]
    public void Answers_to_reports_read_numbers_and_text()
    {
        Assert.Equal(new ReportUploadProgressResponse(0, "ok"), Read("""{"type":"report_upload_progress_rsp","result_code":0,"result_msg":"ok"}"""));
        Assert.Equal(new ReportDownloadProgressResponse(-1, "canceled"), Read("""{"type":"report_download_progress_rsp","result_code":"-1","result_msg":"canceled"}"""));
    }

    [Theory]
    [InlineData("""{"type":"create_upload_task_rsp","result_code":-1,"result_msg":"no"}""", WireFaultKind.Nonsense, "name is missing")]
    [InlineData("""{"type":"download","size":1,"name":"a","md5sum":"9bb57f821953f3c232116e38badc8e96"}""", WireFaultKind.Nonsense, "url is missing")]
    [InlineData("""{"type":"download","size":1,"name":"a","md5sum":"9bb57f821953f3c232116e38badc8e96","url":1}""", WireFaultKind.Nonsense, "url is not text")]
    [InlineData("""{"type":"download","size":1,"name":"a","md5sum":"9bb57f821953f3c232116e38badc8e96","url":""}""", WireFaultKind.Refused, "url is empty")]
    [InlineData("""{"type":"download","size":1,"name":"a","md5sum":"","url":"http://h/"}""", WireFaultKind.Refused, "md5sum is not 32 hexadecimal digits")]
    [InlineData("""{"type":"report_upload_progress_rsp"}""", WireFaultKind.Nonsense, "result_code is missing")]
    [InlineData("""{"type":"get_download_task"}""", WireFaultKind.UnknownType, "type is not known")]
    [InlineData("""{"type":"download",""", WireFaultKind.Nonsense, "payload has a member without a name")]
    public void Faults_are_told_apart(string json, WireFaultKind kind, string reason)
    {
        Assert.False(HubDownReader.TryRead(Bytes.Of(json), out _, out var fault));
        Assert.Equal(new(kind, reason), fault);
    }

    [Fact]
    public void A_url_longer_than_a_device_can_hold_is_refused()
    {
        var json = """{"type":"download","size":1,"name":"a","md5sum":"9bb57f821953f3c232116e38badc8e96","url":"URL"}""";
        Assert.IsType<Download>(Read(json.Replace("URL", new string('u', 1023), StringComparison.Ordinal)));
        Assert.False(HubDownReader.TryRead(Bytes.Of(json.Replace("URL", new string('u', 1024), StringComparison.Ordinal)), out _, out var fault));
        Assert.Equal("url is too long", fault.Reason);
    }
}
