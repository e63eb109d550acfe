using System.CommandLine;

namespace Waybill.Cli.Bench;

/// <summary><c>waybill bench events</c>: how long after its commit an event is heard by many listeners.</summary>
static class EventsBenchCommand
{
    static readonly Option<int> Listeners = new("--listeners") { Description = "Devices, each followed by one listener", DefaultValueFactory = _ => 1000 };
    static readonly Option<int> All = new("--all") { Description = "Listeners that follow every device", DefaultValueFactory = _ => 5 };
    static readonly Option<int> Rate = new("--rate") { Description = "Events in a second, all devices together", DefaultValueFactory = _ => 2000 };
    static readonly Option<int> Seconds = new("--seconds") { Description = "Seconds of the measurement", DefaultValueFactory = _ => 15 };

    public static Command Make()
    {
        BenchCommand.Within(Listeners, 1, 10_000);
        BenchCommand.Within(All, 0, 1000);
        BenchCommand.Within(Rate, 1, 100_000);
        BenchCommand.Within(Seconds, 1, 600);
        var command = new Command("events", "Measure how long events take from the commit to those who follow them as server-sent events.") { Listeners, All, Rate, Seconds };
        command.SetAction((parsed, ct) => BenchCommand.TryAsync((console, token) => new EventBench(Plan(parsed), console).RunAsync(token), ct));
        return command;
    }

    static EventBenchPlan Plan(ParseResult parsed) => new(
        parsed.GetValue(Listeners), parsed.GetValue(All), parsed.GetValue(Rate), TimeSpan.FromSeconds(parsed.GetValue(Seconds)));
}
