using System.Text.RegularExpressions;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Dialects.DjiCloud;
using Waybill.Logs;
using Waybill.Protocols.DjiCloud;
using Waybill.Tests.Protocols;
using Waybill.Upgrades;
using Xunit;

namespace Waybill.Tests.Dialects;

/// <summary>A transcript played through reader, translation and rules, without wires and rows: its <c>*</c> lines must come true.</summary>
sealed partial class DjiTranscriptPlay : IDisposable
{
    const string DockSn = "4TADOCK0000001";
    const string AircraftSn = "4TADRONE000001";
    const long Gateway = 7;

    readonly Seal _seal = new(new byte[16]);
    readonly DjiJobIds _ids;
    readonly DjiOrders _orders;
    readonly Dictionary<long, LogRequest> _logs = [];
    readonly Dictionary<long, Upgrade> _upgrades = [];
    readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> _contents = new(StringComparer.Ordinal);
    readonly Queue<string> _told = [];
    long _now = DjiWire.Now;
    long _next;

    public DjiTranscriptPlay()
    {
        _ids = new(_seal);
        _orders = new(_ids, TimeProvider.System);
    }

    public void Run(Transcript transcript)
    {
        foreach (var step in transcript.Steps)
        {
            switch (step.Mark)
            {
                case ">": Hear(Fill(step.Text)); break;
                case "<" when step.Text.Contains("/services ", StringComparison.Ordinal): Learn(step); break;
                case "!" when step.Text.StartsWith("S3 PUT", StringComparison.Ordinal): Store(Fill(step.Text)); break;
                case "*": Outside(step); break;
            }
        }
        Assert.Empty(_told);
    }

    public void Dispose() => _seal.Dispose();

    void Outside(TranscriptStep step)
    {
        var words = step.Text.Split(' ');
        switch (words)
        {
            case ["content", var name, var size, ..]: _contents[name] = long.Parse(size); break;
            case ["connect"]: Decide(new GatewayReturned(Gateway)); break;
            case ["log", "list", .. var modules]: Decide(new LogOrder(++_next, Gateway, modules, new())); Offer(); break;
            case ["log", "upload", .. var choices]: Decide(new LogUpload(_next, [.. choices.Select(Choice)], _ids.Prefix(_next))); Offer(); break;
            case ["log", "cancel", .. var modules]: Decide(new LogCancel(_next, modules)); Offer(); break;
            case ["log", "state", var state]: Assert.Equal(state, Word(_logs[_next].State)); break;
            case ["log", "code", var code]: Assert.Equal(int.Parse(code), _logs[_next].Code); break;
            case ["upgrade", "state", var state]: Assert.Equal(state, Word(_upgrades[_next].State)); break;
            case ["upgrade", "code", var code]: Assert.Equal(int.Parse(code), _upgrades[_next].Code); break;
            case ["upgrade", .. var targets]: Decide(new UpgradeOrder(++_next, new(Gateway, DockSn, new()), [.. targets.Select(Target)])); OfferUpgrade(); break;
        }
    }

    static string Word(Enum state) => Regex.Replace(state.ToString(), "(?<=.)[A-Z]", "_$0", RegexOptions.None, TimeSpan.FromSeconds(1)).ToLowerInvariant();

    static LogChoice Choice(string text) => new(text[..1], [.. text[2..].Split(',').Select(long.Parse)]);

    static UpgradeTarget Target(string text)
    {
        var parts = text.Split('=', '/', ':');
        return new() { Sn = parts[0], FileName = parts[1], FileVersion = parts[2], Version = parts[2], Type = int.Parse(parts[3]), Before = "1.00.223" };
    }

    void Offer()
    {
        var offer = new LogOffer(Gateway, again: false, canStart: true);
        Decide(offer);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var storage = new DjiStorage("minio", "http://s3.example", "us-east-1", "logs", new("k", "s", "t", _now + 1));
        Assert.True(_orders.TryWrite(output, DockSn, offer.Told, offer.Result!, storage));
        _told.Enqueue(output.Text());
    }

    void OfferUpgrade()
    {
        var offer = new UpgradeOffer(Gateway);
        Decide(offer);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var packages = offer.Result!.Targets.ToDictionary(t => t.Sn, t => new DjiPackage("http://files.example/o/1", default, _contents["package"], t.FileName!), StringComparer.Ordinal).AsReadOnly();
        Assert.True(_orders.TryWrite(output, DockSn, offer.Result!, packages));
        _told.Enqueue(output.Text());
    }

