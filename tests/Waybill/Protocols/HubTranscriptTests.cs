using System.Buffers;
using System.Text.RegularExpressions;
using Waybill.Protocols.TencentHub;
using Xunit;

namespace Waybill.Tests.Protocols;

/// <summary>What can be known of a transcript without playing it: every line is what its mark says.</summary>
public sealed partial class HubTranscriptTests
{
    public static TheoryData<string> Names => [.. Transcript.Of("TencentHub").Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_line_is_what_its_mark_says(string name)
    {
        var transcript = Transcript.Of("TencentHub").Single(t => t.Name == name);
        Assert.True(transcript.Plays is "server" or "both");
        var words = new TranscriptWords();
        foreach (var step in transcript.Steps)
        {
            switch (step.Mark)
            {
                case ">" or ">?": IsMessage(words.Fill(step.Text), transcript.Device); break;
                case ">!": IsFault(Bytes.Of(step.Text)); break;
                case ">x": IsFault(Convert.FromHexString(step.Text)); break;
                case "<": IsAnswer(step.Text, words); break;
                case "!": Assert.Matches(Exchange(), words.Fill(step.Text)); break;
                case "*" when step.Text.StartsWith("content ", StringComparison.Ordinal): words.Define(step.Text); break;
                case "*": Assert.Matches(Outside(), step.Text); break;
                default: Assert.Fail($"line {step.Line} has the mark {step.Mark}"); break;
            }
        }
    }

    static void IsMessage(string json, string device)
    {
        Assert.True(HubUpReader.TryRead(Bytes.Of(json), out var message, out var fault), fault.Reason);
        if (device == "other")
            return;
        var output = new ArrayBufferWriter<byte>();
        Assert.True(HubUpWriter.TryWrite(output, message, device == "c" ? HubVariant.C : HubVariant.Python));
        Assert.Equal(json, output.Text());
    }

    static void IsFault(byte[] payload) => Assert.False(HubUpReader.TryRead(payload, out _, out _));

    static void IsAnswer(string line, TranscriptWords words)
    {
        var json = UncapturedUrl().Replace(line, "http://files.example/o/${url}");
        Assert.True(words.Matches(line, words.Fill(json)));
        Assert.True(HubDownReader.TryRead(Bytes.Of(words.Fill(json)), out var answer, out var fault), fault.Reason);
        var output = new ArrayBufferWriter<byte>();
        Assert.True(answer switch
        {
            CreateUploadTaskResponse(var resource, var url) => HubDownWriter.TryCreateUploadTaskResponse(output, resource, url),
            GetDownloadTaskResponse(var resource, var url) => HubDownWriter.TryGetDownloadTaskResponse(output, resource, url),
            Download(var resource, var url) => HubDownWriter.TryDownload(output, resource, url),
            ReportUploadProgressResponse(var code, var msg) => HubDownWriter.TryReportUploadProgressResponse(output, code, msg),
            ReportDownloadProgressResponse(var code, var msg) => HubDownWriter.TryReportDownloadProgressResponse(output, code, msg),
            _ => false,
        });
        Assert.Equal(words.Fill(json), output.Text());
    }

    [GeneratedRegex(@"\{(?<url>url\d?)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UncapturedUrl();

    [GeneratedRegex(@"^(PUT|GET) http://\S+( (body|content-md5|range|drop|take)=\S+)* -> (200|206|403|404|broken)( [a-z-]+=\S+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Exchange();

    [GeneratedRegex(@"^(connect|disconnect|grace|app upload \S+ \w+( as \w+)?|app fetch|library \S+ \w+|deliver \S+|cancel (upload|download) \S+|(state|code) (upload|download) \S+ \S+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Outside();
}
