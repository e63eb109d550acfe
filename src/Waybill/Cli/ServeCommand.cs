using System.CommandLine;
using Waybill.Api.Listening;
using Waybill.Settings;

namespace Waybill.Cli;

/// <summary><c>waybill serve</c>: the server until it is told to stop.</summary>
static class ServeCommand
{
    const int BadConfiguration = 2;

    public static Command Make()
    {
        var command = new Command("serve", "Run the server. Settings: appsettings.json, Waybill__Key=value in the environment, --Waybill:Key=value here.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction((parsed, ct) => RunAsync(parsed.UnmatchedTokens, ct));
        return command;
    }

    static async Task<int> RunAsync(IReadOnlyList<string> words, CancellationToken ct)
    {
        try
        {
            var configuration = WaybillConfiguration.Load(CommandLineSettings.Parse(words));
            if (WaybillConfiguration.Read(configuration).Database is null or "")
                PollingThreads.GoOn();
            await using var server = await WaybillServer.StartAsync(configuration, ct);
            await server.StoppedAsync(ct);
            return 0;
        }
        catch (SettingsException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return BadConfiguration;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or System.Data.Common.DbException)
        {
            await Console.Error.WriteLineAsync($"Waybill cannot start: {e.Message}");
            return 1;
        }
    }
}
