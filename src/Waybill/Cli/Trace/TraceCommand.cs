using System.CommandLine;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Spectre.Console;
using Waybill.Cli.Simulate;
using Waybill.Tracing;

namespace Waybill.Cli.Trace;

/// <summary><c>waybill trace</c>: what a device says and is told, as it happens.</summary>
static class TraceCommand
{
    const int BadUsage = 2;
    const int Interrupted = 130;

    public static Command Make()
    {
        var name = new Argument<string>("product/device") { Description = "The device, registered or not" };
        var seconds = new Option<int>("--seconds") { Description = "How long, 3600 at most", DefaultValueFactory = _ => 600 };
        var json = new Option<bool>("--json") { Description = "A line of JSON for each line" };
        var server = new ServerOptions();
        var command = new Command("trace", "Follow a device's MQTT and HTTP traffic live, without secrets, for a limited time.") { name, seconds, json };
        server.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var console = Terminal.Open();
            var mistakes = new List<string>();
            var ask = TraceAsk.Of(parsed.GetRequiredValue(name), parsed.GetValue(seconds), parsed.GetValue(json), mistakes);
            var (url, key) = (server.ServerOf(parsed, mistakes), server.KeyOf(parsed));
            if (key is null)
                mistakes.Add(ServerOptions.NoKey);
            if (mistakes.Count > 0)
            {
                console.WriteLine(string.Join('\n', mistakes));
                return BadUsage;
            }
            using var api = new ApiClient(url!, key!);
            return await RunAsync(ask!, api, console, ct);
        });
        return command;
    }

    /// <summary>0 when its time is over.</summary>
    public static async Task<int> RunAsync(TraceAsk ask, ApiClient api, IAnsiConsole console, CancellationToken ct)
    {
        try
        {
            return await FollowAsync(ask, api, console, ct);
        }
        catch (ApiException e)
        {
            console.WriteLine(Remedy(e, ask));
            return 1;
        }
        catch (HttpRequestException e) when (!ct.IsCancellationRequested)
        {
            console.WriteLine($"{api.Server} cannot be reached ({e.Message}): is Waybill running there? Give its address with --server.");
            return 1;
        }
        catch (IOException e) when (!ct.IsCancellationRequested)
        {
            console.WriteLine($"The connection to {api.Server} broke ({e.Message}): run the same again to go on.");
            return 1;
        }
        catch (Exception e) when (ct.IsCancellationRequested && e is OperationCanceledException or IOException or HttpRequestException)
        {
            return Interrupted;
        }
    }

    static async Task<int> FollowAsync(TraceAsk ask, ApiClient api, IAnsiConsole console, CancellationToken ct)
    {
        await using var stream = await api.FollowAsync($"products/{ask.Product}/devices/{ask.Device}/trace?seconds={ask.Seconds}", ct);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(ct))
        {
            var line = JsonSerializer.Deserialize(item.Data, TraceJson.Wire.TraceLine)!;
            if (ask.IsJson)
                console.WriteLine(item.Data);
            else
                TraceView.Write(line, console);
            if (line is { Side: TraceSide.Note, What: "end" })
                return line.Reason == "time_limit" ? 0 : 1;
        }
        console.WriteLine("The server ended the stream: run the same again to go on.");
        return 1;
    }

    static string Remedy(ApiException e, TraceAsk ask) => (HttpStatusCode)e.Status switch
    {
        HttpStatusCode.Unauthorized => "The API key is not taken: give a good one with --key, --key-file, or WAYBILL_KEY in the environment.",
        HttpStatusCode.Forbidden => "The key may not trace devices: that takes devices.trace, which operators and owners have.",
        HttpStatusCode.NotFound => $"The key is not for {ask.Product}/{ask.Device}, or this server knows no traces: look at the names, or take a key for that product.",
        HttpStatusCode.TooManyRequests => "Too many traces run already: end one (Ctrl+C where it runs), or try again later.",
        _ => e.Message,
    };
}

/// <summary>What is to be traced.</summary>
sealed record TraceAsk(string Product, string Device, int Seconds, bool IsJson)
{
    const int MostSeconds = 3600;

    /// <summary>Null, with what is wrong in <paramref name="mistakes"/>.</summary>
    public static TraceAsk? Of(string name, int seconds, bool isJson, List<string> mistakes)
    {
        var parts = name.Split('/');
        if (parts is not [{ Length: > 0 } product, { Length: > 0 } device] || !parts.All(Devices.RegistryNames.IsDevice))
        {
            mistakes.Add($"'{name}' is not the name of a device: give its product and its name, as in ABCDE12345/dev001.");
            return null;
        }
        if (seconds is < 1 or > MostSeconds)
            mistakes.Add($"--seconds: 1 to {MostSeconds}");
        return new(product, device, seconds, isJson);
    }
}
