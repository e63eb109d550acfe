using System.Globalization;
using System.Net;

namespace Waybill.Settings;

/// <summary>
/// Reads typed values under <c>Waybill</c> and collects what is wrong with them. Knows which keys were asked for:
/// the others are mistakes too.
/// </summary>
sealed class SettingsReader(IConfiguration configuration)
{
    const string Root = "Waybill";

    readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    readonly List<string> _open = [];
    readonly List<string> _mistakes = [];

    /// <summary>Null when the key is absent or empty.</summary>
    public string? Text(string key)
    {
        _known.Add(key);
        return configuration[$"{Root}:{key}"] is { Length: > 0 } text ? text : null;
    }

    public int Port(string key, int otherwise) => (int)Number(key, otherwise, 0, 65535, "a port: 0 to 65535, 0 takes a free one");

    public long Number(string key, long otherwise, long least, long most, string allowed)
    {
        if (Text(key) is not { } text)
            return otherwise;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Mistake(key, text, allowed);
        return otherwise;
    }

    public TimeSpan Time(string key, TimeSpan otherwise, TimeSpan least)
    {
        if (Text(key) is not { } text)
            return otherwise;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= least && time <= TimeSpan.FromDays(3650))
            return time;
        Mistake(key, text, $"a time of at least {least}, written [days.]hours:minutes:seconds");
        return otherwise;
    }

    public bool Flag(string key, bool otherwise)
    {
        if (Text(key) is not { } text)
            return otherwise;
        if (bool.TryParse(text, out var flag))
            return flag;
        Mistake(key, text, "true or false");
        return otherwise;
    }

    public IPAddress Address(string key)
    {
        if (Text(key) is not { } text || text is "*" or "any")
            return IPAddress.IPv6Any;
        if (IPAddress.TryParse(text, out var address))
            return address;
        Mistake(key, text, "an IP address of this machine, or any");
        return IPAddress.IPv6Any;
    }

    /// <summary>Networks with commas between them.</summary>
    public IReadOnlyList<IPNetwork> Networks(string key)
    {
        if (Text(key) is not { } text)
            return [];
        var networks = new List<IPNetwork>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (IPNetwork.TryParse(part, out var network))
                networks.Add(network);
            else
                Mistake(key, text, "networks such as 10.1.0.0/16, with commas between them and no bits set behind their length");
        }
        return networks;
    }

    /// <summary>Base of URLs, without a slash at its end.</summary>
    public string? BaseUrl(string key)
    {
        if (Text(key) is not { } text)
            return null;
        if (UrlBase.TryParse(text, out var url))
            return url;
        Mistake(key, text, UrlBase.Allowed);
        return null;
    }

    /// <summary>Names of the sections below a key.</summary>
    public IReadOnlyList<string> Below(string key) => [.. configuration.GetSection($"{Root}:{key}").GetChildren().Select(c => c.Key)];

    public bool Has(string key) => configuration.GetSection($"{Root}:{key}").Exists();

    /// <summary>A section whose keys are not ours to judge yet.</summary>
    public void Accept(string section) => _open.Add(section + ":");

    public void Mistake(string key, string? value, string allowed) =>
        _mistakes.Add(value is null ? $"{Root}:{key}: {allowed}" : $"{Root}:{key} = '{value}': must be {allowed}");

    /// <exception cref="SettingsException">Something is wrong; everything that is.</exception>
    public void Finish()
    {
        foreach (var (path, value) in configuration.GetSection(Root).AsEnumerable(makePathsRelative: true))
        {
            if (value is not null && !_known.Contains(path) && !_open.Exists(s => path.StartsWith(s, StringComparison.OrdinalIgnoreCase)))
                _mistakes.Add($"{Root}:{path}: there is no such setting{Nearest(path)}");
        }
        if (_mistakes.Count > 0)
            throw new SettingsException(_mistakes);
    }

    string Nearest(string path)
    {
        var (distance, nearest) = _known.Select(k => (EditDistance.Between(path, k), k)).Min();
        return distance <= Math.Max(2, path.Length / 3) ? $"; did you mean {Root}:{nearest}?" : "";
    }
}