    /// <summary>What the platform said, with the variables that the line gives names to.</summary>
    void Learn(TranscriptStep step)
    {
        var line = step.Text[(step.Text.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        var told = _told.Dequeue();
        foreach (Match variable in Variable().Matches(line))
        {
            var word = variable.Groups["word"].Value;
            if (word.StartsWith("bid", StringComparison.Ordinal))
                _words[word] = Regex.Match(told, "(?<=\"bid\":\")[^\"]+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
            else if (word.EndsWith("key", StringComparison.Ordinal) && word.Length > 3)
                _words[word] = _ids.Prefix(_next) + (word == "dockkey" ? "dock.tar" : "aircraft.tar");
            else
                _words.TryAdd(word, word);
        }
        Assert.Contains(Regex.Match(line, "\"method\":\"\\w+\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Value, told, StringComparison.Ordinal);
    }

    void Store(string exchange)
    {
        var parts = exchange.Split(' ');
        var size = _contents[parts[3]["body=".Length..]];
        var id = _ids.OfKey(parts[2]);
        Assert.Equal(_next, id);
        Decide(new ArchiveSeen(_next, parts[2].EndsWith("dock.tar", StringComparison.Ordinal) ? LogModules.Dock : LogModules.Aircraft, size, null));
    }

    void Hear(string line)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        Assert.True(DjiTopics.TryParse(Bytes.Of(line[..blank]), out var kind, out var topicSn));
        var sn = System.Text.Encoding.UTF8.GetString(topicSn);
        Assert.True(DjiUpReader.TryRead(kind, Bytes.Of(line[(blank + 1)..]), out var envelope, out var message, out _));
        var job = _ids.Read(envelope.Bid);
        switch (message)
        {
            case DjiCommandReply reply when job?.Purpose == SealPurpose.LogList:
                Decide(new LogListReply(job.Value.Id, DjiLogReports.Lists(reply, DockSn, AircraftSn)));
                break;
            case DjiCommandReply reply when job?.Purpose == SealPurpose.LogStart:
                Decide(new LogStartReply(job.Value.Id, reply.Result, DjiLogReports.Meaning(reply.Result)));
                break;
            case DjiCommandReply reply when job?.Purpose == SealPurpose.LogCancel:
                Decide(new LogCancelReply(job.Value.Id, reply.Result, DjiLogReports.Meaning(reply.Result)));
                break;
            case DjiCommandReply reply when job?.Purpose == SealPurpose.Upgrade:
                Decide(new UpgradeReply(job.Value.Id, DjiUpgradeReports.Reply(reply)));
                break;
            case DjiLogProgress progress:
                Decide(new LogProgress(Gateway, job?.Id ?? progress.Files.Select(f => _ids.OfKey(f.Key)).FirstOrDefault(id => id is not null), DjiLogReports.Export(progress)));
                break;
            case DjiOtaProgress progress:
                Decide(new UpgradeProgress(Gateway, job?.Id, DjiUpgradeReports.Progress(progress)));
                break;
            case DjiProperties { FirmwareVersion: { } version }:
                Decide(new VersionSeen(Gateway, sn, version));
                break;
        }
    }

    string Fill(string text) => Variable().Replace(text, m => _words.GetValueOrDefault(m.Groups["word"].Value, m.Value));

    void Decide(JobMessage<LogRequest, LogSettings> message)
    {
        var view = new JobView<LogRequest>();
        foreach (var row in _logs.Values)
            view.Loaded(row);
        message.Need(view);
        message.Decide(view, new(_now += 1000, new()));
        Assert.Null(message.Refusal);
        foreach (var (_, after) in view.Changed)
            _logs[after.Id] = after;
    }

    void Decide(JobMessage<Upgrade, UpgradeSettings> message)
    {
        var view = new JobView<Upgrade>();
        foreach (var row in _upgrades.Values)
            view.Loaded(row);
        message.Need(view);
        message.Decide(view, new(_now += 1000, new()));
        Assert.Null(message.Refusal);
        foreach (var (_, after) in view.Changed)
            _upgrades[after.Id] = after;
    }

    [GeneratedRegex(@"\{(?<word>[A-Za-z][A-Za-z0-9.-]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
