namespace Waybill.Devices;

/// <summary>The dialect names a product may list.</summary>
static class DialectNames
{
    public static IReadOnlyList<string> All { get; } = ["tencent-hub", "tencent-explorer", "dji"];

    public static bool IsKnown(string dialect) => All.Contains(dialect, StringComparer.Ordinal);

    public static bool IsTencent(string dialect) => dialect.StartsWith("tencent-", StringComparison.Ordinal);

    /// <summary>Whether a device can be told to fetch a file in this dialect.</summary>
    public static bool CanDownload(string dialect) => dialect is "tencent-hub";
}
