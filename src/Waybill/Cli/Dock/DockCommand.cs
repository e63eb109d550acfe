using System.CommandLine;
using Spectre.Console;
using Waybill.Cli.Simulate;

namespace Waybill.Cli.Dock;

/// <summary><c>waybill dock add</c>: registers a dock, says what to type into Pilot 2, and ticks off how it arrives.</summary>
static class DockCommand
{
    const int BadUsage = 2;
    const int Interrupted = 130;

    public static Command Make()
    {
        var options = new DockOptions();
        var add = new Command("add", "Register a dock, print what to type into Pilot 2, and watch it arrive; where it hangs, say why and what to do.");
        options.AddTo(add);
        add.SetAction((parsed, ct) => RunAsync(options, parsed, ct));
        return new Command("dock", "Docks of DJI.") { add };
    }

    /// <summary>0 when the dock has arrived, or is not waited for.</summary>
    public static async Task<int> RunAsync(DockAsk ask, ApiClient api, IAnsiConsole console, CancellationToken ct)
    {
        var registration = new DockRegistration(ask, api);
        if (!await registration.HasLicenceAsync(ct) && ask.Licence is null)
            ask = ask with { Licence = LicencePrompt.Ask(console) };
        var typed = await new DockRegistration(ask, api).RunAsync(ct);
        PilotSheet.Write(typed, console);
        if (!ask.IsWatched)
            return 0;
        await new ArrivalWatch(ask, api, console).RunAsync(ct);
        console.WriteLine($"{ask.Sn} has arrived: logs can be fetched and firmware upgraded.");
        return 0;
    }

    static async Task<int> RunAsync(DockOptions options, ParseResult parsed, CancellationToken ct)
    {
        var console = Terminal.Open();
        var mistakes = new List<string>();
        var ask = options.Ask(parsed, mistakes);
        var (server, key) = (options.ServerOf(parsed, mistakes), options.KeyOf(parsed));
        if (key is null)
            mistakes.Add(ServerOptions.NoKey);
        if (mistakes.Count > 0)
        {
            console.WriteLine(string.Join('\n', mistakes));
            return BadUsage;
        }
        using var api = new ApiClient(server!, key!);
        try
        {
            return await RunAsync(ask, api, console, ct);
        }
        catch (Exception e) when (e is ApiException or HttpRequestException)
        {
            console.WriteLine(e.Message);
            return 1;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            console.WriteLine("Not waited for any longer. Run the same again to go on: nothing is made twice.");
            return Interrupted;
        }
    }
}
