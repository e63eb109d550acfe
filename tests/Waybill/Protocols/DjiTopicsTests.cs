using System.Text;
using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class DjiTopicsTests
{
    [Theory]
    [InlineData(DjiTopicKind.Osd, "thing/product/4TADK7E/osd")]
    [InlineData(DjiTopicKind.State, "thing/product/4TADK7E/state")]
    [InlineData(DjiTopicKind.StateReply, "thing/product/4TADK7E/state_reply")]
    [InlineData(DjiTopicKind.Services, "thing/product/4TADK7E/services")]
    [InlineData(DjiTopicKind.ServicesReply, "thing/product/4TADK7E/services_reply")]
    [InlineData(DjiTopicKind.Events, "thing/product/4TADK7E/events")]
    [InlineData(DjiTopicKind.EventsReply, "thing/product/4TADK7E/events_reply")]
    [InlineData(DjiTopicKind.Requests, "thing/product/4TADK7E/requests")]
    [InlineData(DjiTopicKind.RequestsReply, "thing/product/4TADK7E/requests_reply")]
    [InlineData(DjiTopicKind.Status, "sys/product/4TADK7E/status")]
    [InlineData(DjiTopicKind.StatusReply, "sys/product/4TADK7E/status_reply")]
    [InlineData(DjiTopicKind.PropertySet, "thing/product/4TADK7E/property/set")]
    [InlineData(DjiTopicKind.PropertySetReply, "thing/product/4TADK7E/property/set_reply")]
    [InlineData(DjiTopicKind.DrcUp, "thing/product/4TADK7E/drc/up")]
    [InlineData(DjiTopicKind.DrcDown, "thing/product/4TADK7E/drc/down")]
    public void Topics_built_are_taken_apart_again(DjiTopicKind kind, string topic)
    {
        Assert.Equal(topic, DjiTopics.Of(kind, "4TADK7E"));
        Assert.True(DjiTopics.TryParse(Bytes.Of(topic), out var found, out var sn));
        Assert.Equal((kind, "4TADK7E"), (found, Encoding.UTF8.GetString(sn)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("thing/product/")]
    [InlineData("thing/product/a")]
    [InlineData("thing/product//osd")]
    [InlineData("thing/product/a/osd/")]
    [InlineData("thing/product/a/b/osd")]
    [InlineData("thing/product/a/status")]
    [InlineData("sys/product/a/osd")]
    [InlineData("sys/product/a/status/")]
    [InlineData("xthing/product/a/osd")]
    [InlineData("thing/product/01234567890123456789012345678901234567890123456789012345678901234/osd")]
    public void Other_topics_are_none(string topic) => Assert.False(DjiTopics.TryParse(Bytes.Of(topic), out _, out _));

    [Fact]
    public void A_platform_listens_to_every_device_by_eight_wildcards_and_never_to_its_own_messages() =>
        Assert.Equal(
            [
                "thing/product/+/osd", "thing/product/+/state", "thing/product/+/services_reply", "thing/product/+/events",
                "thing/product/+/requests", "sys/product/+/status", "thing/product/+/property/set_reply", "thing/product/+/drc/up",
            ],
            DjiTopics.Up);

    [Fact]
    public void Answers_go_to_the_topic_beside()
    {
        foreach (var kind in Enum.GetValues<DjiTopicKind>())
        {
            if (kind.Reply() is { } reply)
                Assert.Equal(DjiTopics.Of(kind, "s") + "_reply", DjiTopics.Of(reply, "s"));
        }
        Assert.Equal(4, Enum.GetValues<DjiTopicKind>().Count(k => k.Reply() is not null));
    }
}
