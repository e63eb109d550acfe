using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Waybill.Cli.Simulate.Docks;
using Waybill.Mqtt.Client;

namespace Waybill.Cli.Simulate;

/// <summary><c>waybill simulate</c>: ends with 0 when every transfer ended as it should.</summary>
static class SimulateCommand
{
    const int MostListed = 50;
    const int BadUsage = 2;

    public static Command Make()
    {
        var command = new Command("simulate", "Run simulated devices that upload and fetch real bytes, and check that every transfer ended as it should.");
        var options = new SimulateOptions();
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(options, parsed, ct));
        return command;
    }

    /// <summary>Runs a plan, shows it, and tells whether all went well.</summary>
    public static async Task<int> RunAsync(SimulationPlan plan, ApiClient? api, IAnsiConsole console, CancellationToken ct)
    {
        await using var simulation = new Simulation(plan, api);
        await simulation.PrepareAsync(ct);
        await new SimulateTable(console, plan, simulation.Board).ShowAsync(simulation.RunAsync(ct));
        console.WriteLine("The devices are done; waiting for the server to end what is open.");
        var differences = await simulation.CompareAsync(ct);
        Show(console, differences, simulation.Board);
        return differences.Count == 0 ? 0 : 1;
    }

    static async Task<int> RunAsync(SimulateOptions options, ParseResult parsed, CancellationToken ct)
    {
        var console = Terminal.Open();
        var mistakes = new List<string>();
        var plan = options.Plan(parsed, mistakes);
        var docks = options.DocksOf(parsed, plan, mistakes);
        var server = options.ApiOf(parsed, mistakes);
        var key = options.KeyOf(parsed);
        if (server is not null && key is null)
            mistakes.Add("There is no API key: give --key or --key-file, or --api none to run without the API.");
        if (server is null && docks is not null)
            mistakes.Add("--docks: what docks do is ordered through the API, so they need one");
        if (mistakes.Count > 0)
        {
            console.WriteLine(string.Join('\n', mistakes));
            return BadUsage;
        }
        using var api = server is null ? null : new ApiClient(server, key!);
        if (api is null)
            console.WriteLine("Without the API: uploads only, and what the devices say is believed.");
        try
        {
            return docks is null ? await RunAsync(plan, api, console, ct) : await DockTable.RunAsync(docks, api!, console, ct);
        }
        catch (Exception e) when (e is ApiException or HttpRequestException or MqttException)
        {
            console.WriteLine(e.Message);
            return 1;
        }
    }

    static void Show(IAnsiConsole console, IReadOnlyList<Difference> differences, Board board)
    {
        foreach (var (dialect, counts) in board.Counts)
            console.WriteLine($"{dialect}: {counts}");
        if (differences.Count == 0)
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"All {board.Transfers.Count} transfers ended as they should."));
            return;
        }
        console.WriteLine($"{differences.Count} of {board.Transfers.Count} transfers did not end as they should:");
        foreach (var d in differences.Take(MostListed))
            console.WriteLine($"  {d.Device} {d.Kind} {d.Name}: must be {d.Expected}, is {d.Found}");
        if (differences.Count > MostListed)
            console.WriteLine($"  … and {differences.Count - MostListed} more");
    }
}
