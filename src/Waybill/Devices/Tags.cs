using System.Text;
using System.Text.Json;

namespace Waybill.Devices;

/// <summary>An operator's own words on a device: few, short.</summary>
static class Tags
{
    public const string Allowed = "at most 32 tags, names of 1 to 64 and values of at most 256 bytes, without control characters";

    public static bool AreValid(IReadOnlyDictionary<string, string> tags) => tags.Count <= 32 && tags.All(t => IsName(t.Key) && IsValue(t.Value));

    public static bool IsName(string name) => name.Length > 0 && IsText(name, 64);

    public static bool IsValue(string? value) => value is not null && IsText(value, 256);

    public static string Write(IReadOnlyDictionary<string, string> tags) =>
        JsonSerializer.Serialize(tags.OrderBy(t => t.Key, StringComparer.Ordinal).ToDictionary(), DeviceJson.Default.DictionaryStringString);

    public static Dictionary<string, string> Read(string text) => JsonSerializer.Deserialize(text, DeviceJson.Default.DictionaryStringString)!;

    /// <summary>How one tag stands in the written text.</summary>
    public static string Pair(string name, string value) => Write(new Dictionary<string, string> { [name] = value })[1..^1];

    static bool IsText(string text, int most) => Encoding.UTF8.GetByteCount(text) <= most && text.All(c => !char.IsControl(c)) && IsWhole(text);

    /// <summary>A lone surrogate cannot be stored as UTF-8.</summary>
    static bool IsWhole(string text) => !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') || Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
}
