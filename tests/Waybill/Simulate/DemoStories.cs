using Xunit;

namespace Waybill.Tests.Simulate;

/// <summary><c>waybill demo</c> as a newcomer runs it.</summary>
public sealed class DemoStories
{
    [Fact]
    public async Task The_demo_ends_well_and_says_what_to_try_next()
    {
        var directory = Directory.CreateTempSubdirectory("waybill-demo-").FullName;
        await using (var demo = ServerProcess.Start(
            directory, ["demo", "--once", "--Waybill:Http:Port=0", "--Waybill:Mqtt:Port=0", "--Waybill:Http:TryPort80=false"]))
        {
            Assert.True(await demo.ExitAsync() == 0, demo.Output);
            Assert.Contains("camera-00000", demo.Output, StringComparison.Ordinal);
            Assert.Matches("transfers ok +│ 16", demo.Output);
            Assert.Matches("troubles met +│ \\w", demo.Output);
            Assert.Contains(Path.Join(directory, "data", "admin-key"), demo.Output, StringComparison.Ordinal);
            Assert.Contains("mosquitto_pub", demo.Output, StringComparison.Ordinal);
        }
        Directory.Delete(directory, recursive: true);
    }
}
