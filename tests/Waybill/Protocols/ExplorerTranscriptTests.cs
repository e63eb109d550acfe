using System.Buffers;
using System.Text.RegularExpressions;
using Waybill.Protocols.TencentExplorer;
using Xunit;

namespace Waybill.Tests.Protocols;

/// <summary>What can be known of a transcript without playing it: every line is what its mark says.</summary>
public sealed partial class ExplorerTranscriptTests
{
    public static TheoryData<string> Names => [.. Transcript.Of("TencentExplorer").Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_line_is_what_its_mark_says(string name)
    {
        var transcript = Transcript.Of("TencentExplorer").Single(t => t.Name == name);
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

    static readonly ExplorerResource F0 = new("f0", "1.0.0", ExplorerResource.File);

    /// <summary>Lines of the transcripts, and what they mean.</summary>
    public static TheoryData<string, int, ExplorerUp> Meanings => new()
    {
        { "c3-download", 1, new ReportUpdate("dl.bin", "1.0.0", new(ExplorerState.Running, 0, 0, "")) },
        { "c3-download", 5, new ReportUpdate("dl.bin", "1.0.0", new(ExplorerState.Burning, null, 0, "")) },
        { "c3-download", 6, new ReportUpdate("dl.bin", "1.0.0", new(ExplorerState.Done, null, 0, "success")) },
        { "c3-download-failed", 1, new ReportUpdate("dl.bin", "1.0.0", new(ExplorerState.Done, null, ExplorerResults.AuthFailed, "time_out")) },
        { "c3-upload", 1, new RequestUrl(new("1"), "pic.jpg", "1.0.0", "FILE") },
        { "c3-upload", 2, new ReportPostResult("token", new(ExplorerState.Done, null, 0, "success")) },
        { "c3-deletion", 1, new DeleteResult("f0", "1.0.0", new(ExplorerState.Done, null, 0, "success")) },
        { "v4-download", 3, new ReportUpdate("dl.bin", "1.0.0", new(ExplorerState.Burning, null, 0, "")) },
        { "v4-download-failed", 1, new ReportUpdate("dl.bin", "1.0.0", new(ExplorerState.Fail, null, ExplorerResults.Md5NotMatched, "md5 not match")) },
        { "java-download", 2, new ReportUpdate("dl.bin", "1.0.0", new(ExplorerState.Done, null, 0, "success")) },
        { "java-download-failed", 1, new ReportUpdate("dl.bin", "1.0.0", new(ExplorerState.Done, null, ExplorerResults.TimedOut, "time_out")) },
        { "hand-written", 2, new RequestUrl(new("12345678", IsNumber: true), "123.wav", "1.0.0", "AUDIO") },
    };

    [Theory]
    [MemberData(nameof(Meanings))]
    public void Lines_mean_what_the_device_means(string name, int said, ExplorerUp meaning)
    {
        var lines = Transcript.Of("TencentExplorer").Single(t => t.Name == name).Steps.Where(s => s.Mark is ">" or ">?").ToList();
        Assert.True(ExplorerUpReader.TryRead(Bytes.Of(lines[said].Text.Replace("{token}", "token", StringComparison.Ordinal)), out var message, out _));
        Assert.Equal(meaning, message);
    }

    [Theory]
    [InlineData("c3-deletion")]
    [InlineData("java-deletion")]
    public void A_list_of_versions_is_what_the_device_holds(string name)
    {
        var line = Transcript.Of("TencentExplorer").Single(t => t.Name == name).Steps.First(s => s.Mark == ">");
        Assert.True(ExplorerUpReader.TryRead(Bytes.Of(line.Text), out var message, out _));
        Assert.Equal([F0], Assert.IsType<ReportVersion>(message).Resources);
    }

    static void IsMessage(string json, string device)
    {
        Assert.True(ExplorerUpReader.TryRead(Bytes.Of(json), out var message, out var fault), fault.Reason);
        if (device == "other")
            return;
        var output = new ArrayBufferWriter<byte>();
        Assert.True(ExplorerUpWriter.TryWrite(output, message, Enum.Parse<ExplorerVariant>(device, ignoreCase: true)));
        Assert.Equal(json, output.Text());
    }

    static void IsFault(byte[] payload) => Assert.False(ExplorerUpReader.TryRead(payload, out _, out _));

    static void IsAnswer(string line, TranscriptWords words)
    {
        var json = UncapturedToken().Replace(UncapturedUrl().Replace(line, "http://files.example/o/${url}"), "t0ken");
        Assert.True(words.Matches(line, words.Fill(json)));
        Assert.True(ExplorerDownReader.TryRead(Bytes.Of(words.Fill(json)), out var answer, out var fault), fault.Reason);
        var output = new ArrayBufferWriter<byte>();
        Assert.True(answer switch
        {
            ReportVersionResponse(0, var resources) => ExplorerDownWriter.ReportVersionResponse(output, [.. resources]) == 0,
            UpdateResource(var resource, var url, var md5, var size) => ExplorerDownWriter.TryUpdateResource(output, resource, url, md5, size),
            DeleteResource(var resource) => ExplorerDownWriter.TryDeleteResource(output, resource),
            RequestUrlResponse(var id, var url, var token) => ExplorerDownWriter.TryRequestUrlResponse(output, url, token, id),
            _ => false,
        });
        Assert.Equal(words.Fill(json), output.Text());
    }

    [GeneratedRegex(@"\{(?<url>url\d?)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UncapturedUrl();

    [GeneratedRegex(@"\{token\}", RegexOptions.None, 1000)]
    private static partial Regex UncapturedToken();

    [GeneratedRegex(@"^(PUT|GET) http://\S+( (body|range)=\S+)* -> (200|206|403|404)( [a-z-]+=\S+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Exchange();

    [GeneratedRegex(@"^(connect|disconnect|app upload \S+ \w+|library \S+ \S+ \w+|(deliver|remove) \S+ \S+|cancel download \S+|(state|code) (upload|download|removal) \S+ \S+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Outside();
}
