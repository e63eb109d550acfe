using System.Diagnostics;
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
            directory, ["demo", "--once", "--Waybill:Http:Port=0", "--Waybill:S3:Port=0", "--Waybill:Mqtt:Port=0", "--Waybill:Http:TryPort80=false"]))
        {
            Assert.True(await demo.ExitAsync() == 0, demo.Output);
            Assert.Contains("camera-00000", demo.Output, StringComparison.Ordinal);
            Assert.Matches("transfers ok +│ 20", demo.Output);
            Assert.Matches("tencent-hub +│ 4 uploads, 4 downloads", demo.Output);
            Assert.Matches("tencent-explorer +│ 4 uploads, 4 downloads, 4 removals", demo.Output);
            foreach (var generation in (string[])["v1.2", "v1.4", "v1.8", "v1.16"])
                Assert.Matches($"dji {generation} +│ arrival, logs, upgrade", demo.Output);
            Assert.Matches("docks not proven +│ 0", demo.Output);
            Assert.Matches("troubles met +│ \\w", demo.Output);
            Assert.Contains(Path.Join(directory, "data", "admin-key"), demo.Output, StringComparison.Ordinal);
            Assert.Contains("mosquitto_pub", demo.Output, StringComparison.Ordinal);
        }
        Directory.Delete(directory, recursive: true);
    }
}

/// <summary>The same on a terminal, which <c>script</c> makes.</summary>
public sealed class DemoTerminalStories
{
    [Fact]
    public async Task On_a_terminal_every_transfer_has_a_bar()
    {
        var directory = Directory.CreateTempSubdirectory("waybill-demo-").FullName;
        var waybill = Path.Join(AppContext.BaseDirectory, "waybill.dll");
        var settings = "--Waybill:Http:Port=0 --Waybill:S3:Port=0 --Waybill:Mqtt:Port=0 --Waybill:Http:TryPort80=false";
        var start = new ProcessStartInfo("script", ["-qec", $"stty cols 120 rows 40; dotnet '{waybill}' demo --once {settings}", "/dev/null"])
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            Environment = { ["TERM"] = "xterm-256color" },
        };
        using (var demo = Process.Start(start)!)
        {
            var output = await demo.StandardOutput.ReadToEndAsync(House.Soon);
            await demo.WaitForExitAsync(House.Soon);
            Assert.True(demo.ExitCode == 0, output);
            Assert.Contains("━━━━", output, StringComparison.Ordinal);
            Assert.Contains("camera-00007 C3     fetches", output, StringComparison.Ordinal);
            Assert.Contains("SIMDOCK0000003 v1.16 upgrade", output, StringComparison.Ordinal);
        }
        Directory.Delete(directory, recursive: true);
    }
}
