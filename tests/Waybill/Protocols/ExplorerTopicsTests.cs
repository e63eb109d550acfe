using System.Text;
using Waybill.Protocols.TencentExplorer;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class ExplorerTopicsTests
{
    [Fact]
    public void Topics_built_are_taken_apart_again()
    {
        Assert.Equal("$thing/up/service/ABCDE12345/dev001", ExplorerTopics.Up("ABCDE12345", "dev001"));
        Assert.Equal("$thing/down/service/ABCDE12345/dev001", ExplorerTopics.Down("ABCDE12345", "dev001"));
        Assert.True(ExplorerTopics.TryParseUp(Bytes.Of(ExplorerTopics.Up("ABCDE12345", "dev001")), out var product, out var device));
        Assert.Equal("ABCDE12345 dev001", Encoding.UTF8.GetString(product) + " " + Encoding.UTF8.GetString(device));
        Assert.True(ExplorerTopics.TryParseDown(Bytes.Of(ExplorerTopics.Down("ABCDE12345", "dev001")), out product, out device));
        Assert.Equal("ABCDE12345 dev001", Encoding.UTF8.GetString(product) + " " + Encoding.UTF8.GetString(device));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$thing/up/service/")]
    [InlineData("$thing/up/service/ABCDE12345")]
    [InlineData("$thing/up/service/ABCDE12345/")]
    [InlineData("$thing/up/service//dev001")]
    [InlineData("$thing/up/service/ABCDE12345/dev001/")]
    [InlineData("$thing/up/service/ABCDE12345/dev001/more")]
    [InlineData("$thing/down/service/ABCDE12345/dev001")]
    [InlineData("$resource/up/service/ABCDE12345/dev001")]
    [InlineData("x$thing/up/service/ABCDE12345/dev001")]
    public void Other_topics_are_not_up_topics(string topic) => Assert.False(ExplorerTopics.TryParseUp(Bytes.Of(topic), out _, out _));
}
