using System.Buffers;
using Waybill.Protocols;
using Waybill.Protocols.TencentHub;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class HubDownWriterTests
{
    static readonly Md5Text Md5 = Md5Text.TryParse("C4f84378c4983a2b0e53f5aa7f775b6B"u8, out var md5) ? md5 : default;

    readonly ArrayBufferWriter<byte> output = new();

    [Fact]
    public void Offers_are_compact_in_the_vendor_s_order_and_unescaped()
    {
        const string url = "http://files.example/o/k-_~?sign=a%2Fb&q=1+2&t=<x>'";
        Assert.True(HubDownWriter.TryCreateUploadTaskResponse(output, new("录像 +<&>/'😀.mp4", 234567, Md5), url));
        Assert.Equal(
            """{"type":"create_upload_task_rsp","size":234567,"name":"录像 +<&>/'😀.mp4","md5sum":"C4f84378c4983a2b0e53f5aa7f775b6B","url":"http://files.example/o/k-_~?sign=a%2Fb&q=1+2&t=<x>'"}""",
            output.Text());
    }

    [Fact]
    public void Downloads_have_the_same_body()
    {
        Assert.True(HubDownWriter.TryGetDownloadTaskResponse(output, new("dl.bin", 123457, Md5), "http://h/o/1"));
        Assert.True(HubDownWriter.TryDownload(output, new("dl.bin", 123457, Md5), "http://h/o/1"));
        Assert.Equal(
            """{"type":"get_download_task_rsp","size":123457,"name":"dl.bin","md5sum":"C4f84378c4983a2b0e53f5aa7f775b6B","url":"http://h/o/1"}"""
            + """{"type":"download","size":123457,"name":"dl.bin","md5sum":"C4f84378c4983a2b0e53f5aa7f775b6B","url":"http://h/o/1"}""",
            output.Text());
    }

    [Fact]
    public void Answers_to_reports_are_integers_and_ok()
    {
        Assert.True(HubDownWriter.TryReportUploadProgressResponse(output, 0, "ok"));
        Assert.Equal("""{"type":"report_upload_progress_rsp","result_code":0,"result_msg":"ok"}""", output.Text());
        Assert.True(output.WrittenSpan.SequenceEqual(HubDownWriter.UploadProgressOk));
        output.Clear();
        Assert.True(HubDownWriter.TryReportDownloadProgressResponse(output, 0, "ok"));
        Assert.True(output.WrittenSpan.SequenceEqual(HubDownWriter.DownloadProgressOk));
        output.Clear();
        Assert.True(HubDownWriter.TryReportDownloadProgressResponse(output, -1, "a \"b\" \\ c\n\u0001"));
        Assert.Equal("""{"type":"report_download_progress_rsp","result_code":-1,"result_msg":"a \"b\" \\ c\n\u0001"}""", output.Text());
    }

    [Theory]
    [InlineData("", "http://h/")]
    [InlineData("a", "")]
    [InlineData("a", "http://h/ x")]
    [InlineData("a", "http://h/\"")]
    [InlineData("a", "http://h/\\")]
    [InlineData("a", "http://h/é")]
    public void What_a_device_could_not_use_is_not_written(string name, string url)
    {
        Assert.False(HubDownWriter.TryDownload(output, new(name, 1, Md5), url));
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void Bounds_of_the_device_are_kept()
    {
        Assert.False(HubDownWriter.TryDownload(output, new("a", 1L << 31, Md5), "http://h/"));
        Assert.False(HubDownWriter.TryDownload(output, new("a", -1, Md5), "http://h/"));
        Assert.False(HubDownWriter.TryDownload(output, new("a", 1, Md5), new string('u', 1024)));
        Assert.False(HubDownWriter.TryDownload(output, new("a\ud83d", 1, Md5), "http://h/"));
        Assert.False(HubDownWriter.TryReportUploadProgressResponse(output, 0, ""));
        Assert.False(HubDownWriter.TryReportUploadProgressResponse(output, 0, new string('x', 1900)));
        Assert.Equal(0, output.WrittenCount);
        Assert.True(HubDownWriter.TryCreateUploadTaskResponse(output, new("a", 1L << 40, Md5), new string('u', 1023)));
    }

    [Fact]
    public void Every_payload_fits_1900_bytes_or_is_not_written()
    {
        for (var length = 1700; length < 1900; length++)
        {
            output.Clear();
            var written = HubDownWriter.TryReportUploadProgressResponse(output, -1, new string('录', length / 3) + new string('\n', length % 5));
            Assert.Equal(written, output.WrittenCount > 0);
            Assert.InRange(output.WrittenCount, 0, HubDownWriter.MaxPayload);
        }
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        var name = "uploadtest";
        var url = "http://files.example/o/abcdefghijklmnopqrstuvwxyz";
        Round(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round(100);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Round(int times)
        {
            for (var i = 0; i < times; i++)
            {
                output.ResetWrittenCount();
                HubDownWriter.TryCreateUploadTaskResponse(output, new(name, 234567, Md5), url);
                HubDownWriter.TryReportUploadProgressResponse(output, 0, "ok");
            }
        }
    }
}
