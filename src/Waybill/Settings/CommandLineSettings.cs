namespace Waybill.Settings;

/// <summary>Settings on the command line: <c>--Waybill:Http:Port=9000</c> or <c>--Waybill:Http:Port 9000</c>.</summary>
static class CommandLineSettings
{
    /// <exception cref="SettingsException">With every word that is none.</exception>
    public static IReadOnlyDictionary<string, string?> Parse(IReadOnlyList<string> words)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var mistakes = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            var equals = words[i].IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? words[i] : words[i][..equals];
            if (!IsKey(key))
                mistakes.Add($"{words[i]}: not a setting; those look like --Waybill:Http:Port=8080");
            else if (equals >= 0)
                settings[key[2..]] = words[i][(equals + 1)..];
            else if (i + 1 < words.Count && !IsKey(words[i + 1]))
                settings[key[2..]] = words[++i];
            else
                mistakes.Add($"{words[i]}: has no value");
        }
        return mistakes.Count == 0 ? settings : throw new SettingsException(mistakes);
    }

    static bool IsKey(string word) =>
        word.StartsWith("--Waybill:", StringComparison.OrdinalIgnoreCase) || word.StartsWith("--Logging:", StringComparison.OrdinalIgnoreCase);
}
