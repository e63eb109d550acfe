namespace Waybill.Devices;

/// <summary>The dialect names a product may list.</summary>
static class DialectNames
{
    public const string Dji = "dji";

    public static IReadOnlyList<string> All { get; } = ["tencent-hub", "tencent-explorer", Dji];

    public static bool IsKnown(string dialect) => All.Contains(dialect, StringComparer.Ordinal);

    public static bool IsTencent(string dialect) => dialect.StartsWith("tencent-", StringComparison.Ordinal);
}
