using Spectre.Console;
using Waybill.Cli.Simulate;
using Waybill.Cli.Simulate.Docks;
using Waybill.Device;
using Xunit;

namespace Waybill.Tests.Simulate;

/// <summary><c>waybill simulate --docks</c> against the real server.</summary>
public sealed class DockStories
{
    [Fact]
    public async Task Docks_of_every_generation_prove_what_they_do_whatever_goes_wrong()
    {
        await using var house = await House.StartAsync();
        var (code, output) = await RunAsync(house, Plan(house) with { Faults = DockTrials.Faults });
        Assert.True(code == 0, output);
        Assert.Contains("All 27 trials of docks ended as they should.", output, StringComparison.Ordinal);
        foreach (var profile in DjiProfile.All)
            Assert.Contains($" {profile.Name,-5} upgrade: proven", output, StringComparison.Ordinal);
        foreach (var fault in DockTrials.Faults)
            Assert.Contains($" {fault.Word()}: proven", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_not_proven_is_listed_and_the_exit_code_says_so()
    {
        await using var house = await House.StartAsync();
        var (code, output) = await RunAsync(house, Plan(house) with { Docks = 1, Settle = TimeSpan.FromMilliseconds(1) });
        Assert.True(code == 1, output);
        Assert.Contains("4 of 4 trials of docks did not end as they should:", output, StringComparison.Ordinal);
        Assert.Contains("the dock did not arrive", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_on_the_command_line_are_all_told()
    {
        await using var process = ServerProcess.Start(
            Path.GetTempPath(), ["simulate", "--docks", "0", "--dock-faults", "earthquake", "--api", "none"]);
        Assert.Equal(2, await process.ExitAsync());
        foreach (var word in (string[])["--docks", "--dock-faults", "need one"])
            Assert.Contains(word, process.Output, StringComparison.Ordinal);
    }

    static DockPlan Plan(House house) => new()
    {
        Host = "127.0.0.1",
        MqttPort = house.Server.MqttPort,
        Product = "simulated-docks",
        Docks = 4,
        LeastSize = 4096,
        MostSize = 100_000,
        ReportInterval = TimeSpan.FromMilliseconds(100),
        RestartTime = TimeSpan.FromMilliseconds(200),
        Settle = TimeSpan.FromSeconds(20),
        Seed = 7,
        Run = "first",
    };

    static async Task<(int Code, string Output)> RunAsync(House house, DockPlan plan)
    {
        using var api = new ApiClient(house.Server.Api, House.AdminKey);
        var output = new StringWriter();
        return (await DockTable.RunAsync(plan, api, PlainConsole.On(output), House.Soon), output.ToString());
    }
}

/// <summary>A console that is no terminal.</summary>
static class PlainConsole
{
    public static IAnsiConsole On(TextWriter output)
    {
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No, Interactive = InteractionSupport.No });
        console.Profile.Width = 10_000;
        return console;
    }
}

/// <summary>What a command writes while a test reads.</summary>
sealed class SharedText : StringWriter
{
    readonly Lock _lock = new();

    public override void Write(char value)
    {
        lock (_lock)
            base.Write(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        lock (_lock)
            base.Write(buffer, index, count);
    }

    public override void Write(string? value)
    {
        lock (_lock)
            base.Write(value);
    }

    public override string ToString()
    {
        lock (_lock)
            return base.ToString();
    }
}
