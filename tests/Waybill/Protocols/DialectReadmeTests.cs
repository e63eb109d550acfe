using System.Text.RegularExpressions;
using Xunit;

namespace Waybill.Tests.Protocols;

/// <summary>The tables of quirks: what is said to show one is there.</summary>
public sealed partial class DialectReadmeTests
{
    [Theory]
    [InlineData("TencentHub", 'H')]
    [InlineData("TencentExplorer", 'E')]
    [InlineData("DjiCloud", 'D')]
    public void Quirks_are_numbered_once_and_shown_by_what_exists(string dialect, char letter)
    {
        var folder = Path.Combine(Checkout.Root, "src", "Protocols", dialect);
        var tests = Directory.GetFiles(Path.Combine(Checkout.Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var quirks = File.ReadLines(Path.Combine(folder, "README.md")).Select(line => Quirk().Match(line)).Where(m => m.Success).ToList();
        Assert.Equal(Enumerable.Range(1, quirks.Count), quirks.Select(q => int.Parse(q.Groups["number"].ValueSpan)).Order());
        foreach (var quirk in quirks)
        {
            Assert.Equal(letter, quirk.Groups["letter"].Value[0]);
            foreach (var word in Remark().Replace(quirk.Groups["shown"].Value, "").Split(", ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                Assert.True(word.EndsWith(".txt", StringComparison.Ordinal) ? File.Exists(Path.Combine(folder, "transcripts", word)) : tests.Contains(word), $"{quirk.Value} names {word}");
        }
    }

    [GeneratedRegex(@"^\| (?<letter>[A-Z])(?<number>\d+) \|.*\|(?<shown>[^|]*)\|$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quirk();

    [GeneratedRegex(@"\([^)]*\)", RegexOptions.None, 1000)]
    private static partial Regex Remark();
}
