using System.Text;
using System.Text.RegularExpressions;
using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Protocols;

/// <summary>What can be known of a transcript without playing it: every line is what its mark says.</summary>
public sealed partial class DjiTranscriptTests
{
    public static TheoryData<string> Names => [.. Transcript.Of("DjiCloud").Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_line_is_what_its_mark_says(string name)
    {
        var transcript = Transcript.Of("DjiCloud").Single(t => t.Name == name);
        Assert.Equal("server", transcript.Plays);
        var words = new TranscriptWords();
        foreach (var step in transcript.Steps)
        {
            switch (step.Mark)
            {
                case ">": IsMessage(words.Fill(step.Text), transcript.Device); break;
                case ">!": IsFault(step.Text, Bytes.Of); break;
                case ">x": IsFault(step.Text, Convert.FromHexString); break;
                case "<": IsSaid(step.Text, words); break;
                case "!": Assert.Matches(Exchange(), words.Fill(step.Text)); break;
                case "*" when step.Text.StartsWith("content ", StringComparison.Ordinal): words.Define(step.Text); break;
                case "*": Assert.Matches(Outside(), step.Text); break;
                default: Assert.Fail($"line {step.Line} has the mark {step.Mark}"); break;
            }
        }
    }

    [Theory]
    [InlineData("logs-first-generation")]
    [InlineData("logs-second-generation")]
    [InlineData("logs-random-bid")]
    [InlineData("logs")]
    public void Every_generation_tells_the_same_of_a_job(string name)
    {
        var said = Said<DjiLogProgress>(name);
        Assert.Equal([DjiState.InProgress, DjiState.InProgress, DjiState.Ok], said.Select(p => p.Status!.Value.State));
        Assert.Equal([DjiState.FilePull, DjiState.FileUploading, DjiState.Ok], said.Select(p => p.Files[0].Progress.Status!.Value.State));
        Assert.Equal([16, 50, 100], said.Select(p => p.Files[1].Progress.Overall));
        Assert.All(said, p => Assert.Equal([DjiModules.Aircraft, DjiModules.Dock], p.Files.Select(f => f.Module)));
        var lists = Said<DjiCommandReply>(name)[0].Logs;
        Assert.Equal([new(7, 1654070968000, 1659427398000, 5000)], lists[0].Boots);
        Assert.Equal([321, 322], lists[1].Boots.Select(b => b.Index));
    }

    [Theory]
    [InlineData("upgrade-first-generation")]
    [InlineData("upgrade-second-generation")]
    [InlineData("upgrade-numbered-steps")]
    [InlineData("upgrade")]
    public void Every_generation_tells_the_same_of_an_upgrade(string name)
    {
        var said = Said<DjiOtaProgress>(name);
        Assert.Equal([DjiState.InProgress, DjiState.InProgress, DjiState.Ok], said.Select(p => p.Status!.Value.State));
        Assert.Equal([DjiOtaStage.Download, DjiOtaStage.Upgrade, DjiOtaStage.Upgrade], said.Select(p => p.Step!.Value.Stage));
        Assert.Equal([10, 0, 100], said.Select(p => p.Percent));
    }

    static List<T> Said<T>(string name) =>
        [.. Transcript.Of("DjiCloud").Single(t => t.Name == name).Steps.Where(s => s.Mark == ">").Select(s => Read(Variable().Replace(s.Text, "word"), out _)).OfType<T>()];

    static DjiUp Read(string line, out DjiEnvelope envelope)
    {
        var (kind, payload) = Split(line);
        Assert.True(DjiUpReader.TryRead(kind, Bytes.Of(payload), out var head, out var message, out var fault), fault.Reason);
        envelope = head;
        return message;
    }

    static (DjiTopicKind Kind, string Payload) Split(string line)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        var topic = blank < 0 ? line : line[..blank];
        Assert.True(DjiTopics.TryParse(Bytes.Of(topic), out var kind, out var sn));
        Assert.Contains(Encoding.UTF8.GetString(sn), (string[])["4TADOCK0000001", "4TADRONE000001"]);
        return (kind, blank < 0 ? "" : line[(blank + 1)..]);
    }

    static void IsMessage(string line, string device)
    {
        var message = Read(line, out var envelope);
        var (kind, payload) = Split(line);
        Assert.True(kind.IsUp());
        if (device == "other")
            return;
        Assert.IsNotType<DjiOther>(message);
        Assert.IsNotType<DjiUnusable>(message);
        var head = new DjiHead(envelope.Tid, envelope.Bid, envelope.Method, envelope.Gateway ?? "4TADOCK0000001", envelope.Timestamp ?? 0) { NeedReply = envelope.NeedReply };
        Assert.Equal(payload, DjiWire.Written(message, Spelling(device), head));
    }

    static DjiSpelling Spelling(string device) => device switch
    {
        "v12" => DjiSpelling.V12,
        "v14" => DjiSpelling.V14,
        "v18" => DjiSpelling.V18,
        "v116" => DjiSpelling.V116,
        _ => throw new FormatException($"{device} is no spelling"),
    };

    static void IsFault(string line, Func<string, byte[]> bytes)
    {
        var (kind, payload) = Split(line);
        Assert.False(DjiUpReader.TryRead(kind, bytes(payload), out _, out _, out _));
    }

    static void IsSaid(string line, TranscriptWords words)
    {
        var said = Variable().Replace(line, m => words.Knows(m.Groups["word"].Value) ? m.Value : Sample(m.Groups["word"].Value));
        Assert.True(words.Matches(line, words.Fill(said)));
        var (kind, payload) = Split(words.Fill(said));
        Assert.False(kind.IsUp());
        Assert.True(DjiDownReader.TryRead(kind, Bytes.Of(payload), out var envelope, out var message, out var fault), fault.Reason);
        var head = new DjiHead(envelope.Tid, envelope.Bid, envelope.Method, envelope.Gateway!, envelope.Timestamp ?? 0);
        Assert.Equal(payload, DjiWire.Written(message, head));
    }

    /// <summary>What a platform could say there.</summary>
    static string Sample(string word) => word switch
    {
        "expire" => "1700003600000",
        "seconds" => "3600",
        "endpoint" => "http://s3.example",
        _ when word.StartsWith("now", StringComparison.Ordinal) => "1700000000000",
        _ when word.StartsWith("url", StringComparison.Ordinal) => "http://files.example/o/" + word,
        _ => word + "-1",
    };

    [GeneratedRegex(@"\{(?<word>[A-Za-z][A-Za-z0-9.-]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^(S3 PUT \S+ body=\S+|(HEAD|GET) http://\S+( (body|range)=\S+)*) -> (200|206)( [a-z-]+=\S+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Exchange();

    [GeneratedRegex(
        @"^(connect|disconnect|licence( \S+){4}|organization( \S+){3}|library \S+ \S+ \w+|presence online|firmware \S+ \S+|log list( \d)+|log upload( \d:[\d,]+)+|log cancel( \d)+|(log|upgrade) (state|code) \w+|upgrade( \S+=\S+/\S+:[234])+|media \d+)$",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Outside();
}
