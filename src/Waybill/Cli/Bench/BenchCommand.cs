using System.CommandLine;
using Spectre.Console;
using Waybill.Cli.Simulate;

namespace Waybill.Cli.Bench;

/// <summary><c>waybill bench</c>: how many requests of devices this machine answers, durably, in a second; and what a broker alone does.</summary>
static class BenchCommand
{

    static readonly Option<int> Devices = new("--devices") { Description = "Devices, each with one request under way", DefaultValueFactory = _ => 200 };
    static readonly Option<int> Seconds = new("--seconds") { Description = "Seconds of each measurement", DefaultValueFactory = _ => 5 };
    static readonly Option<int> Rounds = new("--rounds") { Description = "Measurements of each kind, in turns; the middle one is shown", DefaultValueFactory = _ => 3 };
    static readonly Option<string> Kind = new("--kind")
    {
        Description = "What devices send: create (an upload's URL, please), progress (a report of one) or versions (what they hold)",
        DefaultValueFactory = _ => Word(BenchKind.Create),
    };
    static readonly Option<int> Qos = new("--qos") { Description = "Quality of service, both ways", DefaultValueFactory = _ => 1 };

    public static Command Make()
    {
        Kind.AcceptOnlyFromAmong([.. Enum.GetValues<BenchKind>().Select(Word)]);
        Within(Devices, 1, 10_000);
        Within(Seconds, 1, 600);
        Within(Rounds, 1, 100);
        Within(Qos, 0, 1);
        var command = new Command("bench", "Measure a server of its own on this machine, beside Mosquitto with a responder that stores nothing where that is installed.")
        {
            Devices, Seconds, Rounds, Kind, Qos, EventsBenchCommand.Make(), DocksBenchCommand.Make(),
        };
        command.SetAction((parsed, ct) => TryAsync((console, token) => new SideBySide(Plan(parsed), console).RunAsync(token), ct));
        return command;
    }

    static BenchPlan Plan(ParseResult parsed) => new(
        parsed.GetValue(Devices), TimeSpan.FromSeconds(parsed.GetValue(Seconds)), parsed.GetValue(Rounds),
        Enum.GetValues<BenchKind>().Single(k => Word(k) == parsed.GetValue(Kind)), parsed.GetValue(Qos) == 1);

    static string Word(BenchKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The exit code.</summary>
    public static async Task<int> TryAsync(Func<IAnsiConsole, CancellationToken, Task> measure, CancellationToken ct)
    {
        try
        {
            await measure(Terminal.Open(), ct);
            return 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidOperationException or ApiException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"The measurement broke off: {e.Message}");
            return 1;
        }
    }

    public static void Within(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var value) || value < least || value > most))
            result.AddError($"{option.Name} must be a number from {least} to {most}.");
    });
}
