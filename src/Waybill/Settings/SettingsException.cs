namespace Waybill.Settings;

/// <summary>Everything that is wrong with the configuration, in one message.</summary>
sealed class SettingsException(IReadOnlyList<string> mistakes)
    : Exception($"The configuration has {(mistakes.Count == 1 ? "a mistake" : $"{mistakes.Count} mistakes")}:\n{string.Join('\n', mistakes.Select(m => "  " + m))}")
{
    public IReadOnlyList<string> Mistakes => mistakes;
}
