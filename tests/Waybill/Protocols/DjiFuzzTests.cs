using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Waybill.Protocols;
using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed partial class DjiFuzzTests
{
    static readonly Config Thousands = Config.QuickThrowOnFailure.WithMaxTest(3000).WithQuietOnSuccess(true);

    static readonly DjiTopicKind[] Kinds = Enum.GetValues<DjiTopicKind>();

    /// <summary>Every payload of the transcripts, both ways, as it stands there.</summary>
    static readonly byte[][] Seeds =
        [.. Transcript.Of("DjiCloud").SelectMany(t => t.Steps).Where(s => s.Mark is ">" or "<").Select(s => Bytes.Of(Number().Replace(s.Text[(s.Text.IndexOf(' ', StringComparison.Ordinal) + 1)..], ":7")))];

    /// <summary>Bytes that change what a JSON reader is doing.</summary>
    static readonly byte[] Hostile = [.. "{}[]\",:\\/u09-+eE.tfn \n\0"u8, 0x7F, 0x80, 0xC3, 0xEF, 0xBC, 0x8C, 0xED, 0xA0, 0xF4, 0xFF];

    static Gen<(DjiTopicKind Kind, byte[] Bytes)> Mutated =>
        from seed in Gen.Elements(Seeds)
        from kind in Gen.Elements(Kinds)
        from length in Gen.Frequency((3, Gen.Constant(seed.Length)), (1, Gen.Choose(0, seed.Length)))
        from edits in Gen.ArrayOf(Gen.Choose(0, seed.Length - 1).Zip(Gen.Elements(Hostile)))
        select (kind, Edit(seed[..length], edits));

    /// <summary>Ids, keys and names as nobody should send them, among good ones.</summary>
    static Gen<string> Texts =>
        Gen.Frequency(
            (3, Gen.Elements("a", "录像", "😀.mp4", "x y+&<>'", "", "..", "a/b", "a\"b", "a\\b", "{[]}", "\0", "007", "1e5", "\ud83d")),
            (1, Gen.Choose(1, 300).Select(n => new string('n', n))),
            (1, Gen.ArrayOf(Gen.Choose(0, 0xFFFF).Select(c => (char)c)).Select(c => new string(c))));

    static byte[] Edit(byte[] bytes, (int At, byte Value)[] edits)
    {
        var copy = bytes.ToArray();
        foreach (var (at, value) in edits.Take(4).Where(e => e.At < copy.Length))
            copy[at] = value;
        return copy;
    }

    [Fact]
    public void Truncated_and_mutated_payloads_are_read_or_faulted_never_thrown() =>
        Prop.ForAll(Mutated.ToArbitrary(), m => ReadsOrFaults(m.Kind, m.Bytes)).Check(Thousands);

    [Fact]
    public void Random_bytes_are_read_or_faulted_never_thrown() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Elements(Hostile)).Select(b => (byte[])[(byte)'{', .. b]).ToArbitrary(), bytes => Array.TrueForAll(Kinds, k => ReadsOrFaults(k, bytes))).Check(Thousands);

    [Fact]
    public void Every_prefix_of_a_message_is_nonsense()
    {
        foreach (var seed in Seeds.DistinctBy(s => s.Length))
        {
            for (var length = 0; length < seed.Length; length++)
            {
                Assert.False(DjiUpReader.TryRead(DjiTopicKind.Events, seed.AsSpan(0, length), out _, out _, out var fault));
                Assert.Equal(WireFaultKind.Nonsense, fault.Kind);
            }
        }
    }

    [Fact]
    public void Whatever_can_be_read_can_be_answered() =>
        Prop.ForAll(Mutated.ToArbitrary(), m => !DjiUpReader.TryRead(m.Kind, m.Bytes, out var envelope, out _, out _) || IsAnswered(envelope)).Check(Thousands);

    [Fact]
    public void Every_topic_is_taken_apart_or_left() =>
        Prop.ForAll(
            Gen.ArrayOf(Gen.Elements("thing/product/", "sys/product/", "/", "osd", "state", "status", "_reply", "events", "drc/up", "\0", "+", "a")).Select(p => Bytes.Of(string.Concat(p))).ToArbitrary(),
            topic => !DjiTopics.TryParse(topic, out var kind, out var sn) || Bytes.Of(DjiTopics.Of(kind, Encoding.UTF8.GetString(sn))).AsSpan().SequenceEqual(topic)).Check(Thousands);

    [Fact]
    public void Whatever_is_written_is_strict_json_that_comes_back()
    {
        var words =
            from text in Texts
            from other in Texts
            from number in Gen.Choose(-5, int.MaxValue)
            select (Text: text, Other: other, Number: number);
        Prop.ForAll(words.ToArbitrary(), w =>
        {
            var storage = new DjiStorage("minio", "http://" + w.Text, w.Other, w.Text, new(w.Other, w.Text, "", DjiWire.Now + (w.Number * 1000L)));
            DjiDown[] messages =
            [
                new DjiResult(w.Number),
                new DjiBindOutcome([new(w.Text, w.Number)]),
                new DjiBindStatus([new(w.Text, new(w.Other, w.Text), w.Other)]),
                new DjiMediaStorage(storage, w.Other),
                new DjiListLogs([w.Text]),
                new DjiStartLogs(storage, w.Text, [new(w.Text, w.Other, w.Text, [new(w.Number, w.Number, w.Number, w.Number)])]),
                new DjiCreateOta([new(w.Text, w.Other, DjiUpgradeType.Normal, new(w.Text, default, w.Number, w.Other))]),
            ];
            return Array.TrueForAll(messages, message => IsStrictOrNothing(DjiWire.Written(message, w.Text)));
        }).Check(Thousands);
    }

    static bool ReadsOrFaults(DjiTopicKind kind, byte[] bytes)
    {
        var up = DjiUpReader.TryRead(kind, bytes, out var envelope, out var message, out var fault);
        var down = DjiDownReader.TryRead(kind, bytes, out var head, out var said, out var downFault);
        return up == down && up == message is not null && up == envelope is not null && up == fault.Reason is null
            && down == said is not null && down == head is not null && fault == downFault;
    }

    static bool IsAnswered(DjiEnvelope envelope)
    {
        var output = new ArrayBufferWriter<byte>();
        return DjiAnswers.TryWrite(output, envelope.Answer("DOCK", DjiWire.Now), new DjiResult(0))
            && IsStrictOrNothing(output.Text())
            && DjiDownReader.TryRead(DjiTopicKind.EventsReply, output.WrittenSpan, out var back, out _, out _)
            && (back.Tid, back.Bid, back.Method) == (envelope.Tid, envelope.Bid, envelope.Method);
    }

    static bool IsStrictOrNothing(string json)
    {
        if (json.Length == 0)
            return true;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object;
    }

    /// <summary>A variable that stands for a number.</summary>
    [GeneratedRegex(@":\{[a-z][a-zA-Z0-9.]*\}", RegexOptions.None, 1000)]
    private static partial Regex Number();
}
