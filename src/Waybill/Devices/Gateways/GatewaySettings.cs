namespace Waybill.Devices.Gateways;

/// <summary>Who answers the gateways of a product.</summary>
enum GatewayMode
{
    /// <summary>We do.</summary>
    Owner = 0,

    /// <summary>Another server on the same broker: we listen, and give our own commands.</summary>
    Beside = 1,
}

/// <summary>What modes are called in the API.</summary>
static class GatewayModeNames
{
    static readonly string[] s_all = ["owner", "beside"];

    public static string Allowed { get; } = string.Join(" or ", s_all);

    public static bool IsKnown(string name) => s_all.Contains(name, StringComparer.Ordinal);

    public static GatewayMode Of(string name) => (GatewayMode)Array.IndexOf(s_all, name);

    public static string Name(GatewayMode mode) => s_all[(int)mode];
}

/// <summary>What gateways of a product are answered with; null where it is not set. Holds secrets, which its text does not show.</summary>
sealed record GatewaySettings
{
    public GatewayMode Mode { get; init; }
    public string? AppId { get; init; }
    public string? AppKey { get; init; }
    public string? AppLicense { get; init; }
    public string? NtpHost { get; init; }
    public int? NtpPort { get; init; }

    /// <summary>Of the storage that gateways upload to; null: this server's own.</summary>
    public string? Issuer { get; init; }

    /// <summary>Null: the issuer's own, or <see cref="UsualBucket"/>.</summary>
    public string? Bucket { get; init; }

    public const string UsualBucket = "dji";

    public override string ToString() => nameof(GatewaySettings);
}

/// <summary>A product of gateways as a batch needs it.</summary>
/// <param name="Settings">Of the product.</param>
/// <param name="Organizations">All.</param>
/// <param name="Bindings">Those asked for that there are, by serial number.</param>
sealed record GatewayProduct(GatewaySettings Settings, IReadOnlyList<Organization> Organizations, IReadOnlyDictionary<string, Binding> Bindings);
