namespace Waybill.Devices;

/// <summary>What products and devices may be called.</summary>
static class RegistryNames
{
    public const string TencentProduct = "exactly 10 characters of A-Z, a-z, 0-9 (the product ID of a Tencent dialect)";
    public const string OtherProduct = "1 to 64 characters of A-Z, a-z, 0-9, _ and -";
    public const string Device = "1 to 48 characters of A-Z, a-z, 0-9, _ - : and .";

    // "thing" and "sys" begin the topics of DJI's dialect, "waybill" those of our own
    static readonly string[] s_reserved = ["thing", "sys", "waybill"];

    public static bool IsReserved(string product) => s_reserved.Contains(product, StringComparer.Ordinal);

    public static bool IsProduct(string name, IEnumerable<string> dialects) => dialects.Any(DialectNames.IsTencent)
        ? name.Length == TencentCredentials.ProductLength && name.All(char.IsAsciiLetterOrDigit)
        : name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    public static bool IsDevice(string name) =>
        name.Length is > 0 and <= 48 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or ':' or '.') && name is not "." and not "..";
}
