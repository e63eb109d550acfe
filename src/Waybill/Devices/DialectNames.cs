using System.Collections.Concurrent;
using System.Text.Json;

namespace Waybill.Devices;

/// <summary>The dialect names a product may list.</summary>
static class DialectNames
{
    public const string Dji = "dji";

    static readonly ConcurrentDictionary<string, IReadOnlyList<string>> s_lists = new(StringComparer.Ordinal);

    public static IReadOnlyList<string> All { get; } = ["tencent-hub", "tencent-explorer", Dji];

    /// <summary>What a product's row holds, a JSON array; one list for all devices whose products hold the same.</summary>
    public static IReadOnlyList<string> Read(string json) =>
        s_lists.GetOrAdd(json, static json => JsonSerializer.Deserialize(json, DeviceJson.Default.StringArray)!);

    public static bool IsKnown(string dialect) => All.Contains(dialect, StringComparer.Ordinal);

    public static bool IsTencent(string dialect) => dialect.StartsWith("tencent-", StringComparison.Ordinal);
}
