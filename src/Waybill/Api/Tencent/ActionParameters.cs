using System.Globalization;
using System.Text.Json;

namespace Waybill.Api.Tencent;

/// <summary>An action's parameters. Null and empty are absent; whole numbers may be written as texts.</summary>
sealed class ActionParameters
{
    const int LongestText = 8192;
    const int MostFilters = 10;

    readonly Dictionary<string, JsonElement> _all = new(StringComparer.Ordinal);

    /// <param name="body">An object; good as long as its document.</param>
    public ActionParameters(JsonElement body)
    {
        foreach (var field in body.EnumerateObject().Where(f => f.Value.ValueKind != JsonValueKind.Null))
            _all[field.Name] = field.Value;
    }

    public string Text(string name) => MaybeText(name) ?? throw Missing(name);

    public string? MaybeText(string name) => _all.TryGetValue(name, out var value) ? TextOf(value, name) : null;

    public long Number(string name, long least, long most) => MaybeNumber(name, least, most) ?? throw Missing(name);

    public long? MaybeNumber(string name, long least, long most)
    {
        if (!_all.TryGetValue(name, out var value))
            return null;
        var isNumber = value.ValueKind == JsonValueKind.Number ? value.TryGetInt64(out var number)
            : long.TryParse(TextOf(value, name), NumberStyles.None, CultureInfo.InvariantCulture, out number);
        return isNumber && number >= least && number <= most ? number : throw Invalid(name, $"a whole number from {least} to {most}");
    }

    /// <summary><c>[{"Key":…,"Value":…}]</c>; none when absent.</summary>
    public IReadOnlyList<(string Key, string Value)> Filters(string name)
    {
        if (!_all.TryGetValue(name, out var list))
            return [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostFilters || list.EnumerateArray().Any(f => f.ValueKind != JsonValueKind.Object))
            throw Invalid(name, $"a list of at most {MostFilters} objects with Key and Value");
        return [.. list.EnumerateArray().Select(f => new ActionParameters(f)).Select(f => (f.Text("Key"), f.Text("Value")))];
    }

    public static RefusedException Invalid(string name, string allowed) => new("InvalidParameterValue", $"The parameter {name} must be {allowed}.");

    static RefusedException Missing(string name) => new("MissingParameter", $"The parameter {name} is missing.");

    static string? TextOf(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw Invalid(name, "a text");
        try
        {
            return value.GetString() switch { "" => null, { Length: > LongestText } => throw Invalid(name, "shorter"), var text => text };
        }
        catch (InvalidOperationException)
        {
            throw Invalid(name, "a text (this has half a surrogate pair)");
        }
    }
}
