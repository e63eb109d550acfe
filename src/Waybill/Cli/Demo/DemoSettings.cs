using System.Net;
using System.Net.Sockets;
using Spectre.Console;
using Waybill.Settings;

namespace Waybill.Cli.Demo;

/// <summary>The server's own defaults; a port that somebody else has is replaced by a free one, and said so.</summary>
static class DemoSettings
{
    public static IConfiguration Load(IReadOnlyList<string> words, IAnsiConsole console)
    {
        var given = CommandLineSettings.Parse(words);
        var configuration = WaybillConfiguration.Load(given);
        var settings = new Dictionary<string, string?>(given, StringComparer.OrdinalIgnoreCase);
        // Broken connections are part of the show, and the bars are to stay in one piece
        foreach (var category in (string[])["Default", "Microsoft", "System"])
            settings.TryAdd($"Logging:LogLevel:{category}", "Critical");
        if (!configuration.GetSection("Waybill:Listeners").Exists())
        {
            TakeFree(settings, configuration, "Waybill:Http:Port", 8080, "HTTP", console);
            TakeFree(settings, configuration, "Waybill:S3:Port", 9000, "S3", console);
        }
        TakeFree(settings, configuration, "Waybill:Mqtt:Port", 1883, "MQTT", console);
        return WaybillConfiguration.Load(settings);
    }

    static void TakeFree(Dictionary<string, string?> settings, IConfiguration configuration, string key, int usual, string what, IAnsiConsole console)
    {
        if (configuration[key] is not null || IsFree(usual))
            return;
        console.WriteLine($"Port {usual} for {what} is taken by another program: a free one is used instead. Set {key} to choose one.");
        settings[key] = "0";
    }

    static bool IsFree(int port)
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            probe.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
