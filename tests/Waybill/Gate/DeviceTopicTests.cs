using System.Text;
using Waybill.Gate;
using Waybill.Link;
using Xunit;

namespace Waybill.Tests.Gate;

public sealed class DeviceTopicTests
{
    static readonly DeviceIdentity Device = new(1, "ABCDE12345", "dev001", ["tencent-hub"], null);

    [Theory]
    [InlineData("$thing/down/property/ABCDE12345/dev001")]
    [InlineData("$thing/up/service/ABCDE12345/dev001")]
    [InlineData("$resource/down/service/ABCDE12345/dev001")]
    [InlineData("$ota/report/ABCDE12345/dev001")]
    [InlineData("$ota/update/ABCDE12345/dev001/#")]
    [InlineData("$shadow/operation/ABCDE12345/dev001")]
    [InlineData("$shadow/operation/result/ABCDE12345/dev001")]
    [InlineData("$sys/operation/result/ABCDE12345/dev001")]
    [InlineData("$broadcast/rxd/ABCDE12345/dev001")]
    [InlineData("$rrpc/rxd/ABCDE12345/dev001/+")]
    [InlineData("$log/operation/ABCDE12345/dev001")]
    [InlineData("$gateway/operation/result/ABCDE12345/dev001")]
    [InlineData("ABCDE12345/dev001/data")]
    [InlineData("ABCDE12345/dev001/#")]
    public void Its_own_in_every_family(string topic) => Assert.True(IsOwn(topic));

    [Theory]
    [InlineData("$resource/up/service/ABCDE12345/dev002")]
    [InlineData("$resource/up/service/ABCDE12346/dev001")]
    [InlineData("$thing/up/service/+/dev001")]
    [InlineData("$thing/up/service/ABCDE12345/+")]
    [InlineData("$thing/up/service/ABCDE12345/#")]
    [InlineData("$thing/up/service/ABCDE12345/dev0011")]
    [InlineData("$shadow/operation/result/ABCDE12345/dev002/ABCDE12345/dev001")]
    [InlineData("OTHER12345/other/ABCDE12345/dev001")]
    [InlineData("ABCDE12345/dev002/data")]
    [InlineData("ABCDE12345")]
    [InlineData("abcde12345/dev001/data")]
    [InlineData("+/+/data")]
    [InlineData("#")]
    [InlineData("$SYS/broker/uptime")]
    [InlineData("waybill/events/ABCDE12345/dev001")]
    [InlineData("/ABCDE12345/dev001")]
    public void Anybody_elses_is_not(string topic) => Assert.False(IsOwn(topic));

    static bool IsOwn(string topic) => DeviceTopics.IsOwn(Encoding.UTF8.GetBytes(topic), Device);
}
