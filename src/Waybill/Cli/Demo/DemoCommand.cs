using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Waybill.Api;
using Waybill.Cli.Simulate;
using Waybill.Cli.Simulate.Docks;
using Waybill.Settings;

namespace Waybill.Cli.Demo;

/// <summary><c>waybill demo</c>: the server on its defaults, devices that use it, and a summary. Keeps serving unless <c>--once</c>.</summary>
static class DemoCommand
{
    const int BadConfiguration = 2;

    static readonly Option<bool> Once = new("--once") { Description = "End after the transfers, with 0 when every one ended as it should" };

    public static Command Make()
    {
        var command = new Command("demo", "Run the server and simulated devices that do real transfers. Settings as for serve.")
        {
            Once,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, ct) => RunAsync(parsed.UnmatchedTokens, parsed.GetValue(Once), ct));
        return command;
    }

    static async Task<int> RunAsync(IReadOnlyList<string> words, bool once, CancellationToken ct)
    {
        var console = Terminal.Open();
        try
        {
            await using var server = await WaybillServer.StartAsync(DemoSettings.Load(words, console), ct);
            var differences = await ShowAsync(server, console, ct);
            if (once)
                return differences == 0 ? 0 : 1;
            console.WriteLine("Serving until Ctrl+C.");
            await server.StoppedAsync(ct);
            return 0;
        }
        catch (SettingsException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return BadConfiguration;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or ApiException or System.Data.Common.DbException)
        {
            await Console.Error.WriteLineAsync($"The demo cannot run: {e.Message}");
            return 1;
        }
    }

    static async Task<int> ShowAsync(WaybillServer server, IAnsiConsole console, CancellationToken ct)
    {
        var key = server.Services.GetRequiredService<AdminKey>();
        var plan = DemoPlan.Make(server.MqttPort);
        using var api = new ApiClient(server.Api, key.Value);
        await using var simulation = new Simulation(plan, api);
        var docks = new DockSimulation(DemoPlan.Docks(plan), api);
        var begun = Stopwatch.GetTimestamp();
        await simulation.PrepareAsync(ct);
        await docks.PrepareAsync(ct);
        console.WriteLine($"{plan.Devices} devices upload a file and fetch one, each at {ByteSize.Text(plan.Rate!.Value)}/s; those that can be told to delete it. Some will meet trouble.");
        console.WriteLine($"{docks.Plan.Docks} docks, one of each generation, give their logs and are upgraded with their aircraft.");
        await new DemoBars(console, simulation.Board, docks.Board).ShowAsync(Task.WhenAll(simulation.RunAsync(ct), docks.RunAsync(ct)));
        var differences = await simulation.CompareAsync(ct);
        new DemoSummary(console, server, plan).Write(simulation.Board, differences, docks.Board, Stopwatch.GetElapsedTime(begun));
        return differences.Count + docks.Board.Unproven.Count();
    }
}
