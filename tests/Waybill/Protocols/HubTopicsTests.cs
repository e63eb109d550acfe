using System.Text;
using Waybill.Protocols.TencentHub;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class HubTopicsTests
{
    [Fact]
    public void Topics_built_are_taken_apart_again()
    {
        Assert.Equal("$resource/up/service/ABCDE12345/dev001", HubTopics.Up("ABCDE12345", "dev001"));
        Assert.Equal("$resource/down/service/ABCDE12345/dev001", HubTopics.Down("ABCDE12345", "dev001"));
        Assert.True(HubTopics.TryParseUp(Bytes.Of(HubTopics.Up("ABCDE12345", "dev001")), out var product, out var device));
        Assert.Equal("ABCDE12345 dev001", Encoding.UTF8.GetString(product) + " " + Encoding.UTF8.GetString(device));
        Assert.True(HubTopics.TryParseDown(Bytes.Of(HubTopics.Down("ABCDE12345", "dev001")), out product, out device));
        Assert.Equal("ABCDE12345 dev001", Encoding.UTF8.GetString(product) + " " + Encoding.UTF8.GetString(device));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$resource/up/service/")]
    [InlineData("$resource/up/service/ABCDE12345")]
    [InlineData("$resource/up/service/ABCDE12345/")]
    [InlineData("$resource/up/service//dev001")]
    [InlineData("$resource/up/service/ABCDE12345/dev001/")]
    [InlineData("$resource/up/service/ABCDE12345/dev001/more")]
    [InlineData("$resource/down/service/ABCDE12345/dev001")]
    [InlineData("$thing/up/service/ABCDE12345/dev001")]
    [InlineData("x$resource/up/service/ABCDE12345/dev001")]
    public void Other_topics_are_not_up_topics(string topic) => Assert.False(HubTopics.TryParseUp(Bytes.Of(topic), out _, out _));
}
