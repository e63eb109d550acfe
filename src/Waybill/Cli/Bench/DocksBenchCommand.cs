using System.CommandLine;

namespace Waybill.Cli.Bench;

/// <summary><c>waybill bench docks</c>: what docks on line cost, and how fast an order reaches one.</summary>
static class DocksBenchCommand
{
    static readonly Option<int> Docks = new("--docks") { Description = "Docks on line, each with its aircraft", DefaultValueFactory = _ => 1000 };
    static readonly Option<int> Rate = new("--rate") { Description = "Log requests in a second, all docks together", DefaultValueFactory = _ => 10 };
    static readonly Option<int> Seconds = new("--seconds") { Description = "Seconds of each measurement", DefaultValueFactory = _ => 30 };

    public static Command Make()
    {
        BenchCommand.Within(Docks, 1, 10_000);
        BenchCommand.Within(Rate, 1, 1000);
        BenchCommand.Within(Seconds, 1, 600);
        var command = new Command("docks", "Measure docks on line, and how long an order for logs takes to its dock and back.") { Docks, Rate, Seconds };
        command.SetAction((parsed, ct) => BenchCommand.TryAsync((console, token) => new DockBench(Plan(parsed), console).RunAsync(token), ct));
        return command;
    }

    static DockBenchPlan Plan(ParseResult parsed) => new(parsed.GetValue(Docks), parsed.GetValue(Rate), TimeSpan.FromSeconds(parsed.GetValue(Seconds)));
}
