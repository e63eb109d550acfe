using System.Diagnostics;
using Xunit;

namespace Waybill.Tests.Demo;

/// <summary>What a newcomer sees first, as the real executable: on a terminal (made by <c>script</c>) and into a pipe.</summary>
public sealed class DemoStories
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_demo_does_real_transfers_and_ends_well(bool terminal)
    {
        var directory = Directory.CreateTempSubdirectory("waybill-demo-").FullName;
        var command = $"dotnet {Path.Join(AppContext.BaseDirectory, "waybill.dll")} demo --once --Waybill:Http:Port=0 --Waybill:Mqtt:Port=0 --Waybill:Http:TryPort80=false";
        var start = terminal
            ? new ProcessStartInfo("script", ["-qec", $"stty cols 120 rows 40; {command}", "/dev/null"])
            : new ProcessStartInfo("sh", ["-c", command]);
        start.WorkingDirectory = directory;
        start.RedirectStandardOutput = true;
        start.Environment["TERM"] = "xterm-256color";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(House.Soon);
        await process.WaitForExitAsync(House.Soon);
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("transfers ok", output, StringComparison.Ordinal);
        Assert.Equal(terminal, output.Contains('━', StringComparison.Ordinal));
        Directory.Delete(directory, recursive: true);
    }
}
