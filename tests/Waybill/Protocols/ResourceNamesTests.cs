using Waybill.Protocols;
using Waybill.Protocols.TencentHub;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class ResourceNamesTests
{
    [Theory]
    [InlineData("uploadtest")]
    [InlineData("dl.bin")]
    [InlineData("录像 2026-01-02 (1).mp4")]
    [InlineData("a&b=c+d,e;f'g<h>%20")]
    [InlineData("😀")]
    [InlineData(".hidden")]
    public void Good_names_pass(string name) => Assert.Null(ResourceNames.Refusal(name, ResourceNames.MaxUp));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a/b", "slash")]
    [InlineData("a\\b", "slash")]
    [InlineData("a\"b", "quote")]
    [InlineData("a{b", "brace")]
    [InlineData("a}b", "brace")]
    [InlineData("a[b", "bracket")]
    [InlineData("a]b", "bracket")]
    [InlineData("a\nb", "control")]
    [InlineData("a\u007fb", "control")]
    [InlineData("a\u0085b", "control")]
    [InlineData("a\0b", "control")]
    [InlineData(".", "path")]
    [InlineData("..", "path")]
    [InlineData("a..b", "path")]
    public void Bad_names_say_why(string name, string reason) =>
        Assert.Contains(reason, ResourceNames.Refusal(name, ResourceNames.MaxUp), StringComparison.Ordinal);

    // Attribute arguments are stored as UTF-8, which has no half pairs.
    [Fact]
    public void Half_pairs_are_refused()
    {
        foreach (var name in new[] { "a\ud83d", "\ud83da", "\ude00\ud83d" })
            Assert.Equal("holds half a surrogate pair", ResourceNames.Refusal(name, ResourceNames.MaxUp));
    }

    [Fact]
    public void Length_is_counted_in_bytes_of_utf8()
    {
        Assert.Null(ResourceNames.Refusal(new string('a', 255), ResourceNames.MaxUp));
        Assert.Equal("is too long", ResourceNames.Refusal(new string('a', 256), ResourceNames.MaxUp));
        Assert.Null(ResourceNames.Refusal(new string('录', 85), ResourceNames.MaxUp));
        Assert.Equal("is too long", ResourceNames.Refusal(new string('录', 86), ResourceNames.MaxUp));
        Assert.Null(ResourceNames.Refusal(new string('录', 21), HubDownWriter.MaxName));
        Assert.Equal("is too long", ResourceNames.Refusal(new string('录', 22), HubDownWriter.MaxName));
    }
}
