using System.CommandLine;

namespace Waybill.Cli;

/// <summary>Where the API is, and with which key: the options that commands have in common.</summary>
sealed class ServerOptions
{
    /// <summary>For those who gave none.</summary>
    public const string NoKey = "There is no API key: give --key, --key-file, or WAYBILL_KEY in the environment.";

    readonly Option<string> _server = new("--server") { Description = "REST API", DefaultValueFactory = _ => "http://localhost:8080" };
    readonly Option<string?> _key = new("--key") { Description = "API key; default: WAYBILL_KEY, or the file of --key-file" };
    readonly Option<string> _keyFile = new("--key-file") { Description = "File that holds the API key", DefaultValueFactory = _ => "data/admin-key" };

    public void AddTo(Command command)
    {
        command.Add(_server);
        command.Add(_key);
        command.Add(_keyFile);
    }

    public string TextOf(ParseResult parsed) => parsed.GetRequiredValue(_server);

    public Uri? ServerOf(ParseResult parsed, List<string> mistakes)
    {
        if (Uri.TryCreate(TextOf(parsed), UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            return url;
        mistakes.Add("--server: an http or https URL");
        return null;
    }

    public string? KeyOf(ParseResult parsed)
    {
        var file = parsed.GetRequiredValue(_keyFile);
        return parsed.GetValue(_key) ?? Environment.GetEnvironmentVariable("WAYBILL_KEY") ?? (File.Exists(file) ? File.ReadAllText(file).Trim() : null);
    }
}
