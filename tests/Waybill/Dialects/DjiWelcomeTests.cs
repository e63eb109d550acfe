using System.Buffers;
using Waybill.Dialects.DjiCloud;
using Waybill.Protocols.DjiCloud;
using Waybill.Tests.Protocols;
using Xunit;

namespace Waybill.Tests.Dialects;

public sealed class DjiWelcomeTests
{
    const string DockSn = "4TADOCK0000001";

    public static TheoryData<string> Arrivals => ["bring-up", "bring-up-first-generation", "unlicensed", "repeats", "nonsense"];

    /// <summary>Each line of the platform must be the answer to the one before it, and nothing else may be answered.</summary>
    [Theory]
    [MemberData(nameof(Arrivals))]
    public void Every_transcript_of_an_arrival_comes_true(string name)
    {
        var product = new DjiProduct();
        var words = new TranscriptWords();
        string? answer = null;
        foreach (var step in Transcript.Of("DjiCloud").Single(t => t.Name == name).Steps)
        {
            switch (step.Mark)
            {
                case "*":
                    product = Set(product, step.Text.Split(' '));
                    break;
                case ">":
                    Assert.Null(answer);
                    (answer, product) = Heard(step.Text, product);
                    break;
                case "<":
                    Assert.True(words.Matches(step.Text, answer!), $"line {step.Line}: {answer}");
                    answer = null;
                    break;
            }
        }
        Assert.Null(answer);
    }

    static DjiProduct Set(DjiProduct product, string[] words) => words switch
    {
        ["licence", var id, var key, var licence, var host] => product with { Licence = new(id, key, licence, host) },
        ["organization", var id, var code, var title] => product with { Organizations = [.. product.Organizations, new(id, title.Replace('_', ' '), code)] },
        _ => product,
    };

    static (string? Answer, DjiProduct Product) Heard(string line, DjiProduct product)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        Assert.True(DjiTopics.TryParse(Bytes.Of(line[..blank]), out var kind, out var sn));
        Assert.True(DjiUpReader.TryRead(kind, Bytes.Of(line[(blank + 1)..]), out var envelope, out var said, out _));
        var answer = DjiWelcome.Answer(kind, envelope, said, product);
        if (said is DjiBindAsked bind)
            product = product with { Bindings = DjiWelcome.Bindings(bind, product).ToDictionary(b => b.Sn, StringComparer.Ordinal) };
        if (answer is null)
            return (null, product);
        var name = System.Text.Encoding.UTF8.GetString(sn);
        var output = new ArrayBufferWriter<byte>();
        Assert.True(DjiAnswers.TryWrite(output, envelope.Answer(name, DjiWire.Now), answer));
        return (DjiTopics.Of(kind.Reply()!.Value, name) + " " + output.Text(), product);
    }

    [Fact]
    public void Beside_another_server_nothing_is_answered()
    {
        var beside = new DjiProduct { IsOwner = false, Licence = new("1", "k", "l", "h") };
        var envelope = new DjiEnvelope("t", "b", "config", true, null, null);
        Assert.All(Enum.GetValues<DjiTopicKind>(), kind => Assert.Null(DjiWelcome.Answer(kind, envelope, new DjiConfigAsked(), beside)));
    }

    [Fact]
    public void Only_those_with_the_code_are_bound()
    {
        var product = new DjiProduct { Organizations = [new("org-1", "Fire brigade", "code-1")] };
        var asked = new DjiBindAsked([new(DockSn, "org-1", "code-1", "Roof", null), new("A", "org-1", "code-2", null, null), new("B", "org-2", "code-1", null, null), new("C", null, null, null, null)]);
        Assert.Equal([new(DockSn, product.Organizations[0], "Roof")], DjiWelcome.Bindings(asked, product));
        var outcome = Assert.IsType<DjiBindOutcome>(DjiWelcome.Answer(DjiTopicKind.Requests, new(null, null, null, false, null, null), asked, product));
        Assert.Equal([0, DjiErrorCodes.BadBindingCode, DjiErrorCodes.NoOrganization, DjiErrorCodes.NoOrganization], outcome.Devices.Select(d => d.Code));
        Assert.DoesNotContain("code-1", product.Organizations[0].ToString(), StringComparison.Ordinal);
    }
}
