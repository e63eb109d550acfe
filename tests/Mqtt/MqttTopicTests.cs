using System.Text;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests;

public sealed class MqttTopicTests
{
    [Conforms("5.0", "4.7.1-1 4.7.1-2 4.7.3-1 4.7.3-2 4.7.3-3 3.8.3-1 3.10.3-1"),
        Conforms("3.1.1", "4.7.1-2 4.7.1-3 4.7.3-1 4.7.3-2 4.7.3-3 3.8.3-1 3.10.3-1")]
    [Theory]
    [InlineData("a", true)]
    [InlineData("/", true)]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("a/#", true)]
    [InlineData("+/+/#", true)]
    [InlineData("/+/", true)]
    [InlineData("$resource/down/service/P/d", true)]
    [InlineData("", false)]
    [InlineData("a#", false)]
    [InlineData("#/a", false)]
    [InlineData("a/#/b", false)]
    [InlineData("a+/b", false)]
    [InlineData("+a", false)]
    [InlineData("a/b+", false)]
    [InlineData("##", false)]
    [InlineData("a\0b", false)]
    public void A_filter_is_checked(string filter, bool valid) => Assert.Equal(valid, MqttTopic.IsFilter(Encoding.UTF8.GetBytes(filter)));

    [Conforms("5.0", "4.7.2-1 4.7.1-2"), Conforms("3.1.1", "4.7.2-1 4.7.1-3")]
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/c", false)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("a/b/c", "a/b", false)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+", "a/", true)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("+/+", "/a", true)]
    [InlineData("+", "/a", false)]
    [InlineData("/+", "/a", true)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "ab", false)]
    [InlineData("a/+/#", "a", false)]
    [InlineData("a/+/c", "a/b/c", true)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    [InlineData("a/", "a/", true)]
    [InlineData("a/", "a", false)]
    public void A_filter_matches(string filter, string topic, bool matches) =>
        Assert.Equal(matches, MqttTopic.Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(topic)));

    [Conforms("5.0", "4.7.0-1 3.3.2-1 3.3.2-2 4.7.3-3"), Conforms("3.1.1", "4.7.1-1 3.3.2-1 3.3.2-2 4.7.3-3")]
    [Fact]
    public void A_name_has_no_wildcards_and_is_valid_UTF8()
    {
        Assert.True(MqttTopic.IsName("a/b"u8));
        Assert.False(MqttTopic.IsName("a/+"u8));
        Assert.False(MqttTopic.IsName("a/#"u8));
        Assert.False(MqttTopic.IsName([]));
        Assert.False(MqttTopic.IsName([0xED, 0xA0, 0x80]));
        Assert.False(MqttTopic.IsName([0xC0, 0xAF]));
        Assert.False(MqttTopic.IsName(new byte[65536].AsSpan()));
    }
}
