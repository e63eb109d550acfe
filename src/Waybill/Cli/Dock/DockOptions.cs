using System.CommandLine;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Waybill.Cli.Dock;

/// <summary>The options of <c>waybill dock add</c>.</summary>
sealed class DockOptions
{
    readonly ServerOptions _server = new();
    readonly Option<string> _product = new("--product") { Description = "Product of the dock; made when there is none", DefaultValueFactory = _ => "docks" };
    readonly Option<string> _sn = new("--sn") { Description = "Serial number of the dock", Required = true };
    readonly Option<string> _organization = new("--organization") { Description = "Id of the organization it is bound to; made when there is none", DefaultValueFactory = _ => "main" };
    readonly Option<string?> _organizationName = new("--organization-name") { Description = "Its name, shown in Pilot 2 as the workspace" };
    readonly Option<string?> _code = new("--code") { Description = "Binding code of the organization; default: a made one" };
    readonly Option<bool> _newCode = new("--new-code") { Description = "Give the organization a new binding code, when the old one is lost" };
    readonly Option<string?> _secret = new("--secret") { Description = "Password of the dock; default: a made one" };
    readonly Option<bool> _newSecret = new("--new-secret") { Description = "Give the dock a new password, when the old one is lost" };
    readonly Option<string?> _appId = new("--app-id") { Description = "Of your app at developer.dji.com, of the type Cloud API; asked for when the product has none" };
    readonly Option<string?> _appKey = new("--app-key") { Description = "Its key" };
    readonly Option<string?> _appLicense = new("--app-license") { Description = "Its licence" };
    readonly Option<string?> _mqtt = new("--mqtt") { Description = "Address of MQTT as docks reach it; default: tcp://, the host of --server, 1883" };
    readonly Option<bool> _noWatch = new("--no-watch") { Description = "Do not wait for the dock" };

    public void AddTo(Command command)
    {
        _server.AddTo(command);
        foreach (var option in (Option[])[_product, _sn, _organization, _organizationName, _code, _newCode, _secret, _newSecret,
            _appId, _appKey, _appLicense, _mqtt, _noWatch])
            command.Add(option);
    }

    /// <summary>What is asked, and in <paramref name="mistakes"/> what is wrong with it.</summary>
    public DockAsk Ask(ParseResult parsed, List<string> mistakes)
    {
        var licence = new[] { parsed.GetValue(_appId), parsed.GetValue(_appKey), parsed.GetValue(_appLicense) };
        if (licence.Count(l => l is not null) is 1 or 2)
            mistakes.Add("--app-id, --app-key and --app-license belong together");
        if (parsed.GetValue(_mqtt) is { } given && !(Uri.TryCreate(given, UriKind.Absolute, out var url) && url.Scheme is "tcp" or "ssl" or "ws" or "wss"))
            mistakes.Add("--mqtt: tcp://host:1883, ssl://host:8883, …");
        return new()
        {
            Product = parsed.GetRequiredValue(_product),
            Sn = parsed.GetRequiredValue(_sn),
            Organization = parsed.GetRequiredValue(_organization),
            OrganizationName = parsed.GetValue(_organizationName),
            BindingCode = parsed.GetValue(_code) ?? (parsed.GetValue(_newCode) ? TypedText.New() : null),
            Secret = parsed.GetValue(_secret),
            WantsNewSecret = parsed.GetValue(_newSecret),
            Licence = licence is [{ } id, { } key, { } text] ? new(id, key, text) : null,
            Mqtt = parsed.GetValue(_mqtt) ?? Usual(_server.TextOf(parsed)),
            IsWatched = !parsed.GetValue(_noWatch),
        };
    }

    public Uri? ServerOf(ParseResult parsed, List<string> mistakes) => _server.ServerOf(parsed, mistakes);

    public string? KeyOf(ParseResult parsed) => _server.KeyOf(parsed);

    /// <summary>A dock that is told localhost finds itself: this machine has another name for others.</summary>
    static string Usual(string server)
    {
        var host = Uri.TryCreate(server, UriKind.Absolute, out var url) ? url.Host : "localhost";
        return $"tcp://{(url is { IsLoopback: true } ? OfThisMachine() ?? host : host)}:1883";
    }

    static string? OfThisMachine() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(n => n is { OperationalStatus: OperationalStatus.Up } and not { NetworkInterfaceType: NetworkInterfaceType.Loopback })
        .SelectMany(n => n.GetIPProperties().UnicastAddresses)
        .Select(a => a.Address)
        .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a))?.ToString();
}
