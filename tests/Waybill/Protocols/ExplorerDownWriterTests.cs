using System.Buffers;
using System.Text.Json;
using Waybill.Protocols;
using Waybill.Protocols.TencentExplorer;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class ExplorerDownWriterTests
{
    static readonly Md5Text Md5 = Md5Text.TryParse("cc03e747a6afbbcbf8be7668acfebee5"u8, out var md5) ? md5 : default;

    static readonly ExplorerResource Film = new("录像 +<&>'😀.mp4", "1.0.0", "VIDEO");

    readonly ArrayBufferWriter<byte> output = new();

    [Fact]
    public void Commands_are_compact_in_the_platform_s_order_and_unescaped()
    {
        const string url = "http://files.example/o/k-_~?sign=a%2Fb&q=1+2&t=<x>'";
        Assert.True(ExplorerDownWriter.TryUpdateResource(output, Film, url, Md5, 109499));
        Assert.Equal(
            """{"method":"update_resource","resource_name":"录像 +<&>'😀.mp4","resource_type":"VIDEO","version":"1.0.0","url":"http://files.example/o/k-_~?sign=a%2Fb&q=1+2&t=<x>'","md5sum":"cc03e747a6afbbcbf8be7668acfebee5","file_size":109499}""",
            output.Text());
        output.Clear();
        Assert.True(ExplorerDownWriter.TryDeleteResource(output, new("a", "1.0.0", "FILE")));
        Assert.Equal("""{"method":"del_resource","resource_name":"a","resource_type":"FILE","version":"1.0.0"}""", output.Text());
    }

    [Theory]
    [InlineData("1", false, "\"1\"")]
    [InlineData("a/b{}录", false, "\"a/b{}录\"")]
    [InlineData("1", true, "1")]
    [InlineData("-0.5e3", true, "-0.5e3")]
    public void A_request_id_comes_back_in_its_form(string text, bool isNumber, string written)
    {
        Assert.True(ExplorerDownWriter.TryRequestUrlResponse(output, "http://h/o/a?b=1&c=2", "tok-123", new(text, isNumber)));
        Assert.Equal(
            $$"""{"method":"request_url_resp","result_code":0,"result_msg":"success","resource_url":"http://h/o/a?b=1&c=2","resource_token":"tok-123","request_id":{{written}}}""",
            output.Text());
    }

    [Fact]
    public void An_answer_to_versions_always_has_its_three_fields()
    {
        Assert.Equal(0, ExplorerDownWriter.ReportVersionResponse(output, []));
        Assert.Equal("""{"method":"report_version_rsp","result_code":0,"result_msg":"success","resource_list":[]}""", output.Text());
        output.Clear();
        Assert.Equal(0, ExplorerDownWriter.ReportVersionResponse(output, [new("a", "1", "FILE"), Film]));
        Assert.Equal(
            """{"method":"report_version_rsp","result_code":0,"result_msg":"success","resource_list":[{"resource_name":"a","version":"1","resource_type":"FILE"},{"resource_name":"录像 +<&>'😀.mp4","version":"1.0.0","resource_type":"VIDEO"}]}""",
            output.Text());
    }

    [Fact]
    public void Of_a_long_list_the_first_that_fit_are_told()
    {
        var resources = Enumerable.Range(0, 40).Select(i => new ExplorerResource($"file-{i:00}", "1.0.0", "FILE")).ToArray();
        var leftOut = ExplorerDownWriter.ReportVersionResponse(output, resources);
        var told = Told();
        Assert.Equal((40 - leftOut, "file-00"), (told.Count, told[0]));
        Assert.Equal(resources.Take(told.Count).Select(r => r.Name), told);
        Assert.InRange(output.WrittenCount, ExplorerDownWriter.MaxPayload - 80, ExplorerDownWriter.MaxPayload);
    }

    [Fact]
    public void A_short_entry_fills_the_room_that_a_long_one_cannot()
    {
        var resources = Enumerable.Range(0, 6).Select(i => new ExplorerResource(new string((char)('a' + i), 255), "1", "FILE")).Append(new("tail", "1", "FILE")).ToArray();
        Assert.Equal(1, ExplorerDownWriter.ReportVersionResponse(output, resources));
        Assert.Equal("tail", Told()[^1]);
    }

    [Fact]
    public void Entries_that_need_an_escape_or_are_empty_are_left_out()
    {
        Assert.Equal(4, ExplorerDownWriter.ReportVersionResponse(output, [new("a\"", "1", "FILE"), new("b", "", "FILE"), new("c", "1", ""), new("d\ud83d", "1", "FILE"), new("e", "1", "FILE")]));
        Assert.Equal(["e"], Told());
    }

    [Fact]
    public void The_longest_payload_fits_a_device_s_packet_with_its_topic()
    {
        var topic = ExplorerTopics.Down(new('p', 10), new('d', 48)).Length;
        Assert.InRange(1 + 2 + 2 + topic + 2 + ExplorerDownWriter.MaxPayload, 0, 2048);
        Assert.True(ExplorerDownWriter.TryUpdateResource(output, new(new('n', 64), new('v', 26), new('T', 10)), new string('u', 840), Md5, int.MaxValue));
        output.Clear();
        Assert.True(ExplorerDownWriter.TryRequestUrlResponse(output, new string('u', 878), new string('t', 120), new(new('录', 21))));
        Assert.InRange(output.WrittenCount, 0, ExplorerDownWriter.MaxPayload);
    }

    [Theory]
    [InlineData("", "1", "FILE", "has a name that is empty")]
    [InlineData("a/b", "1", "FILE", "has a name that holds a slash, backslash, quote, brace, bracket or control character")]
    [InlineData("..", "1", "FILE", "has a name that is a path")]
    [InlineData("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", "1", "FILE", "has a name that is too long")]
    [InlineData("录录录录录录录录录录录录录录录录录录录录录录", "1", "FILE", "has a name that is too long")]
    [InlineData("a", "", "FILE", "has a version that is empty")]
    [InlineData("a", "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv", "FILE", "has a version that is too long")]
    [InlineData("a", "1", "", "has a type that is empty")]
    [InlineData("a", "1", "TTTTTTTTTTT", "has a type that is too long")]
    [InlineData("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv", "FILE", "has a name and version that are too long together")]
    public void What_a_device_can_never_be_told_is_known_in_advance(string name, string version, string type, string reason)
    {
        var resource = new ExplorerResource(name, version, type);
        Assert.Equal(reason, ExplorerLimits.Refusal(resource));
        Assert.False(ExplorerDownWriter.TryUpdateResource(output, resource, "http://h/", Md5, 1));
        Assert.False(ExplorerDownWriter.TryDeleteResource(output, resource));
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void Bounds_are_told_apart_from_what_just_fits()
    {
        Assert.Null(ExplorerLimits.Refusal(new(new('n', 64), new('v', 26), new('T', 10)), new string('u', 840), int.MaxValue));
        Assert.Null(ExplorerLimits.Refusal(new(new('n', 58), new('v', 32), "FILE")));
        Assert.Equal("has a URL that is too long, or that needs an escape", ExplorerLimits.Refusal(Film, new string('u', 841), 1));
        Assert.Equal("has a URL that is too long, or that needs an escape", ExplorerLimits.Refusal(Film, "http://h/\"", 1));
        Assert.Equal("has a URL that is too long, or that needs an escape", ExplorerLimits.Refusal(Film, "", 1));
        Assert.Equal("is larger than a device can count", ExplorerLimits.Refusal(Film, "http://h/", 1L << 31));
        Assert.Equal("has a negative size", ExplorerLimits.Refusal(Film, "http://h/", -1));
    }

    [Fact]
    public void An_answer_to_a_request_keeps_the_bounds_of_the_device()
    {
        var id = new ExplorerRequestId("1");
        Assert.False(ExplorerDownWriter.TryRequestUrlResponse(output, new string('u', 879), "t", id));
        Assert.False(ExplorerDownWriter.TryRequestUrlResponse(output, "", "t", id));
        Assert.False(ExplorerDownWriter.TryRequestUrlResponse(output, "http://h/", new string('t', 121), id));
        Assert.False(ExplorerDownWriter.TryRequestUrlResponse(output, "http://h/", "", id));
        Assert.False(ExplorerDownWriter.TryRequestUrlResponse(output, "http://h/", "t", new("a\"")));
        Assert.False(ExplorerDownWriter.TryRequestUrlResponse(output, "http://h/", "t", new("007", IsNumber: true)));
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        ExplorerResource[] list = [new("a", "1", "FILE"), new("b", "2", "AUDIO")];
        Round(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round(100);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Round(int times)
        {
            for (var i = 0; i < times; i++)
            {
                output.ResetWrittenCount();
                ExplorerDownWriter.ReportVersionResponse(output, list);
                ExplorerDownWriter.TryUpdateResource(output, list[0], "http://files.example/o/abc", Md5, 234567);
                ExplorerDownWriter.TryRequestUrlResponse(output, "http://files.example/o/abc", "token", new("1"));
            }
        }
    }

    List<string?> Told()
    {
        using var json = JsonDocument.Parse(output.WrittenMemory);
        return [.. json.RootElement.GetProperty("resource_list").EnumerateArray().Select(r => r.GetProperty("resource_name").GetString())];
    }
}
