using System.Text;
using Waybill.Gate;
using Xunit;

namespace Waybill.Tests.Gate;

public sealed class AccountTopicTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/+", true)]
    [InlineData("a/b", "a/+", false)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "a/+/#", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/+", "a/#", false)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("a/+/c", "a/b", false)]
    [InlineData("#", "a/b", true)]
    [InlineData("#", "#", true)]
    [InlineData("+/x", "#", false)]
    [InlineData("#", "$thing/up/service/P/D", false)]
    [InlineData("+/up/#", "$thing/up/service/P/D", false)]
    [InlineData("$thing/#", "$thing/up/service/+/+", true)]
    public void A_filter_lies_within_a_rule_or_not(string rule, string filter, bool covered) =>
        Assert.Equal(covered, new AccountTopics(new("app", [], [rule])).MaySubscribe(filter));

    [Theory]
    [InlineData("$thing/down/#", "$thing/down/property/P/D", true)]
    [InlineData("#", "$thing/down/property/P/D", false)]
    [InlineData("P/+/cmd", "P/d/cmd", true)]
    [InlineData("P/+/cmd", "P/d/e/cmd", false)]
    public void A_topic_matches_a_rule_or_not(string rule, string topic, bool allowed) =>
        Assert.Equal(allowed, new AccountTopics(new("app", [rule], [])).MayPublish(Encoding.UTF8.GetBytes(topic)));
}
